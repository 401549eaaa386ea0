"""Self-evaluation forms made up for tests, in the layouts of several places: grids, PDFs and workbooks of them.

A `Made` form is consistent in itself: its sources add up, its rate is right, its points sum up. `LAYOUTS` print it as
rows in the notation of `tests.drawn_tables`, together with the figures that they print.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from random import Random

from openpyxl import Workbook

from tests.drawn_pdf import Drawing
from tests.drawn_tables import ABOVE, LEFT, raw_table

CENT = Decimal("0.01")
KINDS = [
    ("产出指标", "数量指标"), ("产出指标", "质量指标"), ("产出指标", "时效指标"), ("效益指标", "社会效益指标"),
    ("满意度指标", "服务对象满意度指标"),
]  # fmt: skip
NAMES = (
    "完成检查次数",
    "资料合格率",
    "按期完成率",
    "群众知晓率",
    "服务对象满意度",
    "培训人次",
    "设备完好率",
    "经费控制数",
)


@dataclass(frozen=True)
class Item:
    """One indicator."""

    first: str
    second: str
    name: str
    target: str
    actual: str
    weight: str
    score: str
    deviation: str = ""


@dataclass(frozen=True)
class Made:
    """One form: money by source as (initial, adjustment, actual), points as printed."""

    name: str
    sources: dict[str, tuple[Decimal, Decimal, Decimal]]
    items: tuple[Item, ...]
    execution: str
    unit: str = "某市某局本级"

    def money(self, *keys: str) -> tuple[str, str, str, str]:
        """Initial budget, adjustment, adjusted budget and spending of these sources together, as printed."""
        initial, adjustment, actual = (sum((self.sources[key][n] for key in keys), Decimal(0)) for n in range(3))
        return tuple(f"{value:.2f}" for value in (initial, adjustment, initial + adjustment, actual))

    def rate(self, *keys: str) -> str:
        *_, adjusted, actual = map(Decimal, self.money(*keys))
        return f"{(100 * actual / adjusted).quantize(CENT, ROUND_HALF_UP) if adjusted else Decimal(0):.2f}%"

    @property
    def score(self) -> str:
        return str(sum((Decimal(item.score) for item in self.items), Decimal(self.execution)))

    @property
    def points(self) -> set:
        return {
            (f"i{n}", measure, printed)
            for n, item in enumerate(self.items, 1)
            for measure, printed in (("weight", item.weight), ("score", item.score))
        }


def made(seed: int, sources: tuple[str, ...], execution: int = 10) -> Made:
    """A random form that is consistent."""
    random = Random(seed)
    money = {}
    for key in sources:
        initial = Decimal(random.choice([0, random.randrange(1, 9_999_999)])) * CENT
        adjustment = Decimal(random.randrange(-int(initial * 50), 500_000)) * CENT
        money[key] = (initial, adjustment, ((initial + adjustment) * random.randrange(50, 101) / 100).quantize(CENT))
    if not any(initial + adjustment for initial, adjustment, _ in money.values()):
        return made(seed + 1000, sources, execution)
    count = random.randrange(4, 9)
    cuts = sorted(random.sample(range(1, 100 - execution), count - 1))
    weights = [b - a for a, b in pairwise([0, *cuts, 100 - execution])]
    kinds = sorted(random.choices(range(len(KINDS)), k=count))
    items = tuple(
        Item(*KINDS[kind], name, f"≥{random.randrange(1, 99)}%", f"{random.randrange(50, 100)}%", str(weight),
             str(weight) if random.random() < 0.7 else f"{Decimal(weight) * random.randrange(50, 100) / 100:.1f}")
        for kind, name, weight in zip(kinds, NAMES, weights, strict=False)
    )  # fmt: skip
    form = Made(f"第{seed}号专项工作经费", money, items, "0")
    rate = Decimal(form.rate(*sources)[:-1])
    return replace(form, execution=f"{execution * min(rate, Decimal(100)) / 100:.2f}")


def spread(rows: list[list[str]]) -> list[list[str]]:
    """Equal names of levels that follow each other become one cell over their rows."""
    result = [list(row) for row in rows]
    for before, (row, now) in zip(rows, list(zip(rows, result, strict=True))[1:], strict=False):
        for column, text in enumerate(row[:2]):
            if row[: column + 1] == before[: column + 1] and text:
                now[column] = ABOVE
    return result


def figures(line: str, measures: str, printed) -> set:
    return {(line, measure, text) for measure, text in zip(measures.split(), printed, strict=True)}


def guangxi(seed: int) -> tuple[list[list[str]], set]:
    """Money with adjustments by level of government; the scores stand in labels above the indicators."""
    form = made(seed, ("superior", "local", "fund", "capital", "other"))
    every = tuple(form.sources)
    labels = [
        ("合计", LEFT, "total", every),
        ("其中：一般公共预算拨款", "其中：上级", "superior", ("superior",)),
        (ABOVE, "本级", "local", ("local",)),
        ("政府性基金", "——", "fund", ("fund",)),
        ("国有资本经营预算", "——", "capital", ("capital",)),
        ("其他资金", "——", "other", ("other",)),
    ]
    expected, money = set(form.points), []
    for one, two, line, keys in labels:
        a, b, c, d = form.money(*keys)
        money.append([ABOVE, one, two, a, b, LEFT, c, d, LEFT, form.rate(*keys)])
        expected |= figures(line, "initial adjustment adjusted actual rate", (a, b, c, d, form.rate(*keys)))
    items = spread(
        [[i.first, i.second, i.name, i.target, i.weight, i.actual, i.score, "按计划", ""] for i in form.items]
    )
    rows = [
        ["项目名称", LEFT, form.name, LEFT, LEFT, "项目编码", LEFT, "45020024031", LEFT, LEFT],
        ["项目实施单位", LEFT, form.unit, LEFT, LEFT, "主管部门", LEFT, "某市某局", LEFT, LEFT],
        ["预算执行情况（万元）", "资金来源", LEFT, "年初预算数", "年中预算调整数", LEFT, "调整后预算数", "实际支出数",
         LEFT, "预算执行率(%)"],
        *money,
        ["年度绩效目标", LEFT, "办好各项工作。", *[LEFT] * 7],
        ["自评得分（满分100分）", LEFT, form.score, LEFT, LEFT, "预算执行（10分）", LEFT, form.execution, LEFT, LEFT],
        ["衡量指标", "一级指标", "二级指标", "指标内容", "指标值", "分值", "实际完成值", "指标得分", "完成情况简要描述",
         "偏差原因及改进措施"],
        *([ABOVE, *row] for row in items),
        ["自评分析", "全年目标完成情况", LEFT, "各项工作都已办好。", *[LEFT] * 6],
        [ABOVE, "整改措施及建议", LEFT, "", *[LEFT] * 6],
    ]  # fmt: skip
    expected |= figures("score", "weight score", ("（满分100分）", form.score))
    return rows, expected | figures("execution", "weight score", ("（10分）", form.execution))


def central(seed: int) -> tuple[list[list[str]], set]:
    """The template of the ministry: 年初、全年预算数、全年执行数, points beside the money, a row of sums at the end."""
    form = made(seed, ("fiscal", "carryover", "other"))
    every = tuple(form.sources)
    expected, money = set(form.points), []
    labels = [
        ("年度资金总额：", "total"),
        ("其中：当年财政拨款", "fiscal"),
        ("上年结转资金", "carryover"),
        ("其他资金", "other"),
    ]
    for label, line in labels:
        keys = every if line == "total" else (line,)
        a, _, c, d = form.money(*keys)
        points = ("10", form.rate(*keys), form.execution) if line == "total" else ("—", "—", "—")
        money.append([ABOVE, label, LEFT, a, c, d, *points, LEFT])
        expected |= figures(line, "initial adjusted actual", (a, c, d))
        if line == "total":
            expected |= {(line, "rate", points[1]), *figures("execution", "weight score", (points[0], points[2]))}
    items = spread([[i.first, i.second, i.name, i.target, i.actual, i.weight, i.score, "", LEFT] for i in form.items])
    rows = [
        ["项目名称", LEFT, form.name, *[LEFT] * 7],
        ["主管部门", LEFT, "某市某局", LEFT, LEFT, "实施单位", form.unit, LEFT, LEFT, LEFT],
        ["项目资金（万元）", "", LEFT, "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分", LEFT],
        *money,
        ["年度总体目标", "预期目标", LEFT, LEFT, LEFT, "实际完成情况", LEFT, LEFT, LEFT, LEFT],
        [ABOVE, "办好各项工作。", LEFT, LEFT, LEFT, "各项工作都已办好。", LEFT, LEFT, LEFT, LEFT],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施",
         LEFT],
        *([ABOVE, *row] for row in items),
        ["总分", LEFT, LEFT, LEFT, LEFT, LEFT, "100", form.score, "", LEFT],
    ]  # fmt: skip
    return rows, expected | figures("score", "weight score", ("100", form.score))


def sichuan(seed: int) -> tuple[list[list[str]], set]:
    """Weights called 权重; target in three columns; the heading of the names speaks of a budget, too."""
    form = made(seed, ("fiscal", "account", "own", "other"))
    every = tuple(form.sources)
    expected, money = set(form.points), []
    labels = [("总额", "total"), ("其中：财政资金", "fiscal"), ("财政专户管理资金", "account"), ("单位资金", "own"),
              ("其他资金", "other")]  # fmt: skip
    for label, line in labels:
        keys = every if line == "total" else (line,)
        a, _, c, d = form.money(*keys)
        points = ("10", form.execution) if line == "total" else ("/", "/")
        money.append([ABOVE, label, LEFT, a, c, d, form.rate(*keys), *points, ""])
        expected |= figures(line, "initial adjusted actual rate", (a, c, d, form.rate(*keys)))
    items = spread(
        [[i.first, i.second, i.name, "≥", i.target[1:-1], "%", i.actual, i.weight, i.score] for i in form.items]
    )
    rows = [
        ["项目名称", LEFT, form.name, *[LEFT] * 7],
        ["主管部门", LEFT, "某县某局部门", LEFT, LEFT, "实施单位（盖章）", LEFT, form.unit, LEFT, LEFT],
        ["预算执行情况（10分）", "年度预算数（万元）", LEFT, "年初预算", "调整后预算数", "预算执行数", "预算执行率", "权重",
         "得分", "原因"],
        *money,
        ["绩效指标（90分）", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "完成值", "权重", "得分"],
        *([ABOVE, *row] for row in items),
        ["合计", LEFT, LEFT, LEFT, LEFT, LEFT, LEFT, LEFT, "100", form.score],
        ["评价结论", LEFT, "自评总分较高，项目实施取得了预期的成效，群众满意。", *[LEFT] * 7],
        ["项目负责人：某某", LEFT, LEFT, LEFT, "财务负责人：某某", *[LEFT] * 5],
    ]  # fmt: skip
    expected |= figures("execution", "weight score", ("10", form.execution))
    return rows, expected | figures("score", "weight score", ("100", form.score))


def yunnan(seed: int) -> tuple[list[list[str]], set]:
    """Amounts in yuan; sums and the grade under headings of their own."""
    form = made(seed, ("fiscal", "carryover", "nonfiscal"))
    every = tuple(form.sources)
    expected, money = set(form.points), []
    labels = [
        ("年度资金总额", "total"),
        ("其中：当年财政拨款", "fiscal"),
        ("上年结转资金", "carryover"),
        ("非财政拨款", "nonfiscal"),
    ]
    for label, line in labels:
        keys = every if line == "total" else (line,)
        a, _, c, d = form.money(*keys)
        points = ("10.00", form.rate(*keys), form.execution) if line == "total" else ("/", "/", "/")
        money.append([ABOVE, label, LEFT, a, c, d, *points])
        expected |= figures(line, "initial adjusted actual", (a, c, d))
        if line == "total":
            expected |= {(line, "rate", points[1]), *figures("execution", "weight score", (points[0], points[2]))}
    items = spread([[i.first, i.second, i.name, i.target, i.actual, i.weight, i.score, ""] for i in form.items])
    rows = [
        ["项目名称", LEFT, form.name, *[LEFT] * 6],
        ["主管部门", LEFT, "某市某局", LEFT, LEFT, "实施单位", LEFT, form.unit, LEFT],
        ["项目资金（元）", "", LEFT, "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        *money,
        ["项目支出绩效指标表", *[LEFT] * 8],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
        *([ABOVE, *row] for row in items),
        ["其他需要说明的事项", LEFT, "无", *[LEFT] * 6],
        ["总分", LEFT, LEFT, "总分值", LEFT, "总得分", LEFT, "自评等级", LEFT],
        [ABOVE, LEFT, LEFT, "100", LEFT, form.score, LEFT, "优", LEFT],
    ]  # fmt: skip
    return rows, expected | figures("score", "weight score", ("100", form.score))


def paired(seed: int) -> tuple[list[list[str]], set]:
    """The template of 2019: amounts beside their headings, spending beside the budget."""
    form = made(seed, ("fiscal", "other"), execution=10)
    every = tuple(form.sources)
    expected, money = set(form.points), []
    for label, line in (("其中：财政拨款", "fiscal"), ("其他资金", "other")):
        _, _, c, d = form.money(line)
        money.append([ABOVE, label, LEFT, c, label, LEFT, d, LEFT])
        expected |= figures(line, "adjusted actual", (c, d))
    _, _, c, d = form.money(*every)
    expected |= figures("total", "adjusted actual", (c, d))
    items = spread([[i.first, i.second, i.name, i.target, i.actual, i.weight, i.score] for i in form.items])
    rows = [
        ["项目名称", LEFT, form.name, *[LEFT] * 5],
        ["主管部门", LEFT, "某市某局", LEFT, "实施单位", LEFT, form.unit, LEFT],
        ["预算执行情况（万元）", "预算数：", LEFT, c, "执行数：", LEFT, d, LEFT],
        *money,
        ["年度总体目标", "年初设定目标", LEFT, LEFT, "年度总体目标完成情况综述", LEFT, LEFT, LEFT],
        [ABOVE, "办好各项工作。", LEFT, LEFT, "各项工作都已办好。", LEFT, LEFT, LEFT],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "预期指标值", "实际完成指标值", "分值", "自评得分"],
        *([ABOVE, *row] for row in items),
        ["自评总分", LEFT, LEFT, form.score, *[LEFT] * 4],
    ]  # fmt: skip
    return rows, expected | {("score", "score", form.score)}


def seed_2024() -> tuple[list[list[str]], set]:
    """The figures of the form in the report that the project began with, whose table is known by its text only."""
    nothing = ("0.0", "0.0", "0.0", "0.0", "0%")
    own = ("176.2", "0.0", "176.2", "60.6611", "34.43%")
    labels = [
        ("合计", LEFT, "total", ("176.2", "0", "176.2", "60.6611", "34.43%")),
        ("其中：一般公共预算拨款", "其中: 上级", "superior", nothing),
        (ABOVE, "本级", "local", own),
        ("政府性基金", "——", "fund", nothing),
        ("国有资本经营预算", "——", "capital", nothing),
        ("其他资金", "——", "other", nothing),
    ]
    points = [("数量指标", "20"), ("质量指标", "10"), ("时效指标", "10"), ("成本指标", "10"), ("社会效益", "30"),
              ("服务对象满意度", "10")]  # fmt: skip
    rows = [
        ["项目名称", LEFT, "一个号码管服务运行管理费", LEFT, LEFT, "项目编码", LEFT, "450200240310300006260", LEFT, LEFT],
        ["项目实施单位", LEFT, "103007-柳州市12345政务服务热线管理中心", LEFT, LEFT, "主管部门", LEFT,
         "103-柳州市人民政府办公室", LEFT, LEFT],
        ["预算执行情况\n(万元)", "资金来源", LEFT, "年初预算数", "年中预算调整数", LEFT, "调整后预算数", "实际支出数",
         LEFT, "预算执行率(%)"],
        *([ABOVE, one, two, a, b, LEFT, c, d, LEFT, rate] for one, two, _, (a, b, c, d, rate) in labels),
        ["年度绩效目标", LEFT, "及时解决群众反映的问题。", *[LEFT] * 7],
        ["自评得分（满分100分）", LEFT, "93.44", LEFT, LEFT, "预算执行（10分）", LEFT, "3.44", LEFT, LEFT],
        ["项目绩\n效目标\n衡量指\n标", "一级指标", "二级指标", "指标内容", "指标值", "分值", "实际完成值", "指标得分",
         "完成情况简要描\n述", "偏差原因及改进措施"],
        *([ABOVE, "产出指标" if n < 4 else "效益指标", second, f"内容{n}", "≥95%", weight, "达成预期指标", weight, "", ""]
          for n, (second, weight) in enumerate(points)),
        ["自评分\n析", "全年目标完成情\n况", LEFT, "各项工作都已办好。", *[LEFT] * 6],
    ]  # fmt: skip
    expected = {
        (f"i{n}", measure, weight) for n, (_, weight) in enumerate(points, 1) for measure in ("weight", "score")
    }
    for _, _, line, printed in labels:
        expected |= figures(line, "initial adjustment adjusted actual rate", printed)
    expected |= figures("score", "weight score", ("（满分100分）", "93.44"))
    return rows, expected | figures("execution", "weight score", ("（10分）", "3.44"))


LAYOUTS = {"guangxi": guangxi, "central": central, "sichuan": sichuan, "yunnan": yunnan, "paired": paired}
EDGES = [40, 90, 150, 240, 300, 360, 420, 480, 540, 600, 660]
TITLE = "项目支出绩效自评表"


def edges_of(rows: list[list[str]]) -> list[float]:
    return EDGES[: len(rows[0]) + 1]


def draw(*forms: list[list[str]], cut: int = 0, title: str = TITLE) -> bytes:
    """A PDF with one form on each page; with `cut`, the rows from there on follow on another page, without heading."""
    drawing = Drawing(width=700, height=900)
    for number, rows in enumerate(forms):
        if number:
            drawing.next_page()
        drawing.text(250, 60, title, size=14)
        parts = [rows[:cut], rows[cut:]] if cut else [rows]
        for part, piece in enumerate(parts):
            if part:
                drawing.next_page()
            _draw_grid(drawing, _opened(piece), edges_of(rows))
    return drawing.bytes()


def _opened(rows: list[list[str]]) -> list[list[str]]:
    """The rest of a table that was cut: cells that were merged with rows above begin in its first row, without text."""
    first = []
    for column, text in enumerate(rows[0]):
        first.append("" if text == ABOVE and not (column and first[-1] == LEFT) else text)
    return [first, *rows[1:]]


def _draw_grid(drawing: Drawing, rows: list[list[str]], edges: list[float]) -> None:
    for cell in raw_table(rows, edges=edges).cells:
        drawing.box(*cell.box, stroke=True)
        per_line = max(1, int((cell.box.x1 - cell.box.x0 - 4) // 5))
        lines = [cell.text[start : start + per_line] for start in range(0, len(cell.text), per_line)]
        size = 5 if len(lines) * 6 <= cell.box.bottom - cell.box.top else 15 / len(lines) / 1.2
        for number, line in enumerate(lines):
            drawing.text(cell.box.x0 + 2, cell.box.top + 6 + number * (size + 0.5), line, size=size)


def workbook(*forms: list[list[str]], title: str = TITLE) -> bytes:
    """A workbook with the forms below each other on one sheet."""
    book = Workbook()
    sheet = book.active
    top = 0
    for rows in forms:
        top += 1
        sheet.cell(top, 1, title)
        sheet.merge_cells(start_row=top, end_row=top, start_column=1, end_column=len(rows[0]))
        for cell in raw_table(rows).cells:
            sheet.cell(top + 1 + cell.row, 1 + cell.column, cell.text or None)
            if cell.row_span * cell.column_span > 1:
                sheet.merge_cells(
                    start_row=top + 1 + cell.row, end_row=top + cell.row + cell.row_span,
                    start_column=1 + cell.column, end_column=cell.column + cell.column_span,
                )  # fmt: skip
        top += len(rows)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
