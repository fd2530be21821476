"""The names in a zip archive whose directory is damaged or cut off: they stand before each entry, too (rule X9)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

from auditor.bundle.archive import Packed
from auditor.bundle.limits import MEBIBYTE, Limits

# APPNOTE 6.3.10, 4.3.7 and 4.3.12: signature, bytes before the name, place of its length.
_HEADERS = ((b"PK\x03\x04", 30, 26), (b"PK\x01\x02", 46, 28))
_LENGTH = struct.Struct("<H")
_MOST_BYTES = 256 * MEBIBYTE
_OVERLAP = 46 + 4 * 1024


def names_in_damaged(packed: Packed, limits: Limits, most: int) -> tuple[str, ...]:
    """The names of entries, at most ``most``, as they stand in the archive; folders end in ``/``. Raises OSError."""
    names: dict[str, None] = {}
    with packed.open() as file:
        for name in _names(file, limits.path_characters):
            names[name] = None
            if len(names) >= most:
                break
    return tuple(names)


def _names(file: IO[bytes], longest: int) -> Iterator[str]:
    block, read = b"", 0
    while read < _MOST_BYTES and (more := file.read(MEBIBYTE)):
        read += len(more)
        block += more
        for signature, before, place in _HEADERS:
            at = block.find(signature)
            while at >= 0:
                end = at + before + (_LENGTH.unpack_from(block, at + place)[0] if at + before <= len(block) else 0)
                name = block[at + before : end]
                if 0 < len(name) <= longest and end <= len(block) and (text := _text(name)):
                    yield text
                at = block.find(signature, at + before)
        block = block[-_OVERLAP:]


def _text(name: bytes) -> str:
    """A name in UTF-8, as most archivers write it, ``""`` if it is none or holds what no name does."""
    try:
        text = name.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if text.isprintable() else ""
