"""Archives become files: whatever tool packed them, and whatever a hostile one claims."""

import gzip
import io
import random
import struct
import zipfile
import zlib

import py7zr
import pytest

from pipeline.bundle import Limits, is_bundle, unpack
from pipeline.issues import IssueKind
from tests.archives import (
    COMPRESSED_RAR,
    ENCRYPTED_RAR,
    ENCRYPTED_RAR_HEADERS,
    stored_rar,
    zipped,
    zipped_raw,
)

REPORT = b"%PDF-1.7 a report"
SMALL = Limits(members=8, member_bytes=400_000, total_bytes=1_000_000, free_bytes=100_000, ratio=20, depth=3)


def unpacked(data, limits=SMALL):
    files = []
    count, issues = unpack(data, "公开.zip", lambda path, content: files.append((path, content)), limits)
    assert count == len(files)
    return files, issues


def sevenzipped(files, **options):
    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w", **options) as archive:
        for name, data in files:
            archive.writestr(data, name)
    return target.getvalue()


WRITERS = {"zip": zipped, "gbk zip": zipped_raw, "7z": sevenzipped, "rar": stored_rar}


@pytest.fixture(params=WRITERS)
def pack(request):
    return WRITERS[request.param]


def test_members_come_out_with_their_chinese_names(pack):
    data = pack([("甲局/2024年度部门决算.pdf", REPORT), ("乙局.xls", b"tables")])
    assert is_bundle(data)
    assert unpacked(data) == ([("甲局/2024年度部门决算.pdf", REPORT), ("乙局.xls", b"tables")], ())


@pytest.mark.parametrize("version", COMPRESSED_RAR)
def test_a_compressed_rar(version):
    text = "决算".encode() * 400
    assert unpacked(COMPRESSED_RAR[version]) == ([("甲局/决算.txt", text), ("乙局.txt", text + b"2")], ())


def test_names_in_utf8_without_flag_and_in_the_unicode_field():
    assert unpacked(zipped_raw([("决算公开表.xls".encode(), b"x")]))[0] == [("决算公开表.xls", b"x")]
    real = "㙟山镇决算.pdf".encode()
    name = b"_.pdf"
    field = struct.pack("<HHBI", 0x7075, 5 + len(real), 1, zlib.crc32(name)) + real
    assert unpacked(zipped_raw([(name, b"x")], field))[0] == [("㙟山镇决算.pdf", b"x")]
    assert unpacked(zipped_raw([(b"renamed.pdf", b"x")], field))[0] == [("renamed.pdf", b"x")]


def test_gzip_of_one_file():
    target = io.BytesIO()
    with gzip.GzipFile("report.pdf", "wb", fileobj=target) as file:
        file.write(REPORT)
    assert unpacked(target.getvalue()) == ([("report.pdf", REPORT)], ())


def test_archives_in_archives(pack):
    inner = zipped([("表/决算表.xls", b"tables")])
    data = pack([("说明.pdf", REPORT), ("附件/表格.zip", inner)])
    assert unpacked(data) == ([("说明.pdf", REPORT), ("附件/表格.zip!/表/决算表.xls", b"tables")], ())


def test_too_deep_an_archive_is_refused_and_said(pack):
    data = zipped([("决算.pdf", REPORT)])
    for level in range(3):
        data = pack([(f"{level}.zip", data)])
    files, issues = unpacked(data)
    assert files == []
    assert [issue.kind for issue in issues] == [IssueKind.MEMBER_REFUSED]
    assert "“2.zip!/1.zip!/0.zip”是第4层压缩包" in issues[0].text


def test_office_documents_and_ofd_are_no_bundles():
    for parts in (["[Content_Types].xml", "xl/workbook.xml"], ["[Content_Types].xml", "word/document.xml"]):
        assert not is_bundle(zipped([(part, b"<x/>") for part in parts]))
    assert not is_bundle(zipped([("mimetype", b"x"), ("content.xml", b"<x/>")]))
    assert not is_bundle(zipped([("OFD.xml", b"<x/>"), ("Doc_0/Document.xml", b"<x/>")]))
    assert is_bundle(zipped([("word/决算.doc", b"x"), ("xl/决算.xls", b"x")]))


def test_a_stored_report_does_not_make_the_archive_a_report(pack):
    data = zipped([("a.pdf", REPORT)], zipfile.ZIP_STORED) if pack is zipped else pack([("a.pdf", REPORT)])
    assert is_bundle(data)


def test_a_name_may_lie_about_what_it_is():
    inner = sevenzipped([("决算.pdf", REPORT)])
    files, _ = unpacked(zipped([("决算.zip", REPORT), ("报告.pdf", inner)]))
    assert files == [("决算.zip", REPORT), ("报告.pdf!/决算.pdf", REPORT)]


def test_litter_and_folders_are_skipped_in_silence(pack):
    litter = ["__MACOSX/._决算.pdf", ".DS_Store", "甲局/Thumbs.db", "desktop.ini", "~$决算.doc"]
    assert unpacked(pack([(name, b"x") for name in litter] + [("甲局/决算.pdf", REPORT)])) == (
        [("甲局/决算.pdf", REPORT)],
        (),
    )
    assert unpacked(zipped([("甲局/", b""), ("甲局/决算.pdf", REPORT)]))[0] == [("甲局/决算.pdf", REPORT)]


@pytest.mark.parametrize("name", ["../../etc/决算.pdf", "/etc/决算.pdf", "C:\\etc\\决算.pdf", "..\\etc\\.\\决算.pdf"])
@pytest.mark.parametrize("write", [zipped, zipped_raw, stored_rar])
def test_paths_never_lead_out_of_the_archive(name, write):
    assert unpacked(write([(name, REPORT)])) == ([("etc/决算.pdf", REPORT)], ())


def test_two_members_of_one_name_are_both_kept():
    for write in (zipped_raw, stored_rar):
        files, issues = unpacked(write([("a/表.xls", b"1"), ("a/表.xls", b"2")]))
        assert files == [("a/表.xls", b"1"), ("a/表(2).xls", b"2")]
        assert not issues


def test_a_bomb_costs_itself_alone(pack):
    files, issues = unpacked(pack([("零.bin", bytes(450_000)), ("决算.pdf", REPORT)]))
    assert files == [("决算.pdf", REPORT)]
    assert [(issue.kind, issue.cell) for issue in issues] == [(IssueKind.MEMBER_REFUSED, "零.bin")]
    assert "压缩炸弹" in issues[0].text


def test_a_declared_size_is_not_believed():
    data = bytearray(zipped([("零.bin", bytes(450_000)), ("决算.pdf", REPORT)]))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.find(signature)
        data[start + offset : start + offset + 4] = (100).to_bytes(4, "little")
    files, issues = unpacked(bytes(data))
    assert files == [("决算.pdf", REPORT)]
    assert len(issues) == 1


def test_many_bombs_end_the_unpacking(pack):
    noise = random.Random(1).randbytes(350_000)
    files, issues = unpacked(pack([(f"{n}.bin", noise[:-1] + bytes([n])) for n in range(4)]))
    assert [path for path, _ in files] == ["0.bin", "1.bin"]
    assert [issue.kind for issue in issues] == [IssueKind.MEMBER_REFUSED]
    assert "其余未取出" in issues[0].text


def test_too_many_members(pack):
    files, issues = unpacked(pack([(f"{n}.pdf", b"%d" % n) for n in range(12)]))
    assert len(files) == 8
    assert [issue.kind for issue in issues] == [IssueKind.MEMBER_REFUSED]
    assert "超过8个" in issues[0].text


def test_members_of_inner_archives_count_too():
    inner = [(f"{i}.zip", zipped([(f"{i}-{n}.pdf", b"%d" % n) for n in range(4)])) for i in range(3)]
    files, issues = unpacked(zipped(inner))
    assert len(files) == 6  # 8 names seen, two of them archives
    assert issues


def test_encrypted_archives():
    secret = sevenzipped([("决算.pdf", REPORT)], password="123")  # noqa: S106 - of a test
    hidden = sevenzipped([("决算.pdf", REPORT)], password="123", header_encryption=True)  # noqa: S106 - of a test
    flagged = bytearray(zipped_raw([("决算.pdf", REPORT)]))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        flagged[flagged.find(signature) + offset] |= 1
    for data in (secret, hidden, bytes(flagged), ENCRYPTED_RAR, ENCRYPTED_RAR_HEADERS):
        files, issues = unpacked(data)
        assert files == []
        assert [issue.kind for issue in issues] == [IssueKind.ENCRYPTED]


def test_a_volume_of_several():
    files, issues = unpacked(stored_rar([("决算.pdf", REPORT)], flags=0x02))
    assert files == []
    assert "分卷" in issues[0].text


def test_an_archive_without_files():
    for data in (zipped([]), zipped([("甲局/", b"")]), zipped([("__MACOSX/._a", b"")]), stored_rar([])):
        files, issues = unpacked(data)
        assert files == []
        assert [issue.kind for issue in issues] == [IssueKind.EMPTY_FILE]


def test_a_damaged_member_is_said_and_never_kept():
    def damaged(pack):
        data = pack([("乙.pdf", REPORT), ("甲.pdf", b"A" * 100), ("丙.pdf", REPORT)])
        return unpacked(data.replace(b"A" * 100, b"A" * 99 + b"B"))

    files, issues = damaged(zipped_raw)
    assert files == [("乙.pdf", REPORT), ("丙.pdf", REPORT)]
    assert [(issue.kind, issue.cell) for issue in issues] == [(IssueKind.DAMAGED_FILE, "甲.pdf")]

    # the libraries for RAR and 7z go no further, which is said too
    for pack in (stored_rar, lambda files: sevenzipped(files, filters=[{"id": py7zr.FILTER_COPY}])):
        files, issues = damaged(pack)
        assert files == [("乙.pdf", REPORT)]
        assert {issue.kind for issue in issues} == {IssueKind.DAMAGED_FILE}
        assert "没有全部取出" in issues[-1].text


def test_truncated_and_flipped_archives_are_always_told(pack):
    whole = pack([("甲.pdf", random.Random(2).randbytes(3000)), ("乙.pdf", REPORT)])
    chance = random.Random(3)
    for cut in [len(whole) // 2, len(whole) - 30, 40]:
        files, issues = unpacked(whole[:cut])
        assert issues, cut
        assert len(files) < 2
    for _ in range(60):
        data = bytearray(whole)
        data[chance.randrange(8, len(data))] ^= 1 << chance.randrange(8)
        files, issues = unpacked(bytes(data))
        good = {REPORT, random.Random(2).randbytes(3000)}
        assert issues or {content for _, content in files} <= good


def test_the_limits_let_a_city_through():
    limits = Limits()
    assert limits.members >= 1500
    assert limits.member_bytes >= 100_000_000
