"""Names of budget units: made comparable, parted from their scope, and turned into stable ids."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256

from pipeline.wording import plain

_SCOPE = re.compile(r"(?:\((?:含)?(?:机关)?(?P<scope>本级|汇总)\)|(?P<bare>本级|汇总))$")
_LEVEL = re.compile(r"[（(](?:部门|单位)[)）]$")
"""Whose accounts these are, printed behind the name: a level of the report, no part of the name."""
_NATIONAL = re.compile(r"国家|全国|中国|中共中央|中央|国务院|最高人民")
_PLACE = re.compile(r"^(?:中共|中国共产党)?[\u4e00-\u9fff]{2,10}?(?:省|自治区|自治州|市|地区|盟|县|区|旗|兵团|镇|乡)")
_PARTY = re.compile(r"^(?:中共|中国共产党)")
_NO_PLACE = re.compile(r"^(?:市|区|县|省|州|旗|镇|乡)")


@lru_cache(maxsize=10_000)
def split_scope(name: str) -> tuple[str, str]:
    """A unit's name less white space and scope, and the scope: 本级 (its own books) or 汇总 (with its units)."""
    name = _LEVEL.sub("", "".join(name.split()))
    found = _SCOPE.search(plain(name))
    if not found:
        return name, ""
    scope = found["scope"] or found["bare"]
    return re.sub(r"[（(](?:含)?(?:机关)?(?:本级|汇总)[)）]$|(?:本级|汇总)$", "", name), scope


@lru_cache(maxsize=10_000)
def names_a_place(name: str) -> bool:
    """True if a name says where its unit is: 柳州市财政局, not 市财政局, nor 第一中学."""
    name = plain(name)
    return bool(_NATIONAL.match(name)) or (bool(_PLACE.match(name)) and not _NO_PLACE.match(name))


@lru_cache(maxsize=10_000)
def unit_id(name: str, region: str = "") -> str:
    """A stable id of a unit: the same for every spelling of its name, in every year, whatever the scope.

    A name that carries no place (第一小学, 市财政局) is told apart by the region of the portal that published it.
    "" for a unit without a name.
    """
    unit = plain(split_scope(name)[0])
    if not unit:
        return ""
    key = unit if names_a_place(unit) else f"{plain(region)}|{unit}"
    return "u" + sha256(key.encode()).hexdigest()[:12]


@lru_cache(maxsize=10_000)
def covered_ids(name: str, department: str, region: str = "") -> tuple[str, ...]:
    """The ids that a unit may have which a department's list calls `name`, the likeliest first.

    Lists leave out what goes without saying: 信息中心 is that of the department, 市第一中学 one of its city, and 局本级
    the department itself. A name that says its place stands for itself.
    """
    unit, scope = split_scope(name)
    whole = split_scope(department)[0]
    if names_a_place(unit):
        return (unit_id(unit, region),)
    if scope and len(unit) == 1:
        return (unit_id(whole, region),)
    place = _PLACE.match(plain(whole))
    names = [f"{whole}{unit}", unit]
    if place:
        names.insert(1, _PARTY.sub("", place[0]) + _NO_PLACE.sub("", unit))
    return tuple(dict.fromkeys(unit_id(candidate, region) for candidate in names))
