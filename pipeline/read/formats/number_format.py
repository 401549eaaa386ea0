"""Stored numbers as a spreadsheet shows them: number format codes as ECMA-376 part 1, 18.8.31 has them.

How many decimals a report prints decides how its sums are judged, so what is shown counts and not what is stored.
Colours, fill characters and the widths of padding are no text. Fractions are shown as plain numbers.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from pipeline.read.formats.dates import BUILT_IN_DATES, is_date, shown_date

GENERAL = "General"
_SIGNIFICANT = Context(
    prec=15, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation]
)  # what spreadsheets keep of a binary number
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
_LARGEST = 308  # powers of ten that a stored number can have
_GENERAL_WIDTH = 11  # characters of a number without a format of its own
_MONEY_DECIMALS = 6

BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: GENERAL,
    13: GENERAL, 5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;"¥"-#,##0', 7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;"¥"-#,##0.00', 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ', 43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ', 48: "##0.0E+0", 49: "@",
} | BUILT_IN_DATES  # fmt: skip
"""Format codes by the number under which files name them without spelling them out, as Chinese Excel has them."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|(?P<pad>_.)|(?P<fill>\*.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]'
    r"|\[(?P<operator><=|>=|<>|<|>|=)(?P<bound>-?[\d.]+)\]|(?P<mark>\[[^\]]*\])"
    r"|(?P<general>General|G/通用格式|常规)|(?P<exponent>E[+-])|(?P<special>[0#?.,%@])|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
_COMPARE = {
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
    "=": lambda value, bound: value == bound,
    "<>": lambda value, bound: value != bound,
}
_DIGITS = frozenset("0#?")


class _Section(NamedTuple):
    """One section of a code: its tokens (kind, text), and the condition under which it is used, if it names one."""

    tokens: tuple[tuple[str, str], ...]
    operator: str
    bound: Decimal
    code: str

    def has(self, kind: str, text: str = "") -> bool:
        return any(k == kind and (not text or t == text) for k, t in self.tokens)


def number_of(text: str) -> Decimal | None:
    """A stored number with the 15 digits that count; None if the text is none that a spreadsheet can hold."""
    try:
        value = _SIGNIFICANT.create_decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) <= _LARGEST else None


def shown(value: Decimal | str, code: str, *, since_1904: bool = False) -> str:
    """A stored number or text as a cell with this format code shows it, without padding at its sides.

    `since_1904`: days are counted from 1904, as old Macintosh files do.
    """
    sections = _sections(code)
    if isinstance(value, str):
        return _shown_text(value, sections)
    section, value = _chosen(sections, value)
    if is_date(section.code):
        date = shown_date(value, section.code, since_1904=since_1904)
        return general(value) if date is None else date
    return _shown_number(value, section).strip()


@lru_cache(maxsize=2000)
def _sections(code: str) -> tuple[_Section, ...]:
    sections: list[_Section] = []
    tokens: list[tuple[str, str]] = []
    operator, bound, start = "", Decimal(0), 0
    for found in _TOKEN.finditer(code):
        kind = found.lastgroup or ""
        if found["operator"]:
            operator, bound = found["operator"], number_of(found["bound"]) or Decimal(0)
        elif kind == "literal" and found[0] == ";":
            sections.append(_Section(tuple(tokens), operator, bound, code[start : found.start()]))
            tokens, operator, bound, start = [], "", Decimal(0), found.end()
        elif kind in {"quoted", "escaped", "currency", "literal"}:
            tokens.append(("literal", found[kind]))
        elif kind == "pad":
            tokens.append(("literal", " "))
        elif kind in {"special", "general", "exponent"}:
            tokens.append((kind, found[0]))
    return (*sections, _Section(tuple(tokens), operator, bound, code[start:]))


def _shown_text(text: str, sections: tuple[_Section, ...]) -> str:
    last = sections[-1]
    if not last.has("special", "@") and len(sections) <= 3:
        return text
    return "".join(text if token == ("special", "@") else token[1] for token in last.tokens).strip()


def _chosen(sections: tuple[_Section, ...], value: Decimal) -> tuple[_Section, Decimal]:
    """The section for a number, and the number as that section shows it: without its sign where the section tells it.

    Sections stand for positive, negative and zero unless they name conditions.
    """
    numeric = sections[:3]
    if any(section.operator for section in numeric):
        for section in numeric:
            if not section.operator or _COMPARE[section.operator](value, section.bound):
                below = section.operator in {"<", "<="} and section.bound <= 0
                return section, abs(value) if below else value
        return numeric[-1], value
    if len(numeric) > 1 and value < 0:
        return numeric[1], abs(value)
    if len(numeric) > 2 and value == 0:
        return numeric[2], value
    return numeric[0], value


def _shown_number(value: Decimal, section: _Section) -> str:
    sign = "-" if value < 0 else ""
    value = abs(value)
    if not section.tokens:
        return ""
    if section.has("literal", "/") and section.has("special", "?"):
        return sign + general(value)
    if section.has("general") or section.has("special", "@"):
        plain = {("special", "@"), *(t for t in section.tokens if t[0] == "general")}
        texts = [general(value) if token in plain else token[1] for token in section.tokens if token[0] != "special"]
        return sign + ("".join(texts) or general(value))
    if section.has("exponent"):
        return sign + _scientific(value, section)
    thousands, tokens = _scaling(section.tokens)
    whole, point, part = _divided(tokens)
    power = 2 * sum(token == ("special", "%") for token in tokens) - 3 * thousands
    scaled = _EXACT.multiply(value, Decimal(1).scaleb(power))
    decimals = sum(text in _DIGITS for kind, text in part if kind == "special")
    rounded = scaled.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _EXACT)
    digits, _, fraction = f"{rounded:f}".partition(".")
    return sign + _whole_part(whole, digits.lstrip("0")) + ("." if point else "") + _fraction(part, fraction)


_Tokens = list[tuple[str, str]]


def _divided(tokens: tuple[tuple[str, str], ...]) -> tuple[_Tokens, bool, _Tokens]:
    """The tokens before and after the decimal point, and whether there is one."""
    point = next((i for i, token in enumerate(tokens) if token == ("special", ".")), None)
    if point is None:
        return list(tokens), False, []
    return list(tokens[:point]), True, [token for token in tokens[point + 1 :] if token != ("special", ".")]


def _scaling(tokens: tuple[tuple[str, str], ...]) -> tuple[int, tuple[tuple[str, str], ...]]:
    """How many thousands the commas right behind the last digit divide by, and the tokens without those commas."""
    stop = max((i for i, (kind, text) in enumerate(tokens) if kind == "special" and text in _DIGITS), default=-1) + 1
    count = 0
    while stop and tokens[stop + count : stop + count + 1] == (("special", ","),):
        count += 1
    return count, tokens[:stop] + tokens[stop + count :]


def _whole_part(tokens: _Tokens, digits: str) -> str:
    """Digits laid into the placeholders from the right; the leftmost takes all that are left."""
    places = [i for i, (kind, text) in enumerate(tokens) if kind == "special" and text in _DIGITS]
    grouped = ("special", ",") in tokens
    out: list[str] = []
    count = 0
    for index in range(len(tokens) - 1, -1, -1):
        kind, text = tokens[index]
        if index not in places:
            out += [text] if kind == "literal" or text == "%" else []
            continue
        take = len(digits) if index == places[0] else 1
        taken = digits[len(digits) - take :] or ("0" if text == "0" else "")
        digits = digits[: len(digits) - take]
        for digit in reversed(taken):
            if grouped and count and count % 3 == 0:
                out.append(",")
            out.append(digit)
            count += 1
        if not taken and text == "?":
            out.append(" ")
    return "".join(reversed(out))


def _fraction(tokens: _Tokens, digits: str) -> str:
    kept = len(digits)
    marks = [text for kind, text in tokens if kind == "special" and text in _DIGITS]
    while kept and marks[kept - 1] != "0" and digits[kept - 1] == "0":
        kept -= 1
    out: list[str] = []
    place = 0
    for kind, text in tokens:
        if kind == "special" and text in _DIGITS:
            out.append(digits[place] if place < kept else "")
            place += 1
        elif kind == "literal" or text == "%":
            out.append(text)
    return "".join(out)


def _scientific(value: Decimal, section: _Section) -> str:
    start = next(i for i, (kind, _) in enumerate(section.tokens) if kind == "exponent")
    _, _, part = _divided(section.tokens[:start])
    return f"{float(value):.{sum(text in _DIGITS for _, text in part)}E}"


def general(value: Decimal) -> str:
    """A number without a format of its own: no trailing zeros, and no more than eleven characters if it is no money.

    Such cells show fewer decimals in narrow columns and for long numbers; that rounding nobody chose, and money has at
    most six decimals (yuan in units of ten thousand), so these are kept.
    """
    text = f"{value:f}"
    if len(text.partition(".")[2].rstrip("0")) > _MONEY_DECIMALS:
        whole = len(text.lstrip("-").partition(".")[0])
        decimals = max(_MONEY_DECIMALS, _GENERAL_WIDTH - 1 - whole)
        text = f"{value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _EXACT):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
