"""``digest.txt``: by which it can be shown later that no report was changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

DIGEST = "digest.txt"


def digest_lines(files: Mapping[str, bytes]) -> bytes:
    """One line ``SHA-256  name`` per file, sorted by name; ``sha256sum --check digest.txt`` reads it."""
    lines = sorted((name, hashlib.sha256(data).hexdigest()) for name, data in files.items())
    return "".join(f"{digest}  {name}\n" for name, digest in lines).encode()
