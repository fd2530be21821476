"""The hidden folder beside an output, in which it is made before it is moved there."""

from __future__ import annotations

import glob
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from auditor.locks import locked

_RANDOM = re.compile(r"[a-z0-9_]{8}")  # as `tempfile` ends names


@contextmanager
def work_folder(out: Path, content: str) -> Iterator[Path]:
    """The path ``content`` in a hidden folder beside ``out``, which is gone afterwards.

    Such folders that killed runs left are removed, as far as no running one holds them.
    """
    prefix = f".{out.name}."
    for left in out.parent.glob(f"{glob.escape(prefix)}*"):
        if _RANDOM.fullmatch(left.name.removeprefix(prefix)) and left.is_dir() and not left.is_symlink():
            _remove_left(left, content)
    with (
        tempfile.TemporaryDirectory(dir=out.parent, prefix=prefix, ignore_cleanup_errors=True) as name,
        locked(Path(name)),
    ):
        yield Path(name) / content


def _remove_left(folder: Path, content: str) -> None:
    with suppress(OSError):  # it may be somebody else's
        if {entry.name for entry in folder.iterdir()} <= {content}:
            with locked(folder) as alone:
                if alone:
                    shutil.rmtree(folder, ignore_errors=True)
