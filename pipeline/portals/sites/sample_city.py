"""澄川市, the sample city: an invented portal on this machine, its address given at run time."""

from pipeline.portals.base import Site

SITE = Site(
    id="sample_city", name="澄川市预决算公开平台（样例）", region="澄川市", family="trs", since=2000,
    base_url="", start=("",), delay=0.0, local=True,
)  # fmt: skip
