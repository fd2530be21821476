"""Folders that one process holds, for as long as it lives, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":

    @contextmanager
    def locked(folder: Path) -> Iterator[bool]:
        """Holds a folder; gives whether no other process does."""
        try:
            # The system itself removes the file when the process ends.
            lock = os.open(folder / ".auditor.lock", os.O_CREAT | os.O_EXCL | os.O_TEMPORARY)
        except FileExistsError:
            yield False
            return
        try:
            yield True
        finally:
            os.close(lock)

else:
    import fcntl

    @contextmanager
    def locked(folder: Path) -> Iterator[bool]:
        """Holds a folder; gives whether no other process does."""
        lock = os.open(folder, os.O_RDONLY)
        try:
            yield _alone(lock)
        finally:
            os.close(lock)

    def _alone(lock: int) -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
