"""Archives written for tests: in forms that only foreign tools write, and RAR, which only RARLAB's own tool writes."""

import io
import struct
import zipfile
import zlib
from base64 import b85decode
from collections.abc import Sequence

Files = Sequence[tuple[str | bytes, bytes]]

COMPRESSED_RAR = {
    # 甲局/决算.txt and 乙局.txt, as one solid stream: the word 决算 400 times, and the same with a 2 behind it
    "RAR5": b85decode(
        "Qeko-8V3OY+}>U_0|5X8n^II(5d#Js1RMZix1kIG00dG&Qd4qaa&s>*E-^ALGYV~Ca%*LBEpuaNWo=<SF$z|$gdIcz10xp%;1VDX"
        "ry(YQ0{{`{l(OZqfG_2Sv*)gtE_8TwA_4$RpzswJSZ299_A)kB9+0Vr6wsq@=SGxxs&S}R<9~w1ixfjb{35-OQWhkW98Uci8rhZc"
        "m5ibx>kT~u10xOu;SwONvP=EI0{{x-xtZm$fG%`+bRq%(^pGgR78R~T`OXV5K7*wW85VTf?Y0)dGR%&OahdRm#+M5L{vy-A{$vn)"
        "HS8I(IyD0Y000"
    ),
    "RAR4": b85decode(
        "Qeko-8V3M7&~pd?4FCWD00000F6Vjxz$5@10000S00000VYi_S000009WVp{00000QbAHva$$0FFEB1KGA=U;ZDDe2WpXWZV`yb<"
        "VLdSl6X|pyfH43T0001B2><{94yPd|000009WxOCAOHXW=ajPLv4Ah-hO_6cmo9X8bf*~PpM7G3C^phBS2K#|Bjfm%y0wsP5_B+t"
        "DgX%p003bL00023vP=B{0000TGYSA80002wxtZm$fG%`+bcge%{^Nk7hEM"
    ),
}
ENCRYPTED_RAR = b85decode(
    "Qeko-8V3OY#Tqj*0|5X4n^II(5d#Js1RMZix1kIG00dG&Qd4qaa&s>*E-^ALGYV~Ca%*LBEpuaNWo=<SF$xMQskmwa15^+M9v~~c"
    "bZCGB00-r-hAwn?bT9z`0}t~nUW$~F5{YOw$4>Q&!Uv9S+;@>8ycBQweJ&g#Uikx){$Vvv>pEVGNvt9Q04-(uqMVU9cXC~)mE>Xi"
    "$((y^DJoB_h|eU2i5_;mIS;U>?}P8Z#jYfCb>vaYP#Lm1H3J0z00"
)
ENCRYPTED_RAR_HEADERS = b85decode(
    "Qeko-8V3OYB2=edAp`&b0S~qQ%15FG)8Fk^cBoA9k0pIdH*lhQZR?1UhbS!^FGrVcn%3|1u;y6c1*mjav8RL|_kVGyXbVK2n~Vf%"
    "mw_ME0r0kBDa3g;Y>?2p6W+jV*n8g#6_h->A3a+l@j*6NxPb28oBK#Lbn$Xwa&s>*E-^ALGYV~Ca%*LBEpuaNWo=<SF$yL9j_)B?"
    "B&MsmQ{MHwNu`l~+i3e4D156ju3ECm?&*|6b{Wq^Ejlbnft8v7>a>SYxnlm6r?WT4+mwOcxHYKJnlWa_EA2=gDvzCM5b5}@`uw2v"
    "S`{5``2;_P5fJVd$wsA9ObfY(U9E6%LO|L6+C7KcYK7hOBLq}$I|lWq5)i^72Vf=qb`b?8t_g~<!^_2<$-io-*o3>}@8!nk=gzTv"
    "x95I|8jO$~Z~X"
)


def zipped(files: Files, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive with names as text, flagged as UTF-8 where they are not ASCII."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, data in files:
            archive.writestr(_entry(name), data, compression)
    return target.getvalue()


def zipped_raw(files: Files, extra: bytes = b"") -> bytes:
    """A ZIP archive with names as plain bytes, without the UTF-8 flag: what Chinese Windows writes."""
    local, central = b"", b""
    for name, data in files:
        raw = name if isinstance(name, bytes) else name.encode("gbk")
        common = struct.pack(
            "<HHHHHIIIHH", 20, 0, 0, 0, 0x5A21, zlib.crc32(data), len(data), len(data), len(raw), len(extra)
        )
        central += b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, len(local)) + raw + extra
        local += b"PK\x03\x04" + common + raw + extra + data
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(central), len(local), 0)
    return local + central + b"PK\x05\x06" + end


def stored_rar(files: Files, flags: int = 0) -> bytes:
    """A RAR 4 archive of uncompressed members, with names as plain bytes in GBK."""
    blocks = [b"Rar!\x1a\x07\x00", _block(0x73, 0, bytes(6))]
    for name, data in files:
        raw = name if isinstance(name, bytes) else name.encode("gbk")
        body = struct.pack(
            "<IIBIIBBHI", len(data), len(data), 2, zlib.crc32(data), 0x5A210000, 20, 0x30, len(raw), 0x20
        )
        blocks.append(_block(0x74, 0x8000 | flags, body + raw) + data)
    return b"".join([*blocks, _block(0x7B, 0x4000, b"")])


def _block(kind: int, flags: int, body: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def _entry(name: str | bytes) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name if isinstance(name, str) else name.decode("cp437"), (2025, 9, 1, 0, 0, 0))
