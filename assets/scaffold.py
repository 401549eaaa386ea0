"""A new portal site: its declaration, and the test that holds it to the imitation of its family."""

from __future__ import annotations

import json
import keyword
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.portals.base import Site

ROOT = Path(__file__).parents[1]
_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Scaffold:
    """The files of a new site, and their texts."""

    texts: dict[Path, str]

    def write(self) -> None:
        """Write all of them, or none. Raises ValueError, a Chinese sentence, if one is there already."""
        there = [str(path) for path in self.texts if path.exists()]
        if there:
            raise ValueError(f"已有文件，未作改动：{'、'.join(there)}")
        for path, text in self.texts.items():
            path.write_text(text, encoding="utf-8")


def scaffold(site: Site, source: str, root: Path = ROOT) -> Scaffold:
    """The files for a site whose addresses are known from `source`.

    Raises ValueError, a Chinese sentence, for a declaration that cannot be right, or outside of a source directory.
    """
    _check(site)
    if not (root / "tests" / "imitations").is_dir():
        raise ValueError(f"新增站点须在源代码目录中进行，{root} 没有 tests 文件夹")
    return Scaffold(
        {
            root / "pipeline" / "portals" / "sites" / f"{site.id}.py": _declaration(site, source),
            root / "tests" / f"test_site_{site.id}.py": _test(site),
        }
    )


def _check(site: Site) -> None:
    from pipeline.portals.base import host_of
    from pipeline.portals.families import families
    from pipeline.portals.sites import sites

    if not _ID.fullmatch(site.id) or keyword.iskeyword(site.id):
        raise ValueError(f"站点编号 {site.id!r} 须由小写字母、数字、下划线组成，以字母开头")
    if site.id in sites():
        raise ValueError(f"站点 {site.id} 已登记")
    if site.family not in families():
        raise ValueError(f"没有名为 {site.family} 的网站类型；已有：{'、'.join(families())}")
    if not host_of(site.base_url) or not site.base_url.endswith("/"):
        raise ValueError(f"网址 {site.base_url!r} 须以 http:// 或 https:// 开头，以 / 结尾")
    if any(re.search(r"[\s/]", host.removeprefix(".")) for host in site.hosts):
        raise ValueError("其他主机只写主机名，如 img.example.gov.cn，或以点开头表示其下所有主机")
    try:
        starts = site.starts(max(site.since, 2000))
    except (KeyError, IndexError) as error:
        raise ValueError("列表页的网址中，花括号只用于 {year}") from error
    if not starts or not all(site.allows(link.url) for link in starts):
        raise ValueError("至少写一个列表页，其网址须在本站点的主机上")


def _declaration(site: Site, source: str) -> str:
    fields = {
        "id": site.id, "name": site.name, "region": site.region, "family": site.family, "base_url": site.base_url,
        "start": site.start, "since": site.since,
    } | ({"hosts": site.hosts} if site.hosts else {})  # fmt: skip
    lines = "".join(f"    {name}={_literal(value)},\n" for name, value in fields.items())
    head, told = _prose(f"{site.name}; not verified live."), _prose(f"Known from: {source}")
    return f'"""{head}\n\n{told}\n"""\n\nfrom pipeline.portals.base import Site\n\nSITE = Site(\n{lines})\n'


def _test(site: Site) -> str:
    starts = "".join(f"        {_literal(link.url)},\n" for link in site.starts(max(site.since, 2000)))
    return f'''"""{_prose(site.name)}: its addresses, and a night at the imitation of its family."""

from pipeline.portals.sites import sites
from tests.site_nights import night_at_an_imitation

SITE = sites()["{site.id}"]


def test_the_addresses_are_those_of_the_declaration():
    assert [link.url for link in SITE.starts({max(site.since, 2000)})] == [
{starts}    ]


def test_a_night_collects_every_report_once_and_nothing_else():
    collected, published = night_at_an_imitation(SITE)
    assert collected == published
'''


def _prose(text: str) -> str:
    """A text as a docstring takes it: no quotes or backslashes, lines that fit even in Chinese."""
    return textwrap.fill(text.translate({ord('"'): "”", ord("\\"): "/"}), 58)


def _literal(value: object) -> str:
    if isinstance(value, tuple):
        inner = ", ".join(_literal(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value) if isinstance(value, str) and '"' in value else json.dumps(value, ensure_ascii=False)
