from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.lift.codes import CodeTrail, is_code, split_glued


@st.composite
def trees(draw):
    """The codes of a table in printed order: classes, each with its subjects, each with its items."""
    twos = st.integers(1, 99).map("{:02d}".format)
    found = []
    for head in draw(st.lists(st.integers(201, 234), min_size=1, max_size=3, unique=True)):
        found.append(str(head))
        for middle in draw(st.lists(twos, min_size=1, max_size=3, unique=True)):
            found.append(f"{head}{middle}")
            found += [f"{head}{middle}{last}" for last in draw(st.lists(twos, max_size=3, unique=True))]
    return found


def levels(code):
    return [code[:3], *(code[at : at + 2] for at in range(3, len(code), 2))]


def padded(parts):
    return [*parts, "", ""][:3]


@given(trees(), st.sampled_from(["whole", "every level", "own level", "no zeros", "whole by level", "spaced"]))
def test_every_way_of_filling_code_columns_gives_the_codes_back(codes, way):
    trail = CodeTrail("functional")
    for code in codes:
        parts = levels(code)
        own = [""] * (len(parts) - 1) + parts[-1:]
        printed = {
            "whole": [code],
            "every level": padded(parts),
            "own level": padded(own),
            "no zeros": padded([part.lstrip("0") for part in own]),
            "whole by level": padded([""] * (len(parts) - 1) + [code]),
            "spaced": [" ".join(parts)],
        }[way]
        assert trail.read(printed, "") == code


def test_a_part_without_its_parent_is_not_guessed():
    trail = CodeTrail("functional")
    assert trail.read(["", "", "01"], "行政运行") == ""
    assert trail.read(["01"], "行政运行") == ""
    assert trail.read(["20a"], "") == ""
    assert trail.read(["2010"], "") == ""


def test_a_short_code_in_one_column_is_told_by_its_name():
    trail = CodeTrail("functional")
    assert trail.read(["20805"], "") == "20805"
    assert trail.read(["02"], "事业单位离退休") == "2080502"
    assert trail.read(["06"], "企业改革补助") == "20806"
    assert trail.read(["07"], "没有听说过的名称") == ""


def test_glued():
    assert split_glued("2080505-机关事业单位基本养老保险缴费支出") == ("2080505", "机关事业单位基本养老保险缴费支出")
    assert split_glued("[301] 工资福利支出") == ("301", "工资福利支出")
    assert split_glued("2024年") == ("", "2024年")
    assert split_glued("20103O1")[0] == ""
    assert is_code("２０１")
    assert not is_code("12")


def test_names_within_their_parents():
    trail = CodeTrail("functional")
    trail.read(["20103"], "")
    assert trail.find("行政运行") == "2010301"
    assert trail.find("一般行政管理事务") == "2010302"
    assert trail.find("社会保障和就业支出") == "208"
    assert trail.find("不存在的科目") == ""
