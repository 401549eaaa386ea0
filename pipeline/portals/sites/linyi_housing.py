"""临沂市住房和城乡建设局: the disclosure pages of its own site; not verified live.

The address is that of a public copy of the home page (lyjs.linyi.gov.cn), which links zfxxgk.htm (政府信息公开) and
columns below it; the column of final accounts is reached from there.
"""

from pipeline.portals.base import Site

SITE = Site(
    id="linyi_housing", name="临沂市住房和城乡建设局", region="山东省临沂市", family="vsb", since=2023,
    base_url="http://lyjs.linyi.gov.cn/", start=("zfxxgk.htm",),
)  # fmt: skip
