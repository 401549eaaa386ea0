"""Writes marks of pages as an OFD file, in the ways in which different producers write the same marks."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.read.glyphs import Glyph
    from pipeline.read.ink import Ink, Rule

MM = 25.4 / 72
NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_TURNS = {0: "1 0 0 1", 90: "0 1 -1 0", 180: "-1 0 0 -1", 270: "0 -1 1 0"}


@dataclass(frozen=True)
class Manner:
    """How a producer writes: `steps` are plain, packed (g n d), or left out with one character a code.

    `filled`: rules are thin filled rectangles; `template`: rules lie on a template under the page; `turned`: the page
    lies on its side and everything on it is turned back by matrices; `glyphs`: codes carry glyph ids; `grouped`:
    objects lie in blocks and a composite object; `parameters`: line width and colour stand in the resources.
    """

    steps: str = "packed"
    filled: bool = False
    template: bool = False
    turned: bool = False
    glyphs: bool = False
    grouped: bool = False
    parameters: bool = False


def ofd(pages: list[Ink], manner: Manner = Manner()) -> bytes:
    """The file. Annotations on the last page and a hidden object on every page say what must not be read."""
    parts = {
        "OFD.xml": _xml("OFD", f"<ofd:DocBody><ofd:DocInfo/>{_tag('DocRoot', 'Doc_0/Document.xml')}</ofd:DocBody>")
    }
    composites, templates = "", ""
    for index, ink in enumerate(pages):
        rules, text = _rules(ink, manner), _text(ink, manner) + _HIDDEN
        link = ""
        if manner.grouped:
            composites += f'<ofd:CompositeGraphicUnit ID="{900 + index}" Width="500" Height="500"><ofd:Content>{rules}</ofd:Content></ofd:CompositeGraphicUnit>'
            rules = f'<ofd:PageBlock ID="7"><ofd:CompositeObject ID="8" Boundary="0 0 500 500" ResourceID="{900 + index}"/></ofd:PageBlock>'
        if manner.template:
            name = f"Tpls/Tpl_{index}/Content.xml"
            templates += f'<ofd:TemplatePage ID="{500 + index}" BaseLoc="{name}"/>'
            parts[f"Doc_0/{name}"] = _page(ink, rules, manner)
            rules, link = "", f'<ofd:Template TemplateID="{500 + index}" ZOrder="Background"/>'
        parts[f"Doc_0/Pages/Page_{index}/Content.xml"] = _page(ink, rules + text, manner, link)
    listed = "".join(f'<ofd:Page ID="{100 + i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
    parts["Doc_0/DocumentRes.xml"] = _xml(
        "Res",
        f'<ofd:DrawParams><ofd:DrawParam ID="3" LineWidth="0.2"/><ofd:DrawParam ID="4" Relative="3"/></ofd:DrawParams><ofd:CompositeGraphicUnits>{composites}</ofd:CompositeGraphicUnits>',
    )
    parts["Doc_0/Document.xml"] = _xml(
        "Document",
        f"<ofd:CommonData><ofd:MaxUnitID>9999</ofd:MaxUnitID><ofd:PageArea>{_tag('PhysicalBox', '0 0 210 297')}</ofd:PageArea>"
        f"{_tag('DocumentRes', 'DocumentRes.xml')}{templates}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>"
        f"{_tag('Annotations', 'Annots/Annotations.xml')}",
    )
    parts["Doc_0/Annots/Annotations.xml"] = _xml(
        "Annotations", f'<ofd:Page PageID="100">{_tag("FileLoc", "a.xml")}</ofd:Page>'
    )
    parts["Doc_0/Annots/a.xml"] = _xml(
        "PageAnnot", f"<ofd:Appearance>{_HIDDEN.replace('false', 'true')}</ofd:Appearance>"
    )
    return packed(parts)


def packed(parts: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


_HIDDEN = '<ofd:TextObject ID="9" Boundary="20 20 50 10" Size="9" Visible="false"><ofd:TextCode X="0" Y="9" DeltaX="9 9">印章误读</ofd:TextCode></ofd:TextObject>'


def _xml(root: str, content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<ofd:{root} {NAMESPACE}>{content}</ofd:{root}>'


def _tag(name: str, text: str) -> str:
    return f"<ofd:{name}>{text}</ofd:{name}>"


def _page(ink: Ink, objects: str, manner: Manner, link: str = "") -> str:
    width, height = (ink.height, ink.width) if manner.turned else (ink.width, ink.height)
    area = f"<ofd:Area>{_tag('PhysicalBox', f'0 0 {width * MM:.4f} {height * MM:.4f}')}</ofd:Area>"
    parameter = ' DrawParam="4"' if manner.parameters else ""
    return _xml(
        "Page", f'{area}{link}<ofd:Content><ofd:Layer ID="2" Type="Body"{parameter}>{objects}</ofd:Layer></ofd:Content>'
    )


def _text(ink: Ink, manner: Manner) -> str:
    runs = groupby(ink.glyphs, key=lambda glyph: (glyph.baseline, glyph.turn, round(glyph.bottom - glyph.top, 1)))
    return "".join(_run(ink, list(run), manner) for _, run in runs)


def _run(ink: Ink, run: list[Glyph], manner: Manner) -> str:
    """One text object: its own x axis runs along the text, its origin is the first character's."""
    first, turn = run[0], run[0].turn
    along = {0: lambda g: g.x0, 90: lambda g: g.top, 180: lambda g: -g.x1, 270: lambda g: -g.bottom}[turn]
    across = {
        0: first.bottom - first.top,
        90: first.x1 - first.x0,
        180: first.bottom - first.top,
        270: first.x1 - first.x0,
    }
    size = across[turn] / 1.02
    at = {
        0: (first.x0, first.baseline), 90: (first.baseline, first.top),
        180: (first.x1, first.baseline), 270: (first.baseline, first.bottom),
    }[turn]  # fmt: skip
    offsets = [(along(glyph) - along(first)) * MM for glyph in run]
    texts = [glyph.text for glyph in run]
    if manner.steps == "none" or any(len(text) != 1 for text in texts):
        codes = "".join(
            f'<ofd:TextCode X="{1 + x:.4f}" Y="2">{escape(text)}</ofd:TextCode>'
            for x, text in zip(offsets, texts, strict=True)
        )
    else:
        steps = [f"{after - before:.4f}" for before, after in pairwise(offsets)]
        if manner.steps == "packed":
            steps = [
                f"g {len(same)} {step}" if len(same) > 1 else step
                for step, same in ((s, list(g)) for s, g in groupby(steps))
            ]
        delta = f' DeltaX="{" ".join(steps)}"' if steps else ""
        codes = f'<ofd:TextCode X="1" Y="2"{delta}>{escape("".join(texts))}</ofd:TextCode>'
    if manner.glyphs:
        codes = (
            f'<ofd:CGTransform CodePosition="0" CodeCount="{len(run)}" GlyphCount="{len(run)}"><ofd:Glyphs>{" ".join("77" for _ in run)}</ofd:Glyphs></ofd:CGTransform>'
            + codes
        )
    # the matrix brings the object's (1, 2) to the first character's origin, half by the boundary and half by itself
    place = _placing(ink, at, turn, manner, lead=(1, 2))
    return f'<ofd:TextObject ID="5" {place} Font="1" Size="{size * MM:.4f}">{codes}</ofd:TextObject>'


def _placing(ink: Ink, at: tuple[float, float], turn: int, manner: Manner, lead: tuple[float, float] = (0, 0)) -> str:
    x, y = at[0] * MM, at[1] * MM
    if manner.turned:  # the page is turned clockwise by a quarter
        x, y, turn = ink.height * MM - y, x, (turn + 90) % 360
    a, b, c, d = map(float, _TURNS[turn].split())
    e, f = 3.0 - (a * lead[0] + c * lead[1]), 4.0 - (b * lead[0] + d * lead[1])
    matrix = f"{_TURNS[turn]} {e:.4f} {f:.4f}"
    return f'Boundary="{x - 3:.4f} {y - 4:.4f} 100 20" CTM="{matrix}"'


def _rules(ink: Ink, manner: Manner) -> str:
    rules = [_rule(ink, rule, manner, upright=False) for rule in ink.across]
    rules += [_rule(ink, rule, manner, upright=True) for rule in ink.down]
    fills = [
        _path(
            ink, (box.x0, box.top), f"M 0 0 L {w:.4f} 0 L {w:.4f} {h:.4f} L 0 {h:.4f} C", manner, filled="200 210 220"
        )
        for box in ink.fills
        for w, h in [((box.x1 - box.x0) * MM, (box.bottom - box.top) * MM)]
    ]
    white = _path(ink, (10, 10), "M 0 0 L 90 0 L 90 90 L 0 90 C", manner, filled="255 255 255")
    return white + "".join(fills + rules)


def _rule(ink: Ink, rule: Rule, manner: Manner, *, upright: bool) -> str:
    length = (rule.stop - rule.start) * MM
    at = (rule.at, rule.start) if upright else (rule.start, rule.at)
    if manner.filled:
        w, h = (0.1, length) if upright else (length, 0.1)
        return _path(ink, at, f"S 0 0 L {w:.4f} 0 L {w:.4f} {h:.4f} L 0 {h:.4f} C", manner, filled="0 0 0")
    return _path(ink, at, f"M 0 0 L 0 {length:.4f}" if upright else f"M 0 0 L {length:.4f} 0", manner)


def _path(ink: Ink, at: tuple[float, float], data: str, manner: Manner, filled: str = "") -> str:
    how = (
        f'Fill="true" Stroke="false"><ofd:FillColor Value="{filled}"/'
        if filled
        else ("" if manner.parameters else 'LineWidth="0.2"')
    )
    return (
        f'<ofd:PathObject ID="6" {_placing(ink, at, 0, manner)} {how}>{_tag("AbbreviatedData", data)}</ofd:PathObject>'
    )
