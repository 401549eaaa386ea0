"""柳州市柳城县: the county's disclosure platform (预决算公开平台); not verified live.

Known from public copies of pages: …/yjsgkpt/bmjs/bmjs2024_86507/202510/t20251015_3678717.shtml (2024, printed date
2025-09-17, full text in the page) and …/yjsgkpt/bmjs/bmjs2023/t19700101_3534229.shtml (2023).
"""

from pipeline.portals.base import Site

SITE = Site(
    id="liucheng", name="柳城县预决算公开平台", region="广西壮族自治区柳州市柳城县", family="trs", since=2023,
    base_url="http://www.liucheng.gov.cn/xxgk/fdzdgknr/yjsgkpt/bmjs/", start=("", "bmjs2024_86507/", "bmjs2023/"),
    hosts=("liucheng.gov.cn",),
)  # fmt: skip
