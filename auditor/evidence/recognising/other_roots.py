"""Which file of a bundle a capture record means whose paths have another root, as where it was written (rule X3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from auditor.evidence.operations import is_place

_MOST_ALIKE = 100  # files that end alike, of which one may still be meant


class OtherRoots:
    """Files by how their paths end: a record's path means the one with which it has most folders in common."""

    def __init__(self, members: Iterable[str]) -> None:
        self._by_ending: Mapping[tuple[str, ...], list[str]] = defaultdict(list)
        for member in members:
            parts = _parts(member)
            for start in range(len(parts)):
                self._by_ending[tuple(parts[start:])].append(member)

    def of(self, path: str) -> set[str]:
        """The files that a path of another root may mean: none, the only one, or as many as end alike.

        A path with folders has the last of them in common with the file, and names no other account or region there.
        """
        parts = _parts(path)
        alike = next((files for n in range(len(parts)) if (files := self._by_ending.get(tuple(parts[n:])))), [])
        if len(alike) > _MOST_ALIKE:
            return set(alike)
        return {member for member in alike if _may_be(parts, _parts(member))}


def _may_be(path: Sequence[str], member: Sequence[str]) -> bool:
    pairs = list(zip(reversed(path), reversed(member), strict=False))
    shared = next((number for number, (first, second) in enumerate(pairs) if first != second), len(pairs))
    if shared < len(pairs) and all(map(is_place, pairs[shared])):
        return False
    return shared > 1 or len(pairs) == 1


def _parts(path: str) -> Sequence[str]:
    return path.casefold().removesuffix(".gz").strip("/").split("/")
