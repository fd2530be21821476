"""What a file is that holds no JSON, for the list of what else lies in a bundle."""

from __future__ import annotations

import re
from enum import Enum

ANSWER_ENDINGS = (".json", ".gz", ".txt", ".out", ".yaml", ".yml", ".csv", ".tsv")
"""Of the files in which people save an answer; others that are called so are scripts, or notes, on the call."""


class FileKind(Enum):
    """The kinds of files, each with its name in words."""

    JSON = ""
    EMPTY = "empty file"
    REFUSAL = "refusal of the AWS CLI"
    BROKEN_JSON = "broken JSON"
    CUT_JSON = "JSON that ends too early"
    DEEP_JSON = "JSON nested too deeply"
    EMPTY_TABLE = "table output of the AWS CLI without a row"
    EMPTY_YAML = "YAML output of the AWS CLI with empty lists alone"
    TABLE_OUTPUT = "table output of the AWS CLI"
    TEXT_OUTPUT = "text output of the AWS CLI"
    YAML_OUTPUT = "YAML output of the AWS CLI"
    WEB_PAGE = "web page"
    XML = "XML"
    TEXT = "text"
    PNG = "picture (PNG)"
    JPEG = "picture (JPEG)"
    GIF = "picture (GIF)"
    WEBP = "picture (WebP)"
    HEIF = "picture or film (MPEG-4, HEIF)"
    PDF = "PDF"
    DS_STORE = "Finder metadata (.DS_Store)"
    APPLE_DOUBLE = "Finder metadata (AppleDouble)"
    ZIP = "zip archive or office document"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZSTANDARD = "Zstandard"
    SEVEN_ZIP = "7-Zip archive"
    RAR = "RAR archive"
    TAR = "tar archive"
    OLD_OFFICE = "office document (before 2007) or Thumbs.db"
    SQLITE = "SQLite database"
    PARQUET = "Parquet file"
    PROGRAM = "program"
    BINARY = "binary file"

    @property
    def cli_output(self) -> bool:
        """Whether the AWS CLI wrote it, in another format than JSON."""
        return self in (FileKind.TABLE_OUTPUT, FileKind.TEXT_OUTPUT, FileKind.YAML_OUTPUT) or self.lists_nothing

    @property
    def lists_nothing(self) -> bool:
        """Whether it is the AWS CLI's answer that there is nothing of the kind, in another format than JSON."""
        return self in (FileKind.EMPTY_TABLE, FileKind.EMPTY_YAML)

    @property
    def litter(self) -> bool:
        """Whether a system wrote it beside people's files, whatever these are called."""
        return self in (FileKind.DS_STORE, FileKind.APPLE_DOUBLE)

    @property
    def archive(self) -> bool:
        """Whether files may be packed in it."""
        return self in _ARCHIVES

    @property
    def binary(self) -> bool:
        """Whether it is no text."""
        return self in _BINARIES


# (offset, first bytes there, what it is)
_MAGIC = (
    (0, b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (0, b"\xff\xd8\xff", FileKind.JPEG),
    (0, b"GIF8", FileKind.GIF),
    (8, b"WEBP", FileKind.WEBP),
    (4, b"ftyp", FileKind.HEIF),
    (0, b"%PDF", FileKind.PDF),
    (0, b"\x00\x00\x00\x01Bud1", FileKind.DS_STORE),
    (0, b"\x00\x05\x16\x07", FileKind.APPLE_DOUBLE),
    (0, b"PK\x03\x04", FileKind.ZIP),
    (0, b"\x1f\x8b", FileKind.GZIP),
    (0, b"BZh", FileKind.BZIP2),
    (0, b"\xfd7zXZ\x00", FileKind.XZ),
    (0, b"\x28\xb5\x2f\xfd", FileKind.ZSTANDARD),
    (0, b"7z\xbc\xaf\x27\x1c", FileKind.SEVEN_ZIP),
    (0, b"Rar!\x1a\x07", FileKind.RAR),
    (257, b"ustar", FileKind.TAR),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind.OLD_OFFICE),
    (0, b"SQLite format 3\x00", FileKind.SQLITE),
    (0, b"PAR1", FileKind.PARQUET),
    (0, b"\x7fELF", FileKind.PROGRAM),
    (0, b"MZ", FileKind.PROGRAM),
)
_BINARIES = frozenset((*(kind for _, _, kind in _MAGIC), FileKind.BINARY))

_ARCHIVES = frozenset(
    {
        FileKind.ZIP, FileKind.GZIP, FileKind.BZIP2, FileKind.XZ, FileKind.ZSTANDARD, FileKind.SEVEN_ZIP, FileKind.RAR,
        FileKind.TAR,
    }
)  # fmt: skip

# (what it is, how its text begins), the first that fits
_BEGINNINGS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE if kind in (FileKind.WEB_PAGE, FileKind.XML) else 0))
    for kind, pattern in (
        (FileKind.EMPTY_TABLE, r"-{8,}\r?\n\|\s*\w+\s*\|\r?\n\+-*\+\s*\Z"),
        (FileKind.EMPTY_YAML, r"(?:[A-Za-z]\w{0,63}:\s*\[\]\s*)+\Z"),
        (FileKind.TABLE_OUTPUT, r"-{8,}\r?\n\|"),
        (FileKind.TEXT_OUTPUT, r"[A-Z][A-Z0-9]{2,63}\t"),
        (FileKind.YAML_OUTPUT, r"[A-Za-z]\w{0,63}:(?:\s*\[\]|\r?\n(?:- |  )\S)"),
        (FileKind.WEB_PAGE, r"(?:<!doctype html|<html)"),
        (FileKind.XML, r"<\?xml"),
        (FileKind.BROKEN_JSON, r"[\[{]"),
    )
)


def binary_kind(data: bytes) -> FileKind | None:
    """What ``data`` is by its first bytes, None if they tell nothing."""
    return next((kind for offset, magic, kind in _MAGIC if data.startswith(magic, offset)), None)


def text_kind(text: str) -> FileKind:
    """What ``text`` is by its beginning: an output format of the AWS CLI, a web page …, or text."""
    start = text.lstrip("\ufeff \t\r\n")
    return next((kind for kind, pattern in _BEGINNINGS if pattern.match(start)), FileKind.TEXT)
