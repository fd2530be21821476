"""Paths of members: what a name in a folder or an archive may be, and how it is shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from auditor.bundle.limits import Limits
from auditor.errors import Problem
from auditor.text import one_line

_DRIVE = re.compile(r"[A-Za-z]:")
_SHOWN_CHARACTERS = 200


def member_path(name: str, prefix: str, limits: Limits) -> str | Problem:
    """The printable path of the file called ``name`` under ``prefix``, or the problem with that name.

    Backslashes are separators (``Compress-Archive`` of Windows PowerShell 5.1 writes them), ``.`` and
    empty parts fall out. Characters that are not printable, or not text at all, appear as ``\\x1b``, unless the limits
    ask for files as they are stored.
    """
    name = name.replace("\\", "/")
    if "\0" in name:
        return _bad_name(name, prefix, "has a zero byte in its name")
    if name.startswith("/") or _DRIVE.match(name):
        return _bad_name(name, prefix, "has an absolute path as its name")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        return _bad_name(name, prefix, "has a name that climbs out of the bundle")
    if not parts:
        return _bad_name(name, prefix, "has no name")
    path = prefix + "/".join(parts)
    if len(path) > limits.path_characters:
        return _bad_name(name, prefix, f"has a path of more than {limits.path_characters:,} characters", "long-path")
    return path if limits.digests else shown_path(path)


def shown_path(path: str) -> str:
    """A path as it is shown, and as members are called: what is not printable in it as ``\\x1b``."""
    return path if path.isprintable() else one_line(path, len(path))


def _bad_name(name: str, prefix: str, what: str, code: str = "unsafe-path") -> Problem:
    return Problem(
        one_line(prefix + name, _SHOWN_CHARACTERS),
        "",
        f"{what}; it was not read.",
        "Pack the files again, with names relative to their folder.",
        code,
    )


def repeated(paths: Iterable[str]) -> frozenset[str]:
    """The paths that occur more than once."""
    return frozenset(path for path, times in Counter(paths).items() if times > 1)


def duplicate_name(path: str) -> Problem:
    """The problem of several files under one path: which of them is meant cannot be told, so none is read."""
    return Problem(
        path,
        "",
        "several files have this name, so that it cannot be told which is meant; none of them was read.",
        "Pack the files again, each under a name of its own.",
        "duplicate-name",
    )


def not_a_file(path: str, what: str) -> Problem:
    """The problem of a link, device, pipe or socket."""
    return Problem(
        path,
        "",
        f"is {what}, which is never followed.",
        "Put the file itself there.",
        "not-a-file",
        "warning",
    )
