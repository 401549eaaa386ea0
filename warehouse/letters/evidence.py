"""Where the numbers of a finding stand: cuts of the page's picture, or, without one, the neighbouring cells as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Box
from pipeline.performance import titles as performance
from pipeline.read.picture import NoPictureError
from warehouse.letters.clip import Sheet, clip, clip_text
from warehouse.letters.model import Picture, Surroundings
from warehouse.letters.text import clean, column_titles, row_name
from warehouse.packing import compact, png, unpacked
from warehouse.query import rows
from warehouse.titles import form_titles, is_prose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import duckdb

    from pipeline.read.picture import PagePicture
    from warehouse.letters.clip import Cut
    from warehouse.letters.select import Row

    PageSource = Callable[[str, int], bytes]
    """The picture of a page (from 1) of a document, as `packed` gives it; raises NoPictureError."""

PICTURES = 4
"""Of one finding; a finding on more pages than this names the others in words."""

_MILLIMETRES = 25.4 / 72
_NO_CELL = "所指数字在表中没有单元格，附图为与之有关的数字。"
_NEIGHBOURS, _COLUMNS = 2, 6


class Place(NamedTuple):
    """A table or a section of prose on a page."""

    document: str
    form: str
    page: int


class View(NamedTuple):
    """A place that shows numbers of a finding: the suspect ones, and those there that they are compared with."""

    place: Place
    marked: tuple[Row, ...]
    beside: tuple[Row, ...]
    caption: str


@dataclass(slots=True)
class Evidence:
    """Shows the figures of one report. `note` of what it returns says what could not be shown, and why.

    `document` is the file of its tables; the prose may stand in another one.
    """

    con: duckdb.DuckDBPyConnection
    report_id: str
    document: str
    source: PageSource
    _pages: dict[tuple[str, int], PagePicture | NoPictureError] = field(default_factory=dict)

    def of(self, cells: Sequence[Row]) -> tuple[tuple[Picture | Surroundings, ...], str]:
        """All views of the cells as pictures or, where the document has none, as excerpts.

        The text is a Chinese remark on what is not shown, "" if all is.
        """
        views, remark = self.views(cells)
        shown = [self._shown(view) for view in views]
        notes = [note for _, note in shown if note]
        if not (notes and remark == _NO_CELL):  # an excerpt tells enough
            notes.append(remark)
        return tuple(shape for shape, _ in shown), "".join(dict.fromkeys(notes))

    def views(self, cells: Sequence[Row]) -> tuple[tuple[View, ...], str]:
        """The suspect cells, one view a table and page, and the only other place that they are compared with.

        The text is a Chinese remark on what there is no view of, or on what the views mean.
        """
        marked = [cell for cell in cells if cell["role"] != "compared"]
        beside = [cell for cell in cells if cell["role"] == "compared"]
        if not cells:
            return (), "该问题不涉及单个数字，未附图。"
        if not marked:
            return (self._view(_place(beside[0]), [], beside),), _NO_CELL
        places = [(key, [*group]) for key, group in groupby(sorted(marked, key=_place), key=_place)]
        views = [self._view(place, group, beside) for place, group in places[:PICTURES]]
        elsewhere = sorted((cell for cell in beside if _place(cell) not in dict(places)), key=_place)
        if len({_place(cell) for cell in elsewhere}) == 1:  # two tables that differ are shown side by side
            views.append(self._view(_place(elsewhere[0]), [], elsewhere))
        notes = []
        if any(cell["role"] == "alternative" for cell in marked):
            notes.append("红框内各数字均有可能有误，请逐一核对。")
        if len(places) > PICTURES:
            rest = "、".join(f"第{place.page}页" for place in dict.fromkeys(key for key, _ in places[PICTURES:]))
            notes.append(f"另见{rest}，不一一附图。")
        return tuple(views), "".join(notes)

    def picture(self, view: View) -> Picture:
        """The cut of the page, its numbers framed; raises NoPictureError."""
        cut = self._cut(view.place, (view.marked or view.beside)[0], map(_box, view.marked), map(_box, view.beside))
        return Picture(png(compact(cut.image)), cut.image.size, cut.width * _MILLIMETRES, view.caption)

    def excerpt(self, view: View) -> Surroundings:
        """The numbers among their neighbours, as text."""
        show = self._sentences if is_prose(view.place.form) else self._surroundings
        return show(view.place, view.marked or view.beside)

    def _shown(self, view: View) -> tuple[Picture | Surroundings, str]:
        try:
            return self.picture(view), ""
        except NoPictureError as error:
            return self.excerpt(view), f"{error}，以下摘录有关数字及其前后各行。"

    def _view(self, place: Place, marked: Sequence[Row], beside: Sequence[Row]) -> View:
        here = tuple(cell for cell in beside if _place(cell) == place)
        frames = ["红框内为所指数字"] * bool(marked) + ["蓝框内为与之比较的数字"] * bool(here)
        return View(place, tuple(marked), here, f"{self._caption(place)}（{'，'.join(frames)}）")

    def _cut(self, place: Place, first: Row, marked: Iterable[Box], here: Iterable[Box]) -> Cut:
        if is_prose(place.form):
            picture = self._page(place)
            return clip_text(picture.image, picture.scale, marked, here)
        begins = place._replace(page=self._first_page(first))
        return clip(self._sheet(place), self._sheet(begins) if begins != place else None, marked, here)

    def _sheet(self, place: Place) -> Sheet:
        picture = self._page(place)
        cells = rows(
            self.con,
            "SELECT form, row_no, x0, top, x1, bottom FROM core.figure "
            "WHERE report_id = $1 AND document = $2 AND page = $3 ORDER BY ALL",
            [self.report_id, place.document, place.page],
        )
        own = tuple((cell["row_no"], _box(cell)) for cell in cells if cell["form"] == place.form)
        return Sheet(picture.image, picture.scale, own, tuple(_box(c) for c in cells if c["form"] != place.form))

    def _page(self, place: Place) -> PagePicture:
        page = place.document, place.page
        if page not in self._pages:
            try:
                self._pages[page] = unpacked(self.source(*page))
            except NoPictureError as error:
                self._pages[page] = error
        known = self._pages[page]
        if isinstance(known, NoPictureError):
            raise known
        return known

    def _first_page(self, cell: Row) -> int:
        """Where the table of a cell begins; of self-evaluation forms, that of its project."""
        found = self.con.execute(
            "SELECT min(page) FROM core.figure WHERE report_id = $1 AND form = $2 AND (form <> $3 OR row_no = $4)",
            [self.report_id, cell["form"], performance.FORM, cell["row_no"]],
        ).fetchall()
        return int(found[0][0])

    def _sentences(self, place: Place, marked: Sequence[Row]) -> Surroundings:
        """The sentences in which claims stand."""
        found = self.con.execute(
            "SELECT sentence FROM core.claim WHERE report_id = $1 AND document = $2 AND list_contains($3, claim_no) "
            "GROUP BY sentence ORDER BY min(claim_no)",
            [self.report_id, place.document, [cell["row_no"] for cell in marked]],
        ).fetchall()
        sentences = [clean(sentence) for (sentence,) in found] or [cell["printed"] for cell in marked]
        texts = tuple((text,) for text in sentences)
        marks = frozenset((row, 0) for row in range(len(texts)))
        return Surroundings(("原文",), texts, marks, f"{self._caption(place)}摘录")

    def _surroundings(self, place: Place, marked: Sequence[Row]) -> Surroundings:
        form = place.form
        near = self._near(form, marked)
        titles = column_titles(self.con, form)
        columns = _window([*dict.fromkeys(cell["measure"] for cell in near)], {cell["measure"] for cell in marked})
        lines = {(cell["row_no"], cell["line"]): cell for cell in near}
        printed = {(cell["row_no"], cell["line"], cell["measure"]): cell["printed"] for cell in near}
        suspect = {(cell["row_no"], cell["line"], cell["measure"]) for cell in marked}
        return Surroundings(
            ("项目", *(titles.get(measure, measure) for measure in columns)),
            tuple(
                (row_name(cell["line"], cell["label"]), *(clean(printed.get((*key, column), "")) for column in columns))
                for key, cell in lines.items()
            ),
            frozenset(
                (row, column)
                for row, key in enumerate(lines)
                for column, measure in enumerate(columns, 1)
                if (*key, measure) in suspect
            ),
            f"{self._caption(place)}摘录（加框为有关数字）",
        )

    def _near(self, form: str, marked: Sequence[Row]) -> list[Row]:
        """The cells of the marked rows and of those before and after them in the same half of the table."""
        if form == performance.FORM:  # whose rows have no order of their own
            return [*marked]
        cells = rows(
            self.con,
            "SELECT line, measure, label, printed, row_no, x0 FROM core.cell "
            "WHERE report_id = $1 AND form = $2 ORDER BY row_no, line, x0, measure",
            [self.report_id, form],
        )
        columns = {(cell["measure"], round(cell["x0"])) for cell in marked}
        below = sorted({cell["row_no"] for cell in cells if (cell["measure"], round(cell["x0"])) in columns})
        touched = [below.index(cell["row_no"]) for cell in marked]
        shown = set(below[max(0, min(touched) - _NEIGHBOURS) : max(touched) + _NEIGHBOURS + 1])
        return [cell for cell in cells if cell["row_no"] in shown]

    def _caption(self, place: Place) -> str:
        file = "" if place.document == self.document else "（情况说明文件）"
        return f"《{form_titles().get(place.form, place.form)}》{file}第{place.page}页"


def _window(columns: list[str], wanted: set[str]) -> list[str]:
    """At most so many columns that a page takes, the wanted ones among them."""
    if len(columns) <= _COLUMNS:
        return columns
    last = max(n for n, column in enumerate(columns) if column in wanted)
    start = max(0, min(last - _COLUMNS // 2, len(columns) - _COLUMNS))
    return columns[start : start + _COLUMNS]


def _place(cell: Row) -> Place:
    return Place(cell["document"], cell["form"], cell["page"])


def _box(cell: Row) -> Box:
    return Box(cell["x0"], cell["top"], cell["x1"], cell["bottom"])
