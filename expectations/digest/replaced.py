"""Two versions of one report, cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.digest.compare import Change

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from expectations.digest.compare import Item

EXAMPLES = 3


def differences(con: duckdb.DuckDBPyConnection, items: Iterable[Item]) -> dict[str, str]:
    """For every replaced report among `items`, by the subject's key, a sentence on what is different.

    A line that is printed several times counts as one cell, with all that it prints; a blank cell is no cell.
    """
    return {
        item.subject.key: _sentence(con, item.before.partition("|")[2], item.subject.mark)
        for item in items
        if item.change is Change.REPLACED
    }


def _sentence(con: duckdb.DuckDBPyConnection, old: str, new: str) -> str:
    ((had, has, same_url, changed, examples),) = con.execute(_COMPARED, {"old": old, "new": new}).fetchall()
    how = "同一网址的文件被替换" if same_url else "另行公开了新的版本"
    if not had or not has:
        return f"{how}；{'上一版' if not had else '新版'}没有读出数字，无法逐格比较。"
    if not changed:
        return f"{how}；与上一版相比，九张表的数字没有变化。"
    cells = "；".join(
        f"《{title}》{label}“{column}”由{a or '空白'}改为{b or '空白'}" for title, label, column, a, b in examples
    )
    return f"{how}；与上一版相比，{changed}个单元格的数字不同：{cells}{'等' if changed > len(examples) else ''}。"


_COMPARED = f"""
    WITH side AS (
        SELECT starts_with(document, $new) AS is_new, form, line, measure, any_value(label) AS label,
            list_sort(list(amount)) AS amounts, string_agg(printed, ' + ' ORDER BY row_no) AS printed,
            min(page) AS page, min(row_no) AS row_no
        FROM core.fact
        WHERE (starts_with(document, $new) OR starts_with(document, $old)) AND printed <> ''
        GROUP BY ALL
    ), changed AS (
        SELECT form, line, measure, coalesce(n.label, o.label) AS label, o.printed AS a, n.printed AS b,
            coalesce(n.page, o.page) AS page, coalesce(n.row_no, o.row_no) AS row_no
        FROM (FROM side WHERE NOT is_new) o
        FULL JOIN (FROM side WHERE is_new) n USING (form, line, measure)
        WHERE o.amounts IS DISTINCT FROM n.amounts
    )
    SELECT
        (SELECT count(*) FROM side WHERE NOT is_new),
        (SELECT count(*) FROM side WHERE is_new),
        EXISTS (
            FROM raw.publication a JOIN raw.publication b USING (url)
            WHERE starts_with(a.document, $old) AND starts_with(b.document, $new)
        ),
        (SELECT count(*) FROM changed),
        (
            SELECT list((t.title, c.label, m.title, c.a, c.b) ORDER BY c.page, c.row_no, c.measure)
            FROM (FROM changed ORDER BY page, row_no, measure LIMIT {EXAMPLES}) c
            JOIN ref.form t USING (form)
            JOIN ref.form_measure m USING (form, measure)
        )
"""
