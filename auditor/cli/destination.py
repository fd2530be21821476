"""Where reports go: never into the evidence they are about."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from auditor.errors import AuditorError


def check_destination(out: Path, bundles: Iterable[Path]) -> None:
    """Raises AuditorError if ``out`` is a bundle's folder or lies in one, links resolved."""
    target = out.resolve()
    for bundle in bundles:
        if target.is_relative_to(bundle.resolve()):
            raise AuditorError(
                f"lies in the bundle {bundle}, into which nothing is ever written.",
                file=str(out),
                remedy="Choose a folder outside the bundle with --out.",
                code="out",
            )
