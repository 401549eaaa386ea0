"""上海市科学技术委员会: its own site; not verified live.

The host is named in public copies of pages, its attachments (stcsm.sh.gov.cn/cmsres/…) in public repositories. The
column of final accounts is not known: the home page is where to look for it, and where to begin until it is.
"""

from pipeline.portals.base import Site

SITE = Site(
    id="shanghai_science", name="上海市科学技术委员会", region="上海市", family="cmsres", since=2023,
    base_url="https://stcsm.sh.gov.cn/", start=("",),
)  # fmt: skip
