"""Archives packed by hand, good and bad, and what reading gives of them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

from auditor.bundle import open_bundle
from auditor.errors import Problem
from auditor.text import one_line

GOOD = b'{"MetricAlarms": []}'
MEBIBYTE = 1 << 20


def read_beside_neighbours(folder: Path, name: str, data: bytes) -> list[str]:
    """What reading a folder gives that holds ``data`` as ``name`` between two good files: paths and codes."""
    (folder / "A.json").write_bytes(GOOD)
    (folder / "z.json").write_bytes(GOOD)
    (folder / name).write_bytes(data)
    found = []
    for item in open_bundle([folder]).read():
        if isinstance(item, Problem):
            assert item.line() == one_line(item.line(), 1_000)
            assert item.remedy
            found.append(f"{item.file}: {item.code}")
        else:
            found.append(item.path)
    assert found[0] == "A.json"
    assert found[-1] == "z.json"
    return found[1:-1]


def in_zip(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return file.getvalue()


def patched(archive: bytes, local: dict[int, bytes], central: dict[int, bytes]) -> bytes:
    """The archive with bytes of its first entry's local and central headers replaced, by offset in them."""
    changed = bytearray(archive)
    for start, changes in ((archive.index(b"PK\x03\x04"), local), (archive.index(b"PK\x01\x02"), central)):
        for offset, data in changes.items():
            changed[start + offset : start + offset + len(data)] = data
    return bytes(changed)


def block(name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, size: int | None = None) -> bytes:
    """A tar header of the old form, with a right checksum, and its data."""
    declared = len(data) if size is None else size
    octal = 0 <= declared < 8**11
    digits = b"%011o\0" % declared if octal else (declared % 2**96 | 1 << 95).to_bytes(12, "big")
    header = bytearray(512)
    header[:100] = name.encode().ljust(100, b"\0")
    header[100:124] = b"0000644\0" + b"0000000\0" * 2
    header[124:136] = digits
    header[136:156] = b"%011o\0" % 0 + b" " * 8
    header[156:157] = kind
    header[157:160] = b"x\0\0"
    header[257:265] = b"ustar\x0000"
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + data + bytes(-len(data) % 512)


END = bytes(1024)
AFTER = block("b.json", GOOD) + END


def pax(**fields: str) -> bytes:
    lines = b""
    for key, value in fields.items():
        body = f" {key}={value}\n".encode()
        length = len(body) + len(str(len(body) + 3))
        lines += f"{length}".encode() + body
    return block("pax", lines, tarfile.XHDTYPE)
