"""Manifests of a bag: one line ``DIGEST  PATH`` a file, read with every fault named by its line, and written."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.errors import Problem
from auditor.text import count, one_line

# Algorithms of hashlib by the letters of their names, as names of manifests have them (RFC 8493, 2.4).
ALGORITHMS: Mapping[str, str] = {
    "md5": "md5",
    "sha1": "sha1",
    "sha224": "sha224",
    "sha256": "sha256",
    "sha384": "sha384",
    "sha512": "sha512",
    "sha3256": "sha3_256",
    "sha3384": "sha3_384",
    "sha3512": "sha3_512",
}
DIGEST_LENGTHS = {
    "md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128,
    "sha3_256": 64, "sha3_384": 96, "sha3_512": 128,
}  # fmt: skip
PAYLOAD = "data/"
MANIFEST_NAME = re.compile(r"(?P<tag>tag)?manifest-(?P<algorithm>[A-Za-z0-9_-]+)\.txt")

_LINE = re.compile(r"(?P<digest>\S+)[ \t]+(?P<path>\S.*)")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_ESCAPES = {"%0A": "\n", "%0D": "\r", "%25": "%"}
_ESCAPE = re.compile("|".join(_ESCAPES), re.IGNORECASE)
_LISTED = 10  # faulty lines of one manifest that are told one by one
_REMEDY = "Ask for the bag as it was sealed."


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as read. ``digests`` in lower case, by path relative to the bag; ``problems`` are its faults."""

    name: str
    algorithm: str
    digests: Mapping[str, str]
    problems: tuple[Problem, ...]


def algorithm_of(name: str) -> str:
    """The algorithm of hashlib that a manifest's name (``manifest-sha256.txt``) says; ``""`` if there is none such."""
    named = MANIFEST_NAME.fullmatch(name)
    return ALGORITHMS.get(re.sub("[-_]", "", named["algorithm"].lower()), "") if named else ""


def read_manifest(name: str, shown: str, text: str, escapes_percent: bool) -> Manifest:
    """The manifest ``name``, ``shown`` so in problems. ``escapes_percent``: as version 1.0 does (RFC 8493, 2.1.3)."""
    algorithm = algorithm_of(name)
    digests: dict[str, str] = {}
    problems: list[Problem] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        entry = _LINE.fullmatch(line.strip(" \t"))
        fault = "has no digest and path" if entry is None else _fault(entry["digest"], entry["path"], algorithm)
        if entry is None or fault:
            cut = " It may be cut short." if number == len(lines) else ""
            says = f"{fault}: {one_line(line, 120)}.{cut}"
            problems.append(Problem(shown, f"line {number}", says, _REMEDY, "manifest"))
            continue
        path = decoded(entry["path"], escapes_percent)
        digest = entry["digest"].lower()
        if digests.setdefault(path, digest) != digest:
            says = f"lists {one_line(path, 200)} a second time, with another digest."
            problems.append(Problem(shown, f"line {number}", says, _REMEDY, "manifest"))
    if len(problems) > _LISTED:
        says = f"has {count(len(problems) - _LISTED, 'more line')} like these."
        problems = [*problems[:_LISTED], Problem(shown, "", says, _REMEDY, "manifest")]
    return Manifest(name, algorithm, digests, tuple(problems))


def _fault(digest: str, path: str, algorithm: str) -> str:
    if len(digest) != DIGEST_LENGTHS[algorithm] or set(digest) - set(string.hexdigits):
        return f"has no {algorithm.upper()} digest of {DIGEST_LENGTHS[algorithm]} hexadecimal digits"
    parts = path.replace("\\", "/").split("/")
    if ".." in parts or path.startswith(("/", "\\", "~")) or _DRIVE.match(path) or "\0" in path:
        return "names a path outside the bag"
    return ""


def decoded(path: str, escapes_percent: bool) -> str:
    """A path as a file has it: line breaks, and since version 1.0 ``%``, are percent-encoded in manifests.

    A ``*`` before the path (``sha256sum --binary``) and ``./`` fall out, ``\\`` separates as ``/`` does.
    """
    path = path.removeprefix("*").replace("\\", "/")
    path = "/".join(part for part in path.split("/") if part not in ("", "."))
    return _ESCAPE.sub(lambda escape: _unescaped(escape[0], escapes_percent), path)


def _unescaped(escape: str, percent: bool) -> str:
    return escape if escape == "%25" and not percent else _ESCAPES[escape.upper()]


def encoded(path: str) -> str:
    """A path as a manifest of version 1.0 has it (RFC 8493, 2.1.3).

    >>> encoded("data/50%\\n.json")
    'data/50%25%0A.json'
    """
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def manifest_text(digests: Iterable[tuple[str, str]]) -> bytes:
    """A manifest of (path, digest), sorted by path; ``sha256sum --check`` reads it where no name needs encoding."""
    return "".join(f"{digest}  {encoded(path)}\n" for path, digest in sorted(digests)).encode()
