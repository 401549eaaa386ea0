"""What differs between two versions of a report."""

from decimal import Decimal

from warehouse.explorer.differences import differences


def fact(line, amount, label="行", *, printed=None):
    printed = amount if printed is None else printed
    return {
        "form": "expenditure",
        "line": line,
        "measure": "total",
        "label": label,
        "amount": Decimal(amount),
        "printed": printed,
    }


def told(old, new):
    found = differences(old, new)
    return [
        (change.key.line, change.old and str(change.old["amount"]), change.new and str(change.new["amount"]))
        for change in found.changes
    ]


def test_a_number_that_is_another_one():
    assert told([fact("208", "532.50"), fact("total", "9")], [fact("208", "53.25"), fact("total", "9")]) == [
        ("208", "532.50", "53.25")
    ]


def test_a_line_that_is_new_and_one_that_is_gone():
    assert told([fact("201", "1")], [fact("202", "1")]) == [("202", None, "1"), ("201", "1", None)]


def test_a_blank_cell_is_a_zero_and_no_cell():
    assert told([fact("201", "0", printed="")], [fact("201", "0.00")]) == []
    assert told([fact("201", "0.00")], []) == []
    assert told([fact("201", "0", printed="")], [fact("201", "5")]) == [("201", "0", "5")]


def test_a_row_that_is_printed_again_is_one():
    assert told([fact("total", "5")], [fact("total", "5"), fact("total", "5")]) == []


def test_of_several_rows_of_a_line_that_one_is_told_which_differs():
    assert told([fact("208", "1"), fact("208", "2")], [fact("208", "1"), fact("208", "3")]) == [("208", "2", "3")]


def test_numbers_of_prose_that_name_no_line_are_told_apart_by_their_words():
    assert told([fact("", "1", "甲"), fact("", "2", "乙")], [fact("", "1", "甲"), fact("", "4", "乙")]) == [
        ("乙", "2", "4")
    ]


def test_a_line_that_is_called_otherwise():
    found = differences([fact("208", "1", "社会保障")], [fact("208", "1", "社会保障和就业支出")])
    assert [(one.old["label"], one.new["label"]) for one in found.renamings] == [("社会保障", "社会保障和就业支出")]
    assert found.same == 1
