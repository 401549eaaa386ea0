"""How the command line puts rows before people and machines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]


def plain(value: object) -> object:
    """A value as JSON takes it: amounts as decimal strings without loss, dates in ISO form."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def as_json(value: object) -> str:
    """Indented JSON, Chinese readable."""
    return json.dumps(plain(value), ensure_ascii=False, indent=2)


def as_csv(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """RFC 4180 text with a header line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_flat(row[column]) for column in columns] for row in rows)
    return out.getvalue()


def as_table(rows: Sequence[Row], titles: Mapping[str, str]) -> None:
    """Print a table with Chinese headings; numbers to the right, as wide as the terminal allows."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for column, title in titles.items():
        number = any(isinstance(row[column], int | float | Decimal) for row in rows)
        table.add_column(title, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_flat(row[column]) for column in titles))
    Console(highlight=False, markup=False).print(table)


def yuan(value: Decimal | None) -> str:
    """An amount of yuan with thousands separators and two decimals, "" for none."""
    return "" if value is None else f"{value:,.2f}"


def _flat(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(plain(value), ensure_ascii=False) if isinstance(value, list | tuple | dict) else str(value)
