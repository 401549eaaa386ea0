"""The parts of the SQL pages that need no server: turns, cells, names of files."""

import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from warehouse.ask.model import Answer, Column
from warehouse.explorer.handed import disposition, safe
from warehouse.explorer.shown import CELLS, shown
from warehouse.explorer.turns import Turns
from warehouse.query import BusyError


def answer(*rows, **columns):
    return Answer(tuple(Column(name, kind) for name, kind in columns.items()), rows, truncated=False, seconds=0.1)


def first(value, name="x", kind="VARCHAR"):
    return shown(answer((value,), **{name: kind})).rows[0][0]


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (Decimal("1234567.8900"), "DECIMAL(18,4)", "1,234,567.89"),
        (Decimal("-0.1234"), "DECIMAL(18,4)", "-0.1234"),
        (Decimal("5.0000"), "DECIMAL(18,4)", "5.00"),
        (Decimal("95.5"), "DECIMAL(5,1)", "95.5"),
        (2024, "INTEGER", "2024"),
        (12345, "BIGINT", "12,345"),
        (0.5, "DOUBLE", "0.5"),
        (1234567.0, "DOUBLE", "1,234,567"),
        (1e-9, "DOUBLE", "1e-09"),
        (float("nan"), "DOUBLE", "nan"),
        (None, "VARCHAR", "—"),
        (True, "BOOLEAN", "是"),
        (["甲", None, 2], "VARCHAR[]", "甲、—、2"),
        ({"甲": Decimal("1.50")}, "STRUCT", "甲：1.50"),
        (datetime(2026, 1, 5, 3, 4, 5, 999, tzinfo=UTC), "TIMESTAMP WITH TIME ZONE", "2026-01-05 03:04:05+00:00"),
        (b"\x00\xff", "BLOB", "00ff"),
        ("长" * 401, "VARCHAR", "长" * 400 + "…（共 401 字）"),
    ],
)
def test_a_value_is_written_for_people(value, kind, text):
    assert first(value, kind=kind).text == text


def test_numbers_stand_on_the_right():
    table = shown(answer((Decimal(1), "甲", 1), 金额="DECIMAL(18,4)", 单位="VARCHAR", 数="BIGINT"))
    assert [heading.look for heading in table.headings] == ["money", "", "money"]


@pytest.mark.parametrize(
    ("name", "value", "href"),
    [
        ("report_id", "u1-2024-本级", "/reports/u1-2024-%E6%9C%AC%E7%BA%A7"),
        ("unit_id", "../x?y", "/units/..%2Fx%3Fy"),
        ("finding_id", "f0", "/findings/f0"),
        ("文件编号", "ab", "/documents/ab/pages/1"),
        ("链接", "https://example.cn/a.pdf", "https://example.cn/a.pdf"),
        ("原页", "/documents/ab/pages/3", "/documents/ab/pages/3"),
        ("链接", "javascript:alert(1)", ""),
        ("链接", "//example.cn", ""),
        ("链接", "/\\example.cn", ""),
        ("链接", "/\t/example.cn", ""),
        ("链接", 5, ""),
        ("单位", "https://example.cn", ""),
        ("report_id", None, ""),
    ],
)
def test_a_cell_leads_to_what_it_names(name, value, href):
    assert first(value, name).href == href


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (f"/documents/{'0a' * 32}/pages/12", "第12页"),
        ("/reports/x", "/reports/x"),
        ("https://cz.example/a.pdf", "https://cz.example/a.pdf"),
        ("https://cz.example/2025/" + "x" * 60 + "/%E5%86%B3%E7%AE%97.pdf", "cz.example/…" + "x" * 31 + "/决算.pdf"),
    ],
)
def test_an_address_is_told_by_what_it_leads_to(address, text):
    cell = first(address, "链接")
    assert (cell.text, cell.href) == (text, address)


def test_a_row_with_a_document_and_a_page_leads_to_the_page():
    row = ("ab", 3, 1.0, 2.04, 30.0, 40.0)
    table = shown(answer(row, document="VARCHAR", page="INTEGER", x0="FLOAT", top="FLOAT", x1="FLOAT", bottom="FLOAT"))
    assert {cell.href for cell in table.rows[0][:2]} == {"/documents/ab/pages/3?mark=1.0,2.0,30.0,40.0"}


def test_a_page_shows_no_more_cells_than_a_browser_bears():
    columns = {f"c{n}": "INTEGER" for n in range(100)}
    table = shown(answer(*[(1,) * 100] * 500, **columns))
    assert (len(table.rows), table.left_out) == (CELLS // 100, 500 - CELLS // 100)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("查询结果.csv", "查询结果.csv"),
        ("../../etc/passwd.xlsx", "etc_passwd.xlsx"),
        ("a\r\nSet-Cookie: x=1.csv", "a_Set-Cookie_x=1.csv"),
        ("单位\u202exslx.csv", "单位_xslx.csv"),
        ('a"b;c.csv', "a_b_c.csv"),
        ("....csv", "juesuan.csv"),
        ("长" * 100 + ".csv", "长" * 60 + ".csv"),
    ],
)
def test_a_file_name_hides_nothing(name, plain):
    assert safe(name) == plain


def test_an_attachment_is_named_twice():
    assert disposition("报告2024.xlsx") == (
        "attachment; filename=\"2024.xlsx\"; filename*=UTF-8''%E6%8A%A5%E5%91%8A2024.xlsx"
    )


class Crowd:
    """Askers in threads that hold their turn until they are let go."""

    def __init__(self, turns):
        self.turns, self.changed = turns, turns._changed
        self.began, self.threads = [], []
        self.go = threading.Semaphore(0)

    def ask(self, who):
        thread = threading.Thread(target=self._hold, args=(who,), daemon=True)
        self.threads.append(thread)
        thread.start()
        self._until(lambda: len(self.began) + sum(map(len, self.turns._queues.values())) == len(self.threads))

    def let_go(self, number):
        for _ in range(number):
            began = len(self.began)
            self.go.release()
            self._until(lambda: len(self.began) > began or not self.turns._queues)  # noqa: B023 - called at once
        return self.began

    def _hold(self, who):
        with self.turns.turn(who):
            with self.changed:
                self.began.append(who)
                self.changed.notify_all()
            assert self.go.acquire(timeout=5)

    def _until(self, condition):
        with self.changed:
            assert self.changed.wait_for(condition, 5)


def test_who_asks_much_does_not_keep_the_others_waiting():
    crowd = Crowd(Turns(at_once=1, waiting=10, each=5))
    for who in ("甲", "甲", "甲", "甲", "乙", "丙", "乙"):
        crowd.ask(who)
    assert crowd.let_go(7) == ["甲", "乙", "丙", "甲", "乙", "甲", "甲"]


def test_who_has_one_running_lets_another_pass():
    crowd = Crowd(Turns(at_once=2, waiting=10, each=5))
    for who in ("甲", "乙", "乙", "甲", "丙"):
        crowd.ask(who)
    assert crowd.let_go(5)[2] == "丙"


def test_a_full_queue_says_so_at_once():
    crowd = Crowd(Turns(at_once=1, waiting=2, each=2))
    for who in ("甲", "甲", "乙"):
        crowd.ask(who)
    with pytest.raises(BusyError, match="您已有"), crowd.turns.turn("甲"):
        pass
    with pytest.raises(BusyError, match="人太多"), crowd.turns.turn("丙"):
        pass
    crowd.let_go(3)


def test_patience_ends_and_leaves_no_trace():
    turns = Turns(at_once=1, patience=0.05)
    with turns.turn("甲"), pytest.raises(BusyError, match="时间过长"), turns.turn("乙"):
        pass
    with turns.turn("丙"):
        pass
    assert not turns._queues
    assert not turns._running
