"""柳州: departments publish on their own hosts under liuzhou.gov.cn; not verified live.

Known from public copies of pages: the statistics bureau's 决算 column (…/czyjs/czjs/t19700101_3308390.shtml, 2022)
and the policy research office's news column (…/gzdt/t19700101_3494074.html, 2023). Other departments: add pages.
"""

from pipeline.portals.base import Site

SITE = Site(
    id="liuzhou", name="柳州市部门决算公开", region="广西壮族自治区柳州市", family="trs", since=2022,
    base_url="http://lztj.liuzhou.gov.cn/", start=("zwgk/fdzdgknr/czyjs/czjs/", "http://zys.liuzhou.gov.cn/gzdt/"),
    hosts=(".liuzhou.gov.cn",),
)  # fmt: skip
