"""Where reports go: never into what they are about, or into anything else that was given."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from auditor.errors import AuditorError


def check_destination(out: Path, bundles: Iterable[Path], others: Iterable[Path] = ()) -> None:
    """Raises AuditorError if ``out`` can be no folder, or is or lies in a bundle or another file or folder that was
    given, links resolved.
    """
    target = Path(os.path.realpath(out))
    for what, paths in (("the bundle", bundles), ("what was given,", others)):
        for path in paths:
            if target.is_relative_to(os.path.realpath(path)):
                raise _refused(out, f"lies in {what} {path}, into which nothing is ever written.")
    for place in (out, *out.parents):  # the first that exists decides
        try:
            if not place.is_dir() and os.path.lexists(place):
                place.stat()
                raise _refused(place, "is no folder.")
        except OSError as error:
            loop = error.errno == errno.ELOOP
            raise _refused(place, "is a link to itself." if loop else "is a link that leads nowhere.") from None


def check_not_edited(out: Path, reviews: Iterable[Path]) -> None:
    """Raises AuditorError if a workbook in ``out`` is not as it was written there, so that to write it again would
    lose what people wrote into it: unless it is among the ``reviews``, which are carried over.

    The digests beside the reports say how they were written.
    """
    from auditor.reports.digest import listed_digests

    given = {os.path.realpath(path) for path in reviews}
    given |= {os.path.realpath(book) for path in reviews if path.is_dir() for book in path.glob("*.xlsx")}
    for name, digest in listed_digests(out).items():
        book = out / name
        if not name.endswith(".xlsx") or os.path.realpath(book) in given:
            continue
        if book.is_file() and hashlib.sha256(book.read_bytes()).hexdigest() != digest:
            raise AuditorError(
                "was changed after it was written, and would be written again.",
                file=str(book),
                remedy="Give it with --review, so that what people wrote is carried over, or choose another --out.",
                code="edited",
            )


def _refused(out: Path, problem: str) -> AuditorError:
    return AuditorError(problem, file=str(out), remedy="Choose another folder with --out.", code="out")
