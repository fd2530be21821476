"""``digest.txt``: by which it can be shown later that no report was changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

DIGEST = "digest.txt"
_LINE = re.compile(r"([0-9a-f]{64})  ([^/\\]+)")
_LARGEST = 1_000_000


def digest_lines(digests: Mapping[str, str]) -> bytes:
    """One line ``SHA-256  name`` per file, sorted by name; ``sha256sum --check digest.txt`` reads it."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode()


def listed_digests(folder: Path) -> dict[str, str]:
    """SHA-256 by name of the files that the folder's ``digest.txt`` lists; none where there is no such list."""
    path = folder / DIGEST
    if not path.is_file() or path.stat().st_size > _LARGEST:
        return {}
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return {match[2]: match[1] for match in map(_LINE.fullmatch, lines) if match}
