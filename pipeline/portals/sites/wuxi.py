"""无锡市 on the platform of 江苏 for budgets and final accounts; not verified live.

The host (yjsgk.jsczt.cn) is named in a public copy of a page of 无锡市民政局, the requests and the city (pid 122) in
public programs of 2021. Whether typeid 2 is final accounts, and whether date is their year or that of their
publication, has to be seen live first. The platform has a new entry page since (`#/detailsPage?id=…`).
"""

from pipeline.portals.base import Site

SITE = Site(
    id="wuxi", name="无锡市（江苏预决算公开平台）", region="江苏省无锡市", family="yjsgk", since=2023, max_pages=1000,
    base_url="http://yjsgk.jsczt.cn/",
    start=("front/department/getdepartmentname.do pid=122&departmentName=&date={year}&typeid=2",),
)  # fmt: skip
