"""Folders named after an account below which there is no file, in a folder or in an archive (rule X9)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from auditor.arn import ACCOUNT_WRITTEN_IN_TEXT
from auditor.errors import Problem
from auditor.text import one_line

# Up to the folder that has an account in its name
_ACCOUNT = re.compile(rf"^(?:.*/)?[^/]*{ACCOUNT_WRITTEN_IN_TEXT.pattern}[^/]*(?=/)")


def empty_account_folders(folders: Iterable[str], prefix: str, files: Iterable[str]) -> Iterator[Problem]:
    """The problems of ``folders`` (ending in ``/``) that are an account's and hold none of the ``files``; other empty
    folders mean nothing."""
    named_after = [(folder, named[0]) for folder in folders if (named := _ACCOUNT.search(folder)) is not None]
    if not named_after:
        return
    paths = sorted(str(PurePosixPath(file)) for file in files)  # all folders above them would be too many to hold
    for folder, account_folder in named_after:
        below = f"{PurePosixPath(account_folder)}/"
        place = bisect_left(paths, below)
        if place == len(paths) or not paths[place].startswith(below):
            why, remedy = "is a folder of an account and holds no file.", "Ask the client for its evidence."
            yield Problem(one_line(prefix + folder), "", why, remedy, "empty-folder", "warning")
