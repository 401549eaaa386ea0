"""Which reports the city publishes: the layouts, the dates, the faults. Everything else follows from the books."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from tests.city.books import YEARS
from tests.city.report import Report
from tests.city.units import UNITS

CORRECTED = "corrected/"
"""Files in this folder replace the file of the same name at the same URL, later."""

_DEPARTMENT = "bureau_department"
_LAYOUTS = {
    # unit: layouts of 2022, 2023, 2024
    _DEPARTMENT: ("guangxi", "shanghai", "shanghai"),
    "bureau": ("word", "word", "guangxi"),
    "hall": ("word", "excel", "word"),
    "library": ("excel", "excel", "shanghai"),
    "theatre": ("yuan", "yuan", "yuan"),
    "hotline": ("guangxi", "guangxi", "guangxi"),
    "petition": ("shanghai", "shanghai", "word"),
    "patrol": ("excel", "guangxi", "excel"),
    "stateowned": ("shanghai", "word", "shanghai"),
    "road": ("word", "word", "excel"),
    "school": ("yuan", "yuan", "yuan_whole"),
    "agriculture": ("word", "excel", "guangxi"),
    "rescue": ("yuan_whole", "yuan_whole", "yuan_whole"),
}
_FAULTS = {
    "2024/agriculture.pdf": "transposed",
    "2024/patrol.pdf": "total_not_updated",
    "2023/theatre.pdf": "shifted",
    "2024/stateowned.pdf": "blank_without_note",
    "2024/library.pdf": "copied",
    "2022/hall.pdf": "subtotal",
    "2022/petition.pdf": "replaced",
    "2023/rescue.pdf": "wrong_title",
}
_WRONG_TITLE = "澄川市城市管理巡查支队2023年度单位决算公开"
_CORRECTED_ON = "2023-11-20"


@cache
def reports() -> tuple[Report, ...]:
    """Every published file, in order of file name within the year; corrected versions last."""
    names = {unit.key: unit.name for unit in UNITS}
    result = []
    for position, year in enumerate(YEARS):
        for number, (key, layouts) in enumerate(_LAYOUTS.items()):
            unit = key.removesuffix("_department")
            scope = "汇总" if key == _DEPARTMENT else "本级" if key == "bureau" else ""
            level = "部门" if scope == "汇总" else "单位"
            file = f"{year}/{key}.pdf"
            fault = _FAULTS.get(file, "")
            title = f"{names[unit]}{'（本级）' if scope == '本级' else ''}{year}年度{level}决算公开"
            result.append(
                Report(
                    file,
                    unit,
                    year,
                    scope,
                    layouts[position],
                    f"{year + 1}-{8 + number // 8:02}-{11 + number * 7 % 17:02}",
                    _WRONG_TITLE if fault == "wrong_title" else title,
                    fault,
                )
            )
    corrected = [
        replace(report, file=CORRECTED + report.file, published_on=_CORRECTED_ON, fault="")
        for report in result
        if report.fault == "replaced"
    ]
    return (*result, *corrected)
