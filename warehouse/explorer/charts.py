"""Charts as SVG, drawn by pygal: without scripts, safe for colour-blind eyes, readable on paper and on a phone.

Amounts are given in 元 and drawn in 万元. The page that shows a chart has the same numbers as a table beside it.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pygal
from pygal.style import Style
from starlette.responses import Response

from warehouse.explorer.kept import mark, unchanged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from warehouse.explorer.asked import Asked

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C8C8C", "#F0E442")
"""The palette of Okabe and Ito: told apart by colour-blind readers, and by their greys on paper."""

MOST_BARS = 8
"""Bars of a composition; what is smaller goes together."""

_DARK, _LIGHT = "#1c2733", "#ffffff"
_LETTERS = "“Noto Sans CJK SC”, “Microsoft YaHei”, “PingFang SC”, sans-serif".translate({0x201C: "'", 0x201D: "'"})
_WIDTH, _LABEL = 460, 13
_WITHIN = (_LIGHT, _DARK, _LIGHT, _DARK, _DARK, _LIGHT, _LIGHT, _DARK)
"""Colours of numbers that stand in the bars."""


def answer(asked: Asked, draw: Callable[[], bytes]) -> Response:
    """A chart as an answer of its own; it is not drawn for who has that of the same edition."""
    tag = mark(asked.edition, f"{asked.request.url.path}?{asked.request.url.query}")
    policy = "default-src 'none'; style-src 'unsafe-inline'"  # of the picture alone, whose colours are in it
    headers = {"Content-Security-Policy": policy, "Cache-Control": "private, no-cache", "ETag": tag}
    if unchanged(asked.request, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(draw(), media_type="image/svg+xml", headers=headers)


def composition(parts: Mapping[str, Decimal]) -> bytes:
    """Shares of a whole as bars, greatest first; `parts` are amounts by name."""
    ordered = sorted(((name, amount) for name, amount in parts.items() if amount), key=lambda part: -part[1])
    if len(ordered) > MOST_BARS:
        rest = sum((amount for _, amount in ordered[MOST_BARS - 1 :]), Decimal())
        ordered = [*ordered[: MOST_BARS - 1], ("其余各项", rest)]
    names = [name for name, _ in reversed(ordered)]
    chart = pygal.HorizontalBar(**_options(70 + 30 * max(1, len(ordered)), names, show_legend=False, margin_right=76))
    chart.config.css.append("inline:.text-overlay text.value { text-anchor: start; }")
    chart.add("万元", [_wan(amount) for _, amount in reversed(ordered)])
    chart.add_xml_filter(_beside_bars)
    return _svg(chart)


def years(series: Mapping[str, Sequence[Decimal | None]], labels: Sequence[int], *, stacked: bool = False) -> bytes:
    """Amounts of several series over years, oldest first, as bars side by side or on one another."""
    kind, position = (pygal.StackedBar, "center") if stacked else (pygal.Bar, "top")
    chart = kind(
        **_options(
            320,
            (),
            within=stacked,
            formatter=_amount_within if stacked else _amount,
            print_values_position=position,
            show_legend=len(series) > 1,
            legend_at_bottom=True,
            legend_at_bottom_columns=len(series),
        )
    )
    chart.x_labels = [f"{label}年" for label in labels]
    for name, amounts in series.items():
        chart.add(name, [None if amount is None else _wan(amount) for amount in amounts])
    return _svg(chart)


def shares(wholes: Sequence[tuple[str, Mapping[str, Decimal]]]) -> bytes:
    """The compositions of several wholes, named, each as one bar of 100%; parts beyond the palette go together."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for _, parts in wholes:
        for name, amount in parts.items():
            totals[name] += amount
    names = sorted(totals, key=lambda name: -totals[name])
    groups = [[name] for name in names[: MOST_BARS - 1]]
    if rest := names[MOST_BARS - 1 :]:
        groups.append(rest)
    rows = -(-len(groups) // 2)
    upwards = [*reversed(wholes)]
    chart = pygal.HorizontalStackedBar(
        **_options(
            96 + 44 * len(wholes) + 20 * rows,
            [label for label, _ in upwards],
            within=True,
            formatter=_percent,
            print_values_position="center",
            margin_bottom=10 + 8 * rows,
            legend_at_bottom=True,
            legend_at_bottom_columns=2,
        )
    )
    for group in groups:
        title = group[0] if len(group) == 1 else "其余各项"
        chart.add(title, [_share(parts, group) for _, parts in upwards])
    return _svg(chart)


def _share(parts: Mapping[str, Decimal], names: Sequence[str]) -> float:
    whole = sum(parts.values())
    return float(sum(parts.get(name, 0) for name in names) / whole * 100) if whole else 0.0


def _wan(amount: Decimal) -> float:
    return float(amount / 10_000)


def _percent(share: float) -> str:
    return f"{share:.0f}%" if share >= 7 else ""  # there is no room for less


def _amount(value: float) -> str:
    return f"{value:,.2f}" if abs(value) < 1000 else f"{value:,.0f}"


@cache
def _style(*, within: bool) -> Style:
    return Style(
        background="white",
        plot_background="white",
        foreground=_DARK,
        foreground_strong=_DARK,
        foreground_subtle="#5a6775",
        guide_stroke_color="#d6dde4",
        major_guide_stroke_color="#d6dde4",
        guide_stroke_dasharray="none",
        major_guide_stroke_dasharray="none",
        opacity="1",
        opacity_hover="1",
        transition="0s",
        colors=COLOURS,
        value_colors=_WITHIN if within else (_DARK,) * len(COLOURS),
        font_family=_LETTERS,
        label_font_size=13,
        major_label_font_size=13,
        legend_font_size=13,
        value_font_size=13,
        title_font_size=15,
        no_data_font_size=16,
    )


def _amount_within(value: float) -> str:
    return _amount(value) if value else ""  # a part without height


def _options(height: int, labels: Sequence[str], *, within: bool = False, **more: Any) -> dict[str, Any]:
    """The options of a chart; pygal takes the letters of `labels`, left of the bars, for half as wide as they are."""
    shown = [label[:_LABEL] for label in labels]
    return {
        "style": _style(within=within),
        "width": _WIDTH,
        "height": height,
        "margin": 10,
        "margin_left": 10 + round(max((len(label) for label in shown), default=0) * 13 * 0.42),
        "x_labels": shown,
        "spacing": 8,
        "js": (),
        "print_values": True,
        "print_values_position": "top",
        "formatter": _amount,
        "no_data_text": "没有数据",
        "disable_xml_declaration": True,
        "max_scale": 6,
        "truncate_legend": 10,
        **more,
    }


def _svg(chart: Any) -> bytes:
    chart.uuid = "1"  # the same numbers give the same bytes
    chart.add_xml_filter(_without_scripts)
    svg: str = chart.render()
    return svg.encode()


def _without_scripts(root: Any) -> Any:
    for parent in [*root.iter()]:
        for child in [*parent]:
            if str(child.tag).endswith("}script") or child.tag == "script" or not isinstance(child.tag, str):
                parent.remove(child)
    return root


def _beside_bars(root: Any) -> Any:
    for text in root.iter("{*}text"):
        if "value" in (text.get("class") or "").split():
            text.set("dx", "5")
    return root
