"""Files and folders as a source: the bureau's own archive, mail attachments, a delivery on a disk."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING

from pipeline.bundle.names import is_litter
from pipeline.issues import Issue, IssueKind
from pipeline.portals.base import CollectedFile, Publication

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date, datetime
    from pathlib import Path

SITE = "folder"
"""The site's id in publications of files from folders."""
_LARGEST = 200_000_000


def collect(
    paths: Iterable[Path],
    *,
    modified: Callable[[Path], date],
    fetched_at: datetime,
    known: Mapping[str, str],
    region: str = "",
) -> Iterator[CollectedFile | Issue]:
    """All files given or found below the folders given, in order of their names; one at a time in memory.

    A file's address (`url`) is its path relative to the folder that was given, or its name. `modified` tells a
    file's date, `known` the sha256 of what each address held last: a file that has not changed is left out.
    What cannot be read is an Issue. Raises FileNotFoundError for a path that does not exist.
    """
    for root in paths:
        if not root.exists():
            raise FileNotFoundError(root)
        for path in files_of(root):
            url = path.name if path == root else path.relative_to(root).as_posix()
            try:
                found = _collected(path, url, modified=modified, fetched_at=fetched_at, region=region)
            except OSError as error:
                found = Issue(IssueKind.FETCH_FAILED, f"文件无法读取（{error.strerror}）：{path}")
            if isinstance(found, Issue) or known.get(url) != found.publication.document:
                yield found


def _collected(
    path: Path, url: str, *, modified: Callable[[Path], date], fetched_at: datetime, region: str
) -> CollectedFile | Issue:
    size = path.stat().st_size
    if size > _LARGEST:
        return Issue(IssueKind.FETCH_FAILED, f"文件超过大小上限（{size} 字节），未读入：{path}")
    data = path.read_bytes()
    publication = Publication(
        document=sha256(data).hexdigest(),
        site=SITE,
        region=region,
        url=url,
        page_url="",
        title=path.stem,
        name=path.name,
        published_on=modified(path),
        fetched_at=fetched_at,
        size=len(data),
    )
    return CollectedFile(publication, data)


def files_of(root: Path) -> Iterator[Path]:
    """The file itself, or the files below a folder. Linked folders are followed, but no folder is entered twice."""
    if root.is_file():
        yield root
        return
    entered = {os.path.realpath(root)}
    for folder, folders, names in os.walk(root, followlinks=True):
        here = root.joinpath(folder)
        real = {os.path.realpath(here / name): name for name in sorted(folders, reverse=True) if not is_litter(name)}
        folders[:] = sorted(name for place, name in real.items() if place not in entered)
        entered.update(real)
        yield from (here / name for name in sorted(names) if not is_litter(name) and (here / name).is_file())
