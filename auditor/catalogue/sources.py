"""The publications that a catalogue file names once and refers to by key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from auditor.catalogue.document import CatalogueError
from auditor.text import listing, one_line, pointer


class Sources:
    """The publications a file names, by key; an unknown key is an error at the place that uses it."""

    def __init__(self, document: dict[str, Any], path: Path) -> None:
        self._sources = document.get("sources", {})
        self._path = path

    def __call__(self, key: str, *place: str | int) -> tuple[str, str]:
        """Publisher and whereabouts of the source ``key``, used at ``place``."""
        if key not in self._sources:
            keys = listing(sorted(self._sources), "or") or "none"
            raise CatalogueError(
                f"names the source {one_line(key)}, which the file does not have.",
                file=str(self._path),
                pointer=pointer(*place),
                remedy=f"Add it under /sources, or use one of these: {keys}.",
            )
        source = self._sources[key]
        return source["publisher"], source["where"]
