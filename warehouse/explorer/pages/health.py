"""The state of the warehouse for monitors, as JSON."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

    from warehouse.explorer.model import Explorer


def health(request: Request) -> JSONResponse:
    """200 if the last night published what the pages can be read from, and not too long ago; 503 otherwise."""
    state = request.app.state
    edition = state.store.published()
    told = standing(state.explorer, edition, state.store.published_at(), fits=not edition or edition != state.misfit)
    status = HTTPStatus.OK if told["status"] == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse(told, status)


def standing(explorer: Explorer, edition: str, published_at: datetime | None, *, fits: bool = True) -> dict[str, Any]:
    """What /health tells; `status` is ok, none (nothing is published), failed, other_version or stale.

    An edition that another version of the program has made `fits` until a page has found that it does not.
    """
    now = datetime.now(UTC)
    failure = explorer.failed()
    has_failed = bool(failure and (published_at is None or failure.at > published_at))
    disk = shutil.disk_usage(_existing(explorer.home))
    if published_at is None:
        status = "none"
    elif has_failed:
        status = "failed"
    elif not fits:
        status = "other_version"
    else:
        status = "stale" if now - published_at > explorer.stale_after else "ok"
    return {
        "status": status,
        "edition": edition,
        "published_at": published_at and published_at.isoformat(timespec="seconds"),
        "hours_since_publication": published_at and round((now - published_at).total_seconds() / 3600, 1),
        "last_failure": failure
        and {"at": failure.at.isoformat(timespec="seconds"), "text": failure.text, "since_publication": has_failed},
        "disk_free_bytes": disk.free,
        "disk_total_bytes": disk.total,
    }


def _existing(path: Path) -> Path:
    return next(place for place in (path, *path.absolute().parents) if place.exists())


ROUTES = (Route("/health", health),)
