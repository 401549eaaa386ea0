"""The common questions to one report a row: totals and growth, 三公, personnel and public funds, carry-over, per head.

All are columns of mart.figure, beside those of the same unit's report of the year before.
"""

from __future__ import annotations

from warehouse.marts.figures import HEADS, growth, ratio
from warehouse.marts.view import HEAD, Column, View, tail

_SOURCE = """
    FROM mart.report r
    JOIN mart.figure f ON f.report_id = r.report_id
    LEFT JOIN mart.figure p ON p.report_id = r.prior_id
    WHERE {having} IS NOT NULL
"""
_BEFORE = "同一单位同一范围上年的报告，没有收集到的为空"


def standard_views() -> tuple[View, ...]:
    """The views of key figures."""
    return (_totals(), _three_public(), _people_and_public(), _carryover(), _per_head(), _others())


def _figure(name: str, figure: str, meaning: str = "") -> Column:
    return Column(name, f"f.{figure}", f"{meaning or name}（元），没有印出的为空")


def _before(name: str, figure: str, meaning: str) -> Column:
    return Column(name, f"p.{figure}", f"上年{meaning}（元）：{_BEFORE}")


def _growth(name: str, figure: str, meaning: str) -> Column:
    return Column(name, growth(f"f.{figure}", f"p.{figure}"), f"{meaning}比上年增长的百分点；没有上年数或为零的为空")


def _share(name: str, part: str, whole: str, meaning: str) -> Column:
    return Column(name, ratio(f"f.{part}", f"f.{whole}"), f"{meaning}（百分点）")


def _totals() -> View:
    return View(
        "收支总额",
        "每份报告一行：本年收入、支出总额及其构成，与上年相比的增长",
        (
            *HEAD,
            _figure("本年收入", "income", "本年收入合计"),
            _figure("财政拨款收入", "appropriation"),
            _figure("事业收入", "institution_income"),
            _figure("本年支出", "expenditure", "本年支出合计"),
            _figure("基本支出", "basic"),
            _figure("项目支出", "project"),
            _share("项目支出占比", "project", "expenditure", "项目支出占本年支出"),
            _figure("财政拨款支出", "fiscal_expenditure", "财政拨款支出，三本预算合计"),
            _figure("一般公共预算支出", "general", "一般公共预算财政拨款支出"),
            _figure("政府性基金支出", "fund", "政府性基金预算财政拨款支出"),
            _figure("国有资本经营支出", "capital", "国有资本经营预算财政拨款支出"),
            _before("上年收入", "income", "本年收入合计"),
            _growth("收入增长率", "income", "收入"),
            _before("上年支出", "expenditure", "本年支出合计"),
            _growth("支出增长率", "expenditure", "支出"),
            *tail("f.totals_page", "收入支出决算总表所在的页"),
        ),
        _SOURCE.format(having="f.totals_page"),
    )


def _three_public() -> View:
    items = (
        ("出国", "abroad", "因公出国（境）费"),
        ("公车", "vehicle", "公务用车购置及运行维护费"),
        ("购置", "vehicle_purchase", "公务用车购置费"),
        ("运行", "vehicle_operation", "公务用车运行维护费"),
        ("接待", "reception", "公务接待费"),
    )
    counts = (
        ("出国团组", "abroad_groups", "因公出国（境）团组数"),
        ("出国人次", "abroad_people", "因公出国（境）人次"),
        ("购置车辆", "vehicles_bought", "当年购置公务用车辆数"),
        ("车辆保有量", "vehicles_held", "公务用车保有量"),
        ("接待批次", "reception_batches", "公务接待批次"),
        ("接待人次", "reception_people", "公务接待人次"),
        ("外事接待批次", "reception_foreign_batches", "外事接待批次"),
        ("外事接待人次", "reception_foreign_people", "外事接待人次"),
    )
    return View(
        "三公经费",
        "每份报告一行：“三公”经费预算、决算及其各项，与上年相比的增长，情况说明所写的团组、车辆、接待数量",
        (
            *HEAD,
            _figure("预算数", "three_public_budget", "“三公”经费预算数合计"),
            _figure("决算数", "three_public", "“三公”经费决算数合计"),
            _share("执行率", "three_public", "three_public_budget", "决算数占预算数"),
            _before("上年决算数", "three_public", "“三公”经费决算数合计"),
            _growth("增长率", "three_public", "“三公”经费"),
            *(
                column
                for name, figure, title in items
                for column in (
                    _figure(f"{name}预算", f"{figure}_budget", f"{title}预算数"),
                    _figure(f"{name}决算", figure, f"{title}决算数"),
                )
            ),
            *(Column(name, f"f.{figure}", f"{title}，情况说明没有写明的为空") for name, figure, title in counts),
            *tail("f.three_public_page", "“三公”经费支出决算表所在的页"),
        ),
        _SOURCE.format(having="f.three_public_page"),
    )


def _people_and_public() -> View:
    return View(
        "人员公用经费",
        "每份报告一行：一般公共预算财政拨款基本支出中的人员经费、公用经费及其比例",
        (
            *HEAD,
            _figure("基本支出", "basic_general", "一般公共预算财政拨款基本支出；没有印出合计的为人员、公用经费之和"),
            _figure("人员经费", "personnel"),
            _figure("公用经费", "public"),
            _share("人员占比", "personnel", "basic_general", "人员经费占基本支出"),
            _share("公用占比", "public", "basic_general", "公用经费占基本支出"),
            _before("上年人员经费", "personnel", "人员经费"),
            _growth("人员增长率", "personnel", "人员经费"),
            _before("上年公用经费", "public", "公用经费"),
            _growth("公用增长率", "public", "公用经费"),
            _figure("机关运行经费", "agency_operation", "情况说明所写的机关运行经费"),
            *tail("f.basic_page", "基本支出决算表所在的页"),
        ),
        _SOURCE.format(having="f.basic_page"),
    )


def _carryover() -> View:
    return View(
        "结转结余",
        "每份报告一行：年初、年末结转和结余，其中财政拨款；上年年末数与今年年初数应当相等",
        (
            *HEAD,
            _figure("年初结转结余", "opening", "年初结转和结余"),
            _figure("年末结转结余", "closing", "年末结转和结余"),
            Column("增减额", "f.closing - f.opening", "年末比年初增减（元），减少为负数"),
            _share("年末占比", "closing", "income_total", "年末结转和结余占收入总计"),
            _before("上年年末", "closing", "年末结转和结余"),
            _figure("财政拨款年初", "fiscal_opening", "年初财政拨款结转和结余"),
            _figure("财政拨款年末", "fiscal_closing", "年末财政拨款结转和结余"),
            _figure("一般公共预算年末", "general_closing", "年末一般公共预算结转和结余"),
            _figure("政府性基金年末", "fund_closing", "年末政府性基金预算结转和结余"),
            _figure("国有资本经营年末", "capital_closing", "年末国有资本经营预算结转和结余"),
            _figure("使用非财政拨款结余", "surplus_used"),
            _figure("结余分配", "surplus_distributed"),
            *tail("f.totals_page", "收入支出决算总表所在的页"),
        ),
        _SOURCE.format(having="f.totals_page"),
    )


def _per_head() -> View:
    def mean(name: str, figure: str, meaning: str) -> Column:
        return Column(name, ratio(f"f.{figure}", HEADS, 1), f"{meaning}除以人数（元）")

    return View(
        "人均支出",
        "概况写明编制数或实有人数的报告，每份一行：按人数平均的支出；一种人数写有几个不同的数的不采用",
        (
            *HEAD,
            Column("编制数", "f.posts", "编制数，没有写明的为空；只分种类写明的为各种类之和"),
            Column("实有人数", "f.staff", "在职（实有）人数，没有写明的为空"),
            Column("人数", HEADS, "用来平均的人数：实有人数，没有写明的用编制数"),
            mean("人均支出", "expenditure", "本年支出"),
            mean("人均基本支出", "basic", "基本支出"),
            mean("人均人员经费", "personnel", "人员经费"),
            mean("人均公用经费", "public", "公用经费"),
            mean("人均三公经费", "three_public", "“三公”经费"),
            *tail("f.people_page", "写明人数的页", "f.people_document"),
        ),
        _SOURCE.format(having=f"nullif({HEADS}, 0)"),
    )


def _others() -> View:
    return View(
        "其他科目占比",
        "每份报告一行：列在“其他”科目（编码末两位为 99，及 229、399 类）中的支出及其比例，比例越高越看不出用途",
        (
            *HEAD,
            _figure("本年支出", "expenditure", "本年支出合计"),
            _figure("功能其他支出", "functional_other", "支出决算表中列在“其他”科目的支出，只计最末一级"),
            _share("功能其他占比", "functional_other", "expenditure", "占本年支出"),
            Column("功能其他科目数", "f.functional_other_codes", "有支出的“其他”科目个数"),
            Column("最大科目编码", "f.largest_other_code", "其中金额最大的科目"),
            Column("最大科目名称", "f.largest_other_name", "其中金额最大的科目的名称"),
            _figure("最大科目支出", "largest_other", "其中金额最大的科目的支出"),
            _figure("基本支出", "basic_general", "一般公共预算财政拨款基本支出"),
            _figure("经济其他支出", "economic_other", "基本支出决算表中列在“其他”科目的支出"),
            _share("经济其他占比", "economic_other", "basic_general", "占基本支出"),
            Column("经济其他科目数", "f.economic_other_codes", "有支出的“其他”科目个数"),
            *tail("coalesce(f.largest_other_page, f.expenditure_page)", "最大科目所在的页，没有的为支出决算表所在的页"),
        ),
        _SOURCE.format(having="f.functional_other"),
    )
