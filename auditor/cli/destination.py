"""Where reports go: never into what they are about, or into anything else that was given."""

from __future__ import annotations

import errno
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


def _refused(out: Path, problem: str) -> AuditorError:
    return AuditorError(problem, file=str(out), remedy="Choose another folder with --out.", code="out")
