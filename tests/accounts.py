"""Reports at the level of facts, made by hand for the tests of judging: schema `core` without reading anything.

An `Account` says what the nine tables of one report print. Amounts are in 万元 as printed; `load` turns any number of
accounts into the core tables that the evaluator reads.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files
from typing import Any

from expectations.vocabulary import PF, T1, T2, T3, T4, T5, T6, TABLES, TF, TG, TS
from tests.tables import insert
from warehouse.titles import form_titles, measure_titles

Key = tuple[str, str, str]
WAN = Decimal(10_000)
MEASURES = {
    T1: ["amount"],
    T2: ["total", "fiscal_appropriation", "superior_subsidy", "institution_income", "operating_income",
         "affiliate_remittance", "other_income"],
    T3: ["total", "basic", "project", "payment_to_superior", "operating", "affiliate_subsidy"],
    T4: ["amount", "total", "general", "fund", "capital"],
    T5: ["total", "basic", "project"],
    T6: ["amount"],
    TF: ["opening", "income", "total", "basic", "project", "closing"],
    TS: ["opening", "income", "total", "basic", "project", "closing"],
    TG: ["budget", "final"],
}  # fmt: skip
TITLES = {
    T1: "收入支出决算总表", T2: "收入决算表", T3: "支出决算表", T4: "财政拨款收入支出决算总表",
    T5: "一般公共预算财政拨款支出决算表", T6: "一般公共预算财政拨款基本支出决算表",
    TF: "政府性基金预算财政拨款收入支出决算表", TS: "国有资本经营预算财政拨款支出决算表",
    TG: "财政拨款“三公”经费支出决算表",
}  # fmt: skip
COLUMN_TITLES = {"total": "合计", "basic": "基本支出", "project": "项目支出", "fiscal_appropriation": "财政拨款收入"}


@dataclass(frozen=True)
class Account:
    """What one report prints: `cells` in the printed unit, "" for a blank cell; `forms` overrides form readings."""

    report_id: str
    cells: dict[Key, str]
    unit_id: str = "甲局"
    fiscal_year: int = 2024
    scope: str = ""
    level: str = "单位"
    department_id: str = ""
    region: str = ""
    parts: tuple[int, ...] = (1, 2, 3, 4)
    money_unit: dict[str, int] = field(default_factory=dict)
    precision: dict[str, Decimal] = field(default_factory=dict)
    forms: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    name_status: dict[tuple[str, str], str] = field(default_factory=dict)
    confidence: dict[Key, float] = field(default_factory=dict)
    extra_rows: tuple[tuple[str, str, int, int], ...] = ()
    """Rows printed once more: form, line, row_no, page."""
    issues: tuple[tuple[str, str], ...] = ()
    """(kind, form)."""
    told: dict[Key, str] = field(default_factory=dict)
    """What the prose claims, by topic, line and measure, as printed: 1,165.30万元, -7万元, 35.74%, 3."""
    sections: tuple[tuple[str, int, int], ...] = ()
    """Sections of prose: topic, amounts in it, those that became claims."""
    said: tuple[dict[str, Any], ...] = ()
    """Claims as rows of core.claim, beside those of `told`: what is said twice, with a year, a reason, a sentence."""
    prose: tuple[dict[str, Any], ...] = ()
    """Sections as rows of core.section."""
    rows: dict[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    """Rows of core.project, core.project_figure, core.covered_unit."""

    def moved(self, key: Key, by: str, report_id: str) -> Account:
        """The same with one cell moved by so much in the printed unit."""
        amount = number(self.cells[key]) + Decimal(by)
        return replace(self, report_id=report_id, cells={**self.cells, key: f"{amount:.2f}"})

    def without(self, *keys: Key, report_id: str = "") -> Account:
        cells = {key: value for key, value in self.cells.items() if key not in keys}
        return replace(self, report_id=report_id or self.report_id, cells=cells)


def number(printed: str) -> Decimal:
    return Decimal(printed.replace(",", "") or 0)


def rounded(cells: dict[Key, int]) -> dict[Key, str]:
    """True amounts in 分 as they are printed: each one by itself rounded to 0.01 万元."""
    return {
        key: str((Decimal(amount) / 1_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP))
        for key, amount in cells.items()
    }


def level(line: str) -> int | None:
    return (len(line) - 1) // 2 if line.isdigit() else None


def load(con, *accounts: Account) -> None:
    """Create the core and ref tables with these reports."""
    con.execute("CREATE SCHEMA IF NOT EXISTS core; CREATE SCHEMA IF NOT EXISTS ref")
    rows = defaultdict(list)
    for account in accounts:
        _report(account, rows)
    for table, columns in _COLUMNS.items():
        insert(con, f"TABLE {table}", columns, rows[table])
    con.execute(
        files("warehouse")
        .joinpath("sql", "36_figure.sql")
        .read_text("utf-8")
        .replace("CREATE VIEW", "CREATE OR REPLACE VIEW")
    )


def _report(account: Account, rows: dict[str, list[dict[str, Any]]]) -> None:
    head = {"report_id": account.report_id, "document": account.report_id}
    about = {"unit_id": account.unit_id, "fiscal_year": account.fiscal_year}
    unit = {"unit": account.unit_id, "scope": account.scope, "parts": list(account.parts)}
    where = {"level": account.level, "department_id": account.department_id, "region": account.region}
    rows["core.report"].append({**head, **about, **unit, **where})
    rows["core.issue"] += [
        {"report_id": account.report_id, "kind": kind, "form": form} for kind, form in account.issues
    ]
    by_line: dict[tuple[str, str], list[Key]] = defaultdict(list)
    for key in account.cells:
        by_line[key[:2]].append(key)
    for row_no, ((form, line), keys) in enumerate(sorted(by_line.items()), 1):
        label = account.labels.get(line, f"名{line}")
        status = account.name_status.get((form, line), "same" if line.isdigit() else "line")
        place = {"report_id": account.report_id, "form": form, "line": line, "row_no": row_no, "label": label}
        tree = {"level": level(line), "parent": line[:-2] if (level(line) or 0) > 1 else None, "page": page(form)}
        rows["core.printed_row"].append({**place, **tree, "name_status": status})
        for key in keys:
            rows["core.cell"].append({**place, **tree, **about, **_money(account, key), "measure": key[2]})
    for form, line, row_no, on_page in account.extra_rows:
        place = {"report_id": account.report_id, "form": form, "line": line, "row_no": row_no, "page": on_page}
        rows["core.printed_row"].append({**place, "level": level(line), "parent": line[:-2], "name_status": "same"})
    rows["core.told"] += [
        {**about, **_claim(account, key, number), "row_no": number} for number, key in enumerate(account.told, 1)
    ]
    rows["core.claim"] += [_statement(account, key, number) for number, key in enumerate(account.told, 1)]
    place = {"report_id": account.report_id, "document": account.report_id}
    blank = {"direction": "", "reason": "", "sentence": "", "precision": "0", "confidence": 1.0}
    more = enumerate(account.said, len(account.told) + 1)
    rows["core.claim"] += [place | blank | {"claim_no": number} | claim for number, claim in more]
    rows["core.section"] += [place | section for section in account.prose]
    for table, added in account.rows.items():
        rows[table] += [place | row for row in added]
    rows["core.section"] += [
        {"report_id": account.report_id, "topic": topic, "title": topic, "amounts": amounts, "claimed": claimed}
        for topic, amounts, claimed in account.sections
    ]
    for form in {form for form, _, _ in account.cells} | set(account.forms):
        if account.forms.get(form, {}) is not None:
            rows["core.form_reading"].append(_reading(account, form))


def _money(account: Account, key: Key) -> dict[str, Any]:
    printed = account.cells[key]
    unit = account.money_unit.get(key[0], 10_000)
    precision = account.precision.get(key[0], unit * Decimal("0.01"))
    return {
        "amount": str(number(printed) * unit), "precision": str(precision if printed else 0), "printed": printed,
        "money_unit": unit, "x0": 1, "top": 2, "x1": 3, "bottom": 4, "document": account.report_id,
        "confidence": account.confidence.get(key, 1.0),
    }  # fmt: skip


def _claim(account: Account, key: Key, number_: int) -> dict[str, Any]:
    (topic, line, measure), printed = key, account.told[key]
    digits = printed.rstrip("%万元")
    unit = 10_000 if printed.endswith("万元") else 1
    is_code = line.isdigit() and len(line) in {3, 5, 7}
    decimals = len(digits.partition(".")[2])
    tree = (level(line), line[:-2] if len(line) > 3 else "") if is_code else (0, "")
    if topic == PF:
        tree = _of_project(*line.split("."), measure)
    return {
        "report_id": account.report_id, "document": account.report_id, "form": topic, "line": line, "measure": measure,
        "level": tree[0], "parent": tree[1],
        "label": account.labels.get(line, f"名{line}"), "amount": str(number(digits) * unit),
        "precision": str(unit * Decimal(1).scaleb(-decimals) if number(digits) else 0), "printed": printed.lstrip("-"),
        "money_unit": unit if printed.endswith("元") else 0,
        "unit": "percent" if printed.endswith("%") else "yuan" if printed.endswith("元") else
        "point" if measure == "score" else "piece",
        "page": 14, "x0": number_, "top": 2, "x1": 3 + number_, "bottom": 4,
        "confidence": account.confidence.get(key, 1.0),
    }  # fmt: skip


def _of_project(project: str, line: str, measure: str) -> tuple[int, str]:
    """Level and parent of a figure of a self-evaluation form, in which all sources and indicators are printed."""
    points = {"total": (1, ""), "score": (4, ""), "execution": (5, "score")}
    rank, parent = points.get(line, (6, "score") if line.startswith("i") else (3, "total"))
    return rank, f"{project}.{parent}" if parent and measure != "rate" else ""


def _statement(account: Account, key: Key, number_: int) -> dict[str, Any]:
    """The same claim as a row of core.claim."""
    told = _claim(account, key, number_)
    same = {"topic": told["form"], "value": told["amount"], "claim_no": number_}
    return {"direction": "", "reason": "", "sentence": "", **same} | {
        name: told[name] for name in _COLUMNS["core.claim"] if name in told
    }


def _reading(account: Account, form: str) -> dict[str, Any]:
    count = sum(1 for key, printed in account.cells.items() if key[0] == form and printed)
    unit = account.money_unit.get(form, 10_000)
    known = {
        "report_id": account.report_id, "form": form, "title": TITLES[form], "first_page": page(form),
        "money_unit": unit, "precision": str(account.precision.get(form, unit * Decimal("0.01"))), "measures": MEASURES[form], "numbers": count,
        "lifted": count, "blank": count == 0, "note": "",
    }  # fmt: skip
    return known | (account.forms.get(form) or {})


def page(form: str) -> int:
    return list(TABLES.values()).index(form) + 5


_TEXT = "VARCHAR"
_CELL = {"report_id": _TEXT, "unit_id": _TEXT, "fiscal_year": "INTEGER", "form": _TEXT, "line": _TEXT,
         "measure": _TEXT, "level": "INTEGER", "parent": _TEXT, "label": _TEXT, "subject": _TEXT, "amount": "DECIMAL(18,4)",
         "precision": "DECIMAL(18,4)", "printed": _TEXT, "money_unit": "INTEGER", "page": "INTEGER",
         "x0": "FLOAT", "top": "FLOAT", "x1": "FLOAT", "bottom": "FLOAT", "row_no": "INTEGER",
         "confidence": "FLOAT", "document": _TEXT}  # fmt: skip
_COLUMNS = {
    "core.report": {"report_id": _TEXT, "document": _TEXT, "unit_id": _TEXT, "unit": _TEXT, "fiscal_year": "INTEGER",
                    "scope": _TEXT, "level": _TEXT, "department": _TEXT, "department_id": _TEXT, "region": _TEXT, "parts": ["INTEGER"]},
    "core.unit": {"unit_id": _TEXT, "series": _TEXT},
    "core.form_reading": {"report_id": _TEXT, "form": _TEXT, "title": _TEXT, "first_page": "INTEGER",
                          "money_unit": "INTEGER", "precision": "DECIMAL(18,4)", "measures": [_TEXT], "numbers": "INTEGER", "lifted": "INTEGER",
                          "blank": "BOOLEAN", "note": _TEXT},
    "core.cell": _CELL,
    "core.told": {**_CELL, "unit": _TEXT},
    "core.section": {"report_id": _TEXT, "document": _TEXT, "section": "INTEGER", "part": "INTEGER", "level": "INTEGER", "topic": _TEXT,
                     "title": _TEXT, "text": _TEXT, "page": "INTEGER", "amounts": "INTEGER", "claimed": "INTEGER"},
    "core.claim": {"report_id": _TEXT, "document": _TEXT, "claim_no": "INTEGER", "topic": _TEXT, "line": _TEXT,
                   "measure": _TEXT, "label": _TEXT, "value": "DECIMAL(18,4)", "precision": "DECIMAL(18,4)",
                   "unit": _TEXT, "printed": _TEXT, "direction": _TEXT, "year": "INTEGER", "reason": _TEXT,
                   "sentence": _TEXT, "page": "INTEGER", "confidence": "FLOAT"},
    "core.covered_unit": {"report_id": _TEXT, "name": _TEXT, "remark": _TEXT, "page": "INTEGER", "unit_id": _TEXT},
    "core.project": {"report_id": _TEXT, "document": _TEXT, "project": "INTEGER", "kind": _TEXT, "name": _TEXT,
                     "first_page": "INTEGER"},
    "core.project_figure": {"report_id": _TEXT, "document": _TEXT, "project": "INTEGER", "line": _TEXT,
                            "measure": _TEXT, "value": "DECIMAL(18,4)", "precision": "DECIMAL(18,4)", "printed": _TEXT,
                            "page": "INTEGER", "confidence": "FLOAT"},
    "core.printed_row": {"report_id": _TEXT, "form": _TEXT, "line": _TEXT, "row_no": "INTEGER", "label": _TEXT,
                         "level": "INTEGER", "parent": _TEXT, "page": "INTEGER", "name_status": _TEXT},
    "core.issue": {"report_id": _TEXT, "kind": _TEXT, "form": _TEXT},
    "ref.form": {"form": _TEXT, "title": _TEXT},
    "ref.form_measure": {"form": _TEXT, "measure": _TEXT, "title": _TEXT},
    "ref.functional_subject": {"code": _TEXT, "name": _TEXT},
    "ref.economic_subject": {"code": _TEXT, "name": _TEXT},
}  # fmt: skip


def catalogue(con) -> None:
    """Fill the reference tables with the titles of the forms and columns."""
    forms = [{"form": form, "title": title} for form, title in (form_titles() | TITLES).items()]
    insert(con, "TABLE ref.form", _COLUMNS["ref.form"], forms)
    titles = [
        {"form": form, "measure": measure, "title": COLUMN_TITLES.get(measure, measure)}
        for form, measures in MEASURES.items()
        for measure in measures
    ]
    titles += [
        {"form": form, "measure": measure, "title": title}
        for (form, measure), title in measure_titles().items()
        if form not in MEASURES
    ]
    insert(con, "TABLE ref.form_measure", _COLUMNS["ref.form_measure"], titles)
