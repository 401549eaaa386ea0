"""What a file is, judged by its bytes and never by its name."""

from __future__ import annotations

import io
import struct
import zipfile

PDF = "PDF"
HTML = "HTML 网页"
DOCX, XLSX, PPTX = "Word 文档（.docx）", "Excel 工作簿（.xlsx）", "PowerPoint 演示文稿（.pptx）"
OLE = "旧版 Office/WPS 文档（.doc、.xls、.wps 或 .et）"
OFD, OPEN_DOCUMENT = "OFD 版式文档", "OpenDocument 文档"
ZIP, RAR, SEVEN_ZIP, GZIP = "ZIP 压缩包", "RAR 压缩包", "7z 压缩包", "gzip 压缩文件"
BROKEN_ZIP = "损坏的 ZIP 压缩包"
PNG, JPEG, TIFF = "PNG 图片", "JPEG 图片", "TIFF 图片"
_HEAD = 1024  # PDF readers accept junk before the header up to here

_MAGIC = (
    (b"Rar!\x1a\x07", RAR),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"\x1f\x8b", GZIP),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"GIF8", "GIF 图片"),
    (b"BM", "BMP 图片"),
    (b"{\\rtf", "RTF 文档"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
)
_ZIPPED = (
    ("word/document.", DOCX),  # a bundle may well have a folder word/
    ("xl/workbook.", XLSX),
    ("ppt/presentation.", PPTX),
    ("OFD.xml", OFD),
    ("content.xml", OPEN_DOCUMENT),
)
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<meta", b"<!--", b"<div")


def kind_of(data: bytes) -> str:
    """PDF, or the Chinese name of what the file looks like; "" for an empty file."""
    if not data.strip(b"\x00\t\r\n "):
        return ""
    start = data[:_HEAD].lstrip(b"\xef\xbb\xbf\t\r\n ").lower()
    magic = next((name for magic, name in _MAGIC if data.startswith(magic)), "")
    # a page that shows a PDF in a script may hold its mark, so markup is looked for before it
    if start.startswith(_MARKUP) or (start.startswith(b"<?xml") and b"<html" in start):
        kind = HTML
    elif data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        kind = _zip_kind(data)
    elif b"%PDF-" in data[:_HEAD] and magic not in (RAR, SEVEN_ZIP, GZIP):  # which may hold one as it is
        kind = PDF
    elif start.startswith(b"<?xml"):
        kind = "XML 文件"
    else:
        kind = magic or ("文本文件" if _is_text(data[:_HEAD]) else "无法辨认的文件")
    return kind


def is_cut_off(data: bytes) -> bool:
    """True for a PDF whose end is missing: every complete file closes with `startxref` behind its last object."""
    return data.rfind(b"startxref") < data.rfind(b" 0 obj")


def _zip_kind(data: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, struct.error):
        return BROKEN_ZIP
    for part, name in _ZIPPED:
        if any(entry.startswith(part) for entry in names):
            return name
    return ZIP


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):  # the head may end within a character
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False
