"""What a file is that holds no JSON, in words, for the list of what else lies in a bundle."""

from __future__ import annotations

import re

# (offset, first bytes there, what it is)
_MAGIC = (
    (0, b"\x89PNG\r\n\x1a\n", "picture (PNG)"),
    (0, b"\xff\xd8\xff", "picture (JPEG)"),
    (0, b"GIF8", "picture (GIF)"),
    (8, b"WEBP", "picture (WebP)"),
    (4, b"ftyp", "picture or film (MPEG-4, HEIF)"),
    (0, b"%PDF", "PDF"),
    (0, b"\x00\x00\x00\x01Bud1", "Finder metadata (.DS_Store)"),
    (0, b"\x00\x05\x16\x07", "Finder metadata (AppleDouble)"),
    (0, b"PK\x03\x04", "zip archive or office document"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"BZh", "bzip2"),
    (0, b"\xfd7zXZ\x00", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "Zstandard"),
    (0, b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (0, b"Rar!\x1a\x07", "RAR archive"),
    (257, b"ustar", "tar archive"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office document (before 2007) or Thumbs.db"),
    (0, b"SQLite format 3\x00", "SQLite database"),
    (0, b"PAR1", "Parquet file"),
    (0, b"\x7fELF", "program"),
    (0, b"MZ", "program"),
)

# (what it is, how its text begins), the first that fits
_BEGINNINGS = tuple(
    (what, re.compile(pattern, re.IGNORECASE if what in ("web page", "XML") else 0))
    for what, pattern in (
        ("table output of the AWS CLI", r"-{8,}\r?\n\|"),
        ("text output of the AWS CLI", r"[A-Z][A-Z0-9]{2,63}\t"),
        ("YAML output of the AWS CLI", r"[A-Za-z]\w{0,63}:(?:\s*\[\]|\r?\n(?:- |  )\S)"),
        ("web page", r"(?:<!doctype html|<html)"),
        ("XML", r"<\?xml"),
        ("broken JSON", r"[\[{]"),
    )
)


def binary_kind(data: bytes) -> str:
    """What ``data`` is by its first bytes (``"picture (PNG)"``), or ``""``."""
    return next((what for offset, magic, what in _MAGIC if data.startswith(magic, offset)), "")


def text_kind(text: str) -> str:
    """What ``text`` is by its beginning: an output format of the AWS CLI, a web page …, or ``"text"``."""
    start = text.lstrip("\ufeff \t\r\n")
    return next((what for what, pattern in _BEGINNINGS if pattern.match(start)), "text")
