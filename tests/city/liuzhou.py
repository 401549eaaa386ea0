"""The books of 柳州市12345政务服务热线管理中心 for 2024, as this unit published them, and for 2023.

`PRINTED_2024` are the figures of its report as they stand on the page (万元). A printed figure stands for a true
amount within 50 元; `LEDGERS` holds true amounts, in 分, that round to every one of the printed figures and add up
exactly (one of many solutions). 2023 is made to fit the changes that the 2024 narrative tells.
"""

from __future__ import annotations

from tests.city.ledger import Entry, Ledger

_CLASSES = {"201": "1,119.63", "208": "24.12", "210": "11.20", "221": "10.36"}
_LEAVES = {
    # 项: 合计, 基本支出, 项目支出
    "total": ("1,165.30", "959.54", "205.76"),
    "201": ("1,119.63", "913.87", "205.76"),
    "20103": ("1,119.63", "913.87", "205.76"),
    "2010301": ("60.66", "0.00", "60.66"),
    "2010302": ("121.23", "0.00", "121.23"),
    "2010399": ("937.75", "913.87", "23.87"),
    "208": ("24.12", "24.12", "0.00"),
    "20805": ("24.12", "24.12", "0.00"),
    "2080505": ("15.67", "15.67", "0.00"),
    "2080506": ("8.45", "8.45", "0.00"),
    "210": ("11.20", "11.20", "0.00"),
    "21011": ("11.20", "11.20", "0.00"),
    "2101101": ("6.66", "6.66", "0.00"),
    "2101103": ("4.54", "4.54", "0.00"),
    "221": ("10.36", "10.36", "0.00"),
    "22102": ("10.36", "10.36", "0.00"),
    "2210201": ("10.05", "10.05", "0.00"),
    "2210203": ("0.31", "0.31", "0.00"),
}
_ECONOMIC = {
    "301": "944.62", "30101": "30.66", "30102": "28.53", "30103": "32.11", "30108": "18.89", "30109": "8.45",
    "30110": "7.16", "30111": "4.54", "30112": "0.51", "30113": "10.50", "30199": "803.27",
    "302": "14.77", "30201": "2.82", "30205": "0.18", "30206": "1.00", "30207": "1.53", "30211": "2.74",
    "30228": "1.71", "30229": "0.49", "30299": "4.31", "303": "0.15", "30309": "0.15",
    "personnel_total": "944.77", "public_total": "14.77",
}  # fmt: skip

PRINTED_2024: dict[tuple[str, str, str], str] = {
    **{("income_expenditure", line, "amount"): amount for line, amount in _CLASSES.items()},
    **{
        ("income_expenditure", line, "amount"): "1,165.30"
        for line in (
            "general_public_budget",
            "current_year_income_total",
            "current_year_expenditure_total",
            "income_total",
            "expenditure_total",
        )
    },
    **{
        ("income", line, measure): total
        for line, (total, _, _) in _LEAVES.items()
        for measure in ("total", "fiscal_appropriation")
    },
    **{
        (form, line, measure): amount
        for form in ("expenditure", "general_budget")
        for line, amounts in _LEAVES.items()
        for measure, amount in zip(("total", "basic", "project"), amounts, strict=True)
    },
    **{
        ("fiscal_appropriation", line, measure): amount
        for line, amount in {
            **_CLASSES, "current_year_expenditure_total": "1,165.30", "expenditure_total": "1,165.30",
        }.items()
        for measure in ("total", "general")
    },
    **{
        ("fiscal_appropriation", line, "amount"): "1,165.30"
        for line in ("general_public_budget", "current_year_income_total", "income_total")
    },
    **{("basic_expenditure", line, "amount"): amount for line, amount in _ECONOMIC.items()},
    ("three_public", "total", "budget"): "0.22",
    ("three_public", "reception", "budget"): "0.22",
}  # fmt: skip
"""Every figure of the nine tables that is not 0.00; every other cell of the report prints 0.00."""


def _fen(yuan: str) -> int:
    whole, _, cents = yuan.partition(".")
    return int(whole) * 100 + int(cents.ljust(2, "0") or 0)


def _entry(code: str, basic: str = "0", project: str = "0", pool: str = "general") -> Entry:
    spent = {kind: _fen(yuan) for kind, yuan in (("basic", basic), ("project", project)) if yuan != "0"}
    return Entry(code, pool, {"fiscal_appropriation": sum(spent.values())}, spent)


_COUNTS = dict.fromkeys(
    (
        "vehicles", "vehicles_bought", "batches", "guests", "groups", "travellers",
        "goods", "works", "services", "small_firms", "smallest_firms",
    ),
    0,
)  # fmt: skip
_NO_TRAVEL = dict.fromkeys(("abroad", "vehicle_purchase", "vehicle_operation", "reception"), 0)

_YEAR_2023 = Ledger(
    entries=(
        _entry("2010301", project="964127"),
        _entry("2010302", project="882154"),
        _entry("2010399", basic="7494547", project="301102"),
        _entry("2080505", basic="116200"),
        _entry("2080506", basic="58120"),
        _entry("2101101", basic="69900"),
        _entry("2101103", basic="41220"),
        _entry("2210201", basic="103710"),
        _entry("2210203", basic="3100"),
        _entry("2120899", project="70000", pool="fund"),
    ),
    economic={
        code: _fen(yuan)
        for code, yuan in {
            "30101": "298700", "30102": "276300", "30103": "300200", "30108": "138200", "30109": "58200",
            "30110": "73000", "30111": "41300", "30112": "4600", "30113": "106600", "30199": "6483287",
            "30201": "19870", "30205": "1640", "30206": "9120", "30207": "13300", "30211": "17400",
            "30228": "14600", "30229": "4180", "30299": "25100", "30309": "1200",
        }.items()
    },
    final=dict(_NO_TRAVEL),
    budget=_NO_TRAVEL | {"reception": _fen("2200")},
    initial={
        code: _fen(yuan)
        for code, yuan in {
            "2010301": "1100000", "2010302": "900000", "2010399": "7600000", "2080505": "120000", "2080506": "60000",
            "2101101": "70000", "2101103": "42000", "2210201": "104000", "2210203": "0",
        }.items()
    },
    initial_basic={"301": _fen("7682000"), "302": _fen("112000"), "303": _fen("2000"), "310": 0},
    counts=_COUNTS | {"staff": 7, "posts": 10, "projects": 7, "assessed": _fen("2200000")},
)  # fmt: skip

_YEAR_2024 = Ledger(
    entries=(
        _entry("2010301", project="606611"),
        _entry("2010302", project="1212260"),
        _entry("2010399", basic="9138720", project="238735"),
        _entry("2080505", basic="156680"),
        _entry("2080506", basic="84484"),
        _entry("2101101", basic="66585"),
        _entry("2101103", basic="45377"),
        _entry("2210201", basic="100480"),
        _entry("2210203", basic="3080"),
    ),
    economic={
        code: _fen(yuan)
        for code, yuan in {
            "30101": "306600", "30102": "285300", "30103": "321100", "30108": "188900", "30109": "84500",
            "30110": "71600", "30111": "45400", "30112": "5100", "30113": "105000", "30199": "8032686",
            "30201": "28190", "30205": "1790", "30206": "9990", "30207": "15290", "30211": "27390",
            "30228": "17090", "30229": "4890", "30299": "43090", "30309": "1500",
        }.items()
    },
    final=dict(_NO_TRAVEL),
    budget=_NO_TRAVEL | {"reception": _fen("2200")},
    initial={
        code: _fen(yuan)
        for code, yuan in {
            "2010301": "1762000", "2010302": "931280", "2010399": "8019251", "2080505": "136600", "2080506": "68300",
            "2101101": "66600", "2101103": "47800", "2210201": "102400", "2210203": "0",
        }.items()
    },
    initial_basic={"301": _fen("8218549"), "302": _fen("207502"), "303": _fen("14900"), "310": 0},
    counts=_COUNTS | {"staff": 7, "posts": 10, "projects": 7, "assessed": _fen("2693300")},
)  # fmt: skip

LEDGERS = {2023: _YEAR_2023, 2024: _YEAR_2024}
