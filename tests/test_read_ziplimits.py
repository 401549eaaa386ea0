from __future__ import annotations

import io
import zipfile

import pytest

from pipeline.issues import IssueKind
from pipeline.read.ziplimits import BoundedZip, Limits, ZipRefusedError


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def refusal(data: bytes, limits: Limits = Limits()) -> IssueKind:  # noqa: B008 - frozen
    with pytest.raises(ZipRefusedError) as caught:
        BoundedZip(data, limits).read("a")
    return caught.value.kind


def test_members_are_read():
    archive = BoundedZip(zipped(a=b"1", b=b"2"))
    assert ("a" in archive, "c" in archive, archive.read("b")) == (True, False, b"2")


def test_limits_hold_each_by_itself():
    zeros = zipped(a=bytes(1_000_000))
    few = zipped(a=b"1", b=b"2")
    assert BoundedZip(zeros, Limits(free=1_000_000)).read("a") == bytes(1_000_000)
    assert refusal(zeros, Limits(free=999_999)) is IssueKind.DAMAGED_FILE
    assert refusal(zeros, Limits(total=999_999)) is IssueKind.DAMAGED_FILE
    assert refusal(few, Limits(members=1)) is IssueKind.DAMAGED_FILE


def test_damage_and_passwords_are_told_apart():
    good = zipped(a=b"x" * 5000)
    assert refusal(good[:-30]) is IssueKind.DAMAGED_FILE
    assert refusal(good.replace(b"a", b"b")) is IssueKind.DAMAGED_FILE  # no such member
    broken = bytearray(good)
    broken[40] ^= 0xFF
    assert refusal(bytes(broken)) is IssueKind.DAMAGED_FILE
    locked = bytearray(good)
    locked[good.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(locked)) is IssueKind.ENCRYPTED


def test_names_of_bundles_packed_in_china():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("ABCD.pdf", b"1")
    data = buffer.getvalue().replace(b"ABCD", "决算".encode("gbk"))
    assert "决算.pdf" in BoundedZip(data, encoding="gbk")
