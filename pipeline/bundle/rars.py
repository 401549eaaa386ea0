"""RAR archives, through RARLAB's own library (in the wheel unrar2-cffi).

The wheel's zipfile-like class reads a member whole and cannot stop, so its thin layer over the C calls is used.
"""

from __future__ import annotations

import re
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from unrar.cffi import unrarlib as lib

from pipeline.bundle.names import decoded
from pipeline.issues import IssueKind

if TYPE_CHECKING:
    from pipeline.bundle.intake import Intake

_SUCCESS, _END, _MISSING_PASSWORD, _BAD_PASSWORD = 0, 10, 22, 24
_SPLIT, _ENCRYPTED, _DIRECTORY = 0x01 | 0x02, 0x04, 0x20
_GO_ON, _STOP = 1, -1
_UNDECODED = re.compile("[\ue000-\uf8ff\ufffe]")
"""What the library makes of bytes of a name that are not in the encoding of this machine."""


def unpack_rar(data: bytes, intake: Intake) -> None:
    """Send the members of a RAR archive; the library wants a file to read from."""
    with NamedTemporaryFile(suffix=".rar") as file:
        file.write(data)
        file.flush()
        try:
            with lib.RarArchive.open_for_processing(file.name) as archive:
                result = _send_members(archive.handle, len(data), intake)
        except lib.BadRarFile as error:
            result = error.code
    if intake.stopped or result == _END:
        return
    if result in (_MISSING_PASSWORD, _BAD_PASSWORD):
        intake.refuse_rest("需要密码才能打开，请向公开单位索取未加密的文件。", IssueKind.ENCRYPTED)
    else:
        intake.refuse_rest("已损坏或不完整，其中的文件没有全部取出；请重新下载。", IssueKind.DAMAGED_FILE)


def _send_members(handle: Any, packed: int, intake: Intake) -> int:
    """Send all members; returns the library's code for why there are no more."""
    while not intake.stopped:
        header = lib.RARHeaderDataEx()
        result = int(lib.RARReadHeaderEx(handle, header))
        if result != _SUCCESS:
            return result
        wanted = not header.Flags & _DIRECTORY and intake.opens(_name(header), packed)
        if wanted and header.Flags & _SPLIT:
            intake.refuse("是分卷压缩的一部分，没有取出；请把各分卷放在一起解压后放入。")
        elif wanted and header.Flags & _ENCRYPTED:
            intake.refuse_encrypted()
        elif wanted and header.RedirType:
            intake.refuse_link()
        elif wanted:
            _send(handle, intake)
            continue
        lib.RARProcessFileW(handle, lib.C_RAR_SKIP, lib.ffi.NULL, lib.ffi.NULL)
    return _END


def _send(handle: Any, intake: Intake) -> None:
    """Decompress one member chunk by chunk. Stopping in mid-member ends the archive, so what is refused runs on."""

    def take(message: int, address: int, size: int) -> int:
        if message != lib.UCM_PROCESSDATA:
            return _STOP  # asks for a password, a volume, or memory for a huge dictionary
        intake.write(bytes(lib.ffi.buffer(lib.ffi.cast("char *", address), size)))
        return _STOP if intake.stopped else _GO_ON

    reference = lib.ffi.new_handle(take)
    lib.RARSetCallbackPtr(handle, lib.PyUNRARCALLBACKStub, reference)
    result = lib.RARProcessFileW(handle, lib.C_RAR_TEST, lib.ffi.NULL, lib.ffi.NULL)
    lib.RARSetCallbackPtr(handle, lib.ffi.NULL, lib.ffi.NULL)
    if result == _SUCCESS:
        intake.close()
    elif result in (_MISSING_PASSWORD, _BAD_PASSWORD):
        intake.refuse_encrypted()
    else:
        intake.refuse_damaged()


def _name(header: Any) -> str:
    name = str(lib.ffi.string(header.FileNameW))
    return decoded(lib.ffi.string(header.FileName)) if _UNDECODED.search(name) else name
