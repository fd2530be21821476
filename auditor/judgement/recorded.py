"""Files of recorded events that a client supplied: what they are, and the events in them one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.errors import AuditorError
from auditor.patterns import Event, event_files, read_events


@dataclass(frozen=True, slots=True)
class Recorded:
    """Files and folders of CloudTrail log files, as a bucket or a client holds them."""

    paths: tuple[Path, ...]

    def events(self) -> Iterator[Event]:
        """Every event, path after path. Raises AuditorError, naming the file, where it cannot be read."""
        for path in self.paths:
            yield from read_events(path)

    def facts(self) -> list[dict[str, Any]]:
        """Per path its last name, how many files and bytes, and a digest.

        The digest is the file's SHA-256, of a folder that of its sorted lines ``sha256  path``.

        Raises:
            AuditorError: a path is missing, a file cannot be read, a folder is empty.
        """
        return [_facts(path) for path in self.paths]


def _facts(path: Path) -> dict[str, Any]:
    files = event_files(path)
    if not files:
        raise AuditorError("holds no file of events.", file=str(path), remedy="Give CloudTrail log files.")
    lines, size = [], 0
    for file in files:
        try:
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
                size += stream.tell()
        except OSError as error:
            raise AuditorError(
                f"cannot be read ({error.strerror}).", file=str(file), remedy="Check path and permissions."
            ) from None
        lines.append(f"{digest}  {file.relative_to(path).as_posix()}\n")
    whole = hashlib.sha256("".join(sorted(lines)).encode()).hexdigest() if path.is_dir() else lines[0][:64]
    return {"name": path.resolve().name, "files": len(files), "bytes": size, "sha256": whole}
