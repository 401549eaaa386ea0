"""宁波市住房和城乡建设局: its own site; not verified live.

The address and the family are those of a public copy of the home page (zjw.ningbo.gov.cn, webId 3516), which links the
column 通知公告. The column of final accounts is not known, nor whether it is the city's (www.ningbo.gov.cn, where the
page's 信息公开目录 is).
"""

from pipeline.portals.base import Site

SITE = Site(
    id="ningbo_housing", name="宁波市住房和城乡建设局", region="浙江省宁波市", family="jpaas", since=2023,
    base_url="http://zjw.ningbo.gov.cn/", start=("", "col/col1229322076/index.html"), hosts=("www.ningbo.gov.cn",),
)  # fmt: skip
