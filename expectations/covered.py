"""How the list of units in a department's report is understood, once for all that reads it: as macros of DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_MACROS = r"""
-- the name of a unit without what only says how far a report goes
CREATE OR REPLACE TEMP MACRO bare_name(name) AS
    regexp_replace(name, '[（(]?本级[）)]?|[（）()“”\s]|机关$', '', 'g');
-- accounts of which the list says that they are part of others
CREATE OR REPLACE TEMP MACRO is_within(remark) AS
    regexp_matches(remark, '不单列|不单独|并入|未独立|非独立|合并编制|不独立');
-- the department itself
CREATE OR REPLACE TEMP MACRO is_own(name, department) AS
    regexp_matches(name, '本级|机关$') OR bare_name(name) = bare_name(department);
-- one is called as the other, more or less of the name being printed
CREATE OR REPLACE TEMP MACRO is_alike(one, other) AS
    contains(bare_name(one), bare_name(other)) OR contains(bare_name(other), bare_name(one));
-- a name that begins with that of a place: 柳州市第一中学, not 市第一中学
CREATE OR REPLACE TEMP MACRO says_place(name) AS
    regexp_matches(name, '^(中共)?[\x{4e00}-\x{9fff}]{2,6}?(省|自治区|自治州|市|地区|盟|县|区|旗).');
-- a name without the place in front of it, as titles on the place's own site leave it out; whole where little is left
CREATE OR REPLACE TEMP MACRO short_name(name) AS regexp_replace(
    name, '^(中共)?[\x{4e00}-\x{9fff}]{2,6}?(省|自治区|自治州|市|地区|盟|县|区|旗)(.{4,})$', '\3');
-- the characters of one, in their order, are among those of the other: 疾控中心 may be short for 疾病预防控制中心
CREATE OR REPLACE TEMP MACRO is_short_for(one, other) AS
    list_has_all(string_split(bare_name(other), ''), string_split(bare_name(one), ''))
    AND regexp_matches(bare_name(other), array_to_string(
        list_transform(string_split(bare_name(one), ''), lambda c: regexp_escape(c)), '.*'));
-- both may be the name of one unit, of which one may leave out its place and abbreviate the rest
CREATE OR REPLACE TEMP MACRO may_be(one, other) AS
    is_short_for(one, other) OR is_short_for(other, one)
    OR is_short_for(short_name(one), other) AND NOT says_place(other)
    OR is_short_for(short_name(other), one) AND NOT says_place(one);
"""


def create_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Create the macros: bare_name, is_within, is_own, is_alike, says_place, short_name, is_short_for, may_be."""
    con.execute(_MACROS)
