"""江苏省医疗保障局: its own site; not verified live.

The host is known from a public copy of a page of 苏州市医疗保障局, which links documents of it
(ybj.jiangsu.gov.cn/art/2025/6/30/art_74036_11604136.html). The column of final accounts is not known: the home page is
where to look for it, and where to begin until it is.
"""

from pipeline.portals.base import Site

SITE = Site(
    id="jiangsu_medical_insurance", name="江苏省医疗保障局", region="江苏省", family="jcms", since=2023,
    base_url="http://ybj.jiangsu.gov.cn/", start=("",),
)  # fmt: skip
