"""What a file is, judged by its bytes and never by its name."""

from __future__ import annotations

import io
import zipfile

import olefile

from pipeline.read import ziplimits

PDF = "PDF"
HTML = "HTML 网页"
DOCX, XLSX, PPTX = "Word 文档（.docx）", "Excel 工作簿（.xlsx）", "PowerPoint 演示文稿（.pptx）"
DOC, XLS, PPT = "旧版 Word/WPS 文档（.doc、.wps）", "旧版 Excel/WPS 工作簿（.xls、.et）", "旧版演示文稿（.ppt、.dps）"
OLE, LOCKED = "旧版 Office/WPS 文件（不是 .doc 也不是 .xls）", "加密的 Office 文档"
ODS, OPEN_DOCUMENT = "OpenDocument 工作簿（.ods）", "OpenDocument 文档"
OFD = "OFD 版式文档"
ZIP, RAR, SEVEN_ZIP, GZIP = "ZIP 压缩包", "RAR 压缩包", "7z 压缩包", "gzip 压缩文件"
BROKEN_ZIP, BROKEN_OLE = "损坏的 ZIP 压缩包或 Office 文档", "损坏的旧版 Office/WPS 文档（.doc、.xls）"
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
)
_ZIPPED = (
    ("word/document.", DOCX),  # a bundle may well have a folder word/
    ("xl/workbook.bin", "Excel 二进制工作簿（.xlsb）"),
    ("xl/workbook.", XLSX),
    ("ppt/presentation.", PPTX),
    ("OFD.xml", OFD),
    ("content.xml", OPEN_DOCUMENT),
)
_STREAMS = (
    ("EncryptedPackage", LOCKED),
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("Book", XLS),
    ("PowerPoint Document", PPT),
)
_MARKUP = (
    b"<!doctype html",
    b"<html",
    b"<head",
    b"<body",
    b"<script",
    b"<meta",
    b"<!--",
    b"<div",
    b"<table",
    b"<title",
)


def kind_of(data: bytes) -> str:
    """PDF, or the Chinese name of what the file looks like; "" for an empty file."""
    if not data.strip(b"\x00\t\r\n "):
        return ""
    start = _in_one_byte(data[: 2 * _HEAD]).lstrip(b"\xef\xbb\xbf\t\r\n ").lower()
    magic = next((name for magic, name in _MAGIC if data.startswith(magic)), "")
    # a page that shows a PDF in a script may hold its mark, so markup is looked for before it
    if start.startswith(_MARKUP) or (start.startswith(b"<?xml") and b"<html" in start):
        kind = HTML
    elif data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        kind = _zip_kind(data)
    elif data.startswith(olefile.MAGIC):
        kind = _ole_kind(data)
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


def _in_one_byte(head: bytes) -> bytes:
    """The first bytes with ASCII as single bytes: Excel saves web pages in UTF-16 too."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace").encode("ascii", "replace")
    return head[:_HEAD]


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            media_type = archive.read("mimetype") if _is_small(archive, "mimetype") else b""
    except ziplimits.FAILURES:
        return BROKEN_ZIP
    for part, name in _ZIPPED:
        if any(entry.startswith(part) for entry in names):
            return ODS if name == OPEN_DOCUMENT and b"opendocument.spreadsheet" in media_type else name
    return ZIP


def _is_small(archive: zipfile.ZipFile, name: str) -> bool:
    return name in archive.namelist() and archive.getinfo(name).file_size <= _HEAD


def _ole_kind(data: bytes) -> str:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            streams = {path[0].lower() for path in container.listdir() if len(path) == 1}
    except (OSError, ValueError, IndexError, TypeError):
        return BROKEN_OLE
    return next((kind for stream, kind in _STREAMS if stream.lower() in streams), OLE)


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
