"""广州市医疗保障局: its part of the city's disclosure platform; not verified live.

Known from a public copy of its home page, which links /gzybj/gkmlpt/index and there, as column 14847, 财政预决算.
"""

from pipeline.portals.base import Site

SITE = Site(
    id="guangzhou_medical_insurance", name="广州市医疗保障局", region="广东省广州市", family="gkmlpt", since=2023,
    base_url="https://www.gz.gov.cn/", start=("gzybj/gkmlpt/index",),
)  # fmt: skip
