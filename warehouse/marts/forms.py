"""One view for every declared form, generated from the declarations: a new form has its view by being declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.marts.view import FILE, GROUPED, HEAD, Column, View, tail

if TYPE_CHECKING:
    from pipeline.forms import Form


def form_view(form: Form) -> View:
    """The rows of a form in all reports, with a column for each of its measures."""
    measures = tuple(
        Column(
            title,
            f"any_value(c.amount) FILTER (c.measure = '{measure}')",
            f"{title}（元）；表中没有这一栏的为空",
        )
        for measure, title in form.measures.items()
    )
    side = Column(
        "收支",
        "CASE any_value(l.side) WHEN 'income' THEN '收入' WHEN 'expenditure' THEN '支出' END",
        "在收入一侧还是支出一侧",
    )
    page, *links = tail("min(c.page)", "这一行所在的页")
    return View(
        form.title,
        f"{form.title}：现行版本，每份报告的每一行一行，金额单位元",
        (
            *HEAD,
            *([side] if form.sides else []),
            Column("科目编码", "CASE WHEN regexp_full_match(c.line, '[0-9]+') THEN c.line END", "固定行（如合计）为空"),
            Column(
                "科目名称",
                "coalesce(nullif(any_value(l.title), ''), nullif(any_value(c.subject), ''), any_value(c.label))",
                "科目的标准名称或固定行的行名；编码未见过的照印出的文字",
            ),
            Column("级次", "nullif(any_value(c.level), 0)", "科目级次：1 类、2 款、3 项；固定行为空"),
            *measures,
            Column("行序", "min(c.row_no)", "行在表中的序号，可用以照原表排列"),
            page,
            FILE,
            *links,
        ),
        f"""
        FROM core.cell c
        JOIN mart.report r ON r.report_id = c.report_id
        LEFT JOIN ref.form_line l ON l.form = c.form AND l.line = c.line
        WHERE c.form = '{form.key}'
        GROUP BY {GROUPED}, c.line
        """,
    )
