"""Scans made of PDFs: what a copier, a stamp and a careless hand do to a page."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pypdfium2
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

RED = (214, 32, 40)


@dataclass(frozen=True, slots=True)
class Scan:
    """How pages are scanned: `skew` is the largest angle in degrees, `noise` a standard deviation of brightness.

    `quality` is JPEG's, `stamp` puts a round red one over each page, `quarter` turns pages counterclockwise by so many
    quarters.
    """

    dpi: int = 200
    skew: float = 0.0
    noise: float = 0.0
    quality: int = 90
    stamp: bool = False
    quarter: int = 0
    seed: int = 0


def scanned_pdf(data: bytes, pages: Sequence[int], scan: Scan) -> bytes:
    """A PDF whose pages are scans of these pages (from 1) of another."""
    pictures = scanned_pages(data, pages, scan)
    target = io.BytesIO()
    pictures[0].save(
        target, "PDF", save_all=True, append_images=pictures[1:], resolution=scan.dpi, quality=scan.quality
    )
    return target.getvalue()


def scanned_pages(data: bytes, pages: Sequence[int], scan: Scan) -> list[Image.Image]:
    """Scans of these pages (from 1) of a PDF."""
    rng = np.random.default_rng(scan.seed)
    document = pypdfium2.PdfDocument(data)
    try:
        return [_scanned(document[n - 1].render(scale=scan.dpi / 72).to_pil(), scan, rng) for n in pages]
    finally:
        document.close()


def _scanned(picture: Image.Image, scan: Scan, rng: np.random.Generator) -> Image.Image:
    sheet = np.asarray(picture.convert("RGB")).astype(np.float32)
    if scan.stamp:
        sheet *= stamp(sheet.shape, scan.dpi, rng).astype(np.float32) / 255
    height, width = sheet.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-scan.skew, scan.skew), 1)
    sheet = cv2.warpAffine(sheet, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    sheet = np.rot90(sheet, scan.quarter)
    if scan.noise:
        sheet = cv2.GaussianBlur(np.ascontiguousarray(sheet), (3, 3), 0.6) * 0.96
        sheet = sheet + rng.normal(0, scan.noise, sheet.shape)
    target = io.BytesIO()
    Image.fromarray(np.clip(sheet, 0, 255).astype(np.uint8)).save(target, "JPEG", quality=scan.quality)
    return Image.open(target)


def stamp(shape: tuple[int, ...], dpi: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """A white sheet with a round red stamp somewhere: a ring, signs along it, a blot in the middle."""
    layer = np.full(shape, 255, np.uint8)
    height, width = shape[:2]
    x, y = int(width * rng.uniform(0.3, 0.8)), int(height * rng.uniform(0.3, 0.7))
    radius = int(0.8 * dpi)
    cv2.circle(layer, (x, y), radius, RED, max(2, dpi // 25))
    cv2.circle(layer, (x, y), radius // 5, RED, -1)
    for index in range(12):
        angle = np.pi * (1 + index / 11)
        place = int(x + 0.75 * radius * np.cos(angle)) - dpi // 16, int(y + 0.75 * radius * np.sin(angle)) + dpi // 16
        cv2.putText(layer, "EBRW"[index % 4], place, cv2.FONT_HERSHEY_SIMPLEX, dpi / 160, RED, max(2, dpi // 70))
    return layer
