"""Tag files of a bag: its declaration ``bagit.txt``, and labels with values in ``bag-info.txt``."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.text import one_line

_VERSION = re.compile(r"BagIt-Version:\s*([0-9]{1,3})\.([0-9]{1,3})", re.IGNORECASE)
_ENCODING = re.compile(r"Tag-File-Character-Encoding:\s*(\S+)", re.IGNORECASE)
# Python's own, which are no character sets of files: some take time by the square of a text, or refuse to go on.
_NO_CHARACTER_SETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})


@dataclass(frozen=True, slots=True)
class Declaration:
    """The version of BagIt that a bag follows, and the encoding of its other tag files (a name of Python's)."""

    version: tuple[int, int]
    encoding: str


def read_declaration(data: bytes) -> tuple[Declaration, list[str]]:
    """What ``bagit.txt`` declares (RFC 8493, 2.1.1), and its faults; what is faulty is read as 1.0 and UTF-8."""
    text = data.decode("utf-8-sig", "replace")
    version, encoding = _VERSION.search(text), _ENCODING.search(text)
    faults = []
    if version is None:
        faults.append("does not say BagIt-Version: 1.0.")
    if encoding is None:
        faults.append("does not say Tag-File-Character-Encoding: UTF-8.")
    name = encoding[1] if encoding else "UTF-8"
    codec = _codec(name)
    if codec is None:
        faults.append(f"names an encoding that is not known: {one_line(name, 40)}.")
        codec = codecs.lookup("utf-8")
    return Declaration((int(version[1]), int(version[2])) if version else (1, 0), codec.name), faults


def _codec(name: str) -> codecs.CodecInfo | None:
    """Python's codec of a character set, None if it has none of that name."""
    try:
        codec = codecs.lookup(name)
        b"text\xff".decode(name, "backslashreplace")  # what is no codec of texts refuses
    except (LookupError, ValueError):
        return None
    return None if codec.name.replace("_", "-") in _NO_CHARACTER_SETS else codec


def tag_text(data: bytes, encoding: str) -> tuple[str, str]:
    """The text of a tag file, and its fault (``""`` if all its bytes are text in its encoding)."""
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        line = data[: error.start].count(b"\n") + 1 if isinstance(error, UnicodeDecodeError) else 1
        return data.decode(
            encoding, "backslashreplace"
        ), f"is no {encoding.upper()} as bagit.txt declares (line {line})."
    return text.removeprefix("\ufeff"), ""


def read_info(text: str) -> tuple[tuple[str, str], ...]:
    """The labels of ``bag-info.txt`` with their values in order; an indented line continues the one before."""
    info: list[tuple[str, str]] = []
    for line in text.splitlines():
        label, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and info:
            info[-1] = (info[-1][0], f"{info[-1][1]} {line.strip()}")
        elif colon:
            info.append((label.strip(), value.strip()))
    return tuple(info)


def info_text(info: Iterable[tuple[str, str]]) -> bytes:
    """``bag-info.txt`` of labels and values, each on one line."""
    return "".join(f"{label}: {one_line(value, 2_000)}\n" for label, value in info).encode("utf-8", "backslashreplace")
