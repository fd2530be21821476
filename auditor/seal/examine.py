"""All bags of a bundle, wherever in it they lie: which of its files are as they were sealed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from auditor.bundle import BundleReader
from auditor.errors import Problem
from auditor.seal.bag import Bag, FileState, read_bag
from auditor.seal.files import DECLARATION, StoredFiles, stored_files
from auditor.seal.manifest import MANIFEST_NAME

_OF_PAYLOAD = re.compile(rb"[ \t*]data[/\\]")
# Of the states that bags give to one file the worst counts.
_WORST: tuple[FileState, ...] = ("sealed", "unproved", "added", "missing", "altered")


@dataclass(frozen=True, slots=True)
class Seals:
    """The bags of a bundle, outer ones first. ``states`` are those of the files that lie in a bag, by path.

    ``outside`` are the files that lie in no bag, ``beside`` those of them that lie in an archive which a bag fills:
    they were added to it. ``unread`` are problems of what could not be read outside of bags.
    """

    bags: tuple[Bag, ...]
    states: Mapping[str, FileState]
    outside: tuple[str, ...]
    beside: frozenset[str]
    unread: tuple[Problem, ...]

    @property
    def intact(self) -> bool:
        """Whether every bag is as it was sealed."""
        broken = any(problem.severity == "error" for problem in self.unread)
        return all(bag.ok for bag in self.bags) and not self.beside and not broken

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong beside files that differ."""
        return (*(problem for bag in self.bags for problem in bag.problems), *self.unread)

    def of_state(self, state: FileState) -> tuple[str, ...]:
        """The paths of this state, in order."""
        return tuple(sorted(path for path, own in self.states.items() if own == state))


def looks_sealed(paths: Iterable[str]) -> bool:
    """Whether a bundle of these paths may hold a bag."""
    names = {path.rpartition("/")[2] for path in paths}
    return DECLARATION in names or any(MANIFEST_NAME.fullmatch(name) for name in names)


def examine(bundle: BundleReader) -> Seals:
    """Every bag of a bundle, held against its manifests."""
    stored = stored_files(bundle)
    roots = sorted({*_roots(stored)}, key=lambda root: (root.count("/"), root))
    containers = {path: stored.container(path) for path in stored.files}
    bags = [_bag(root, stored, containers) for root in roots]
    states: dict[str, FileState] = {}
    for bag in bags:
        for path, state in bag.states.items():
            states[path] = max(states.get(path, state), state, key=_WORST.index)
    # What stands in an archive that a bag holds is sealed with it.
    within = {path for path, container in containers.items() if container.removesuffix("/") in states}
    outside = sorted(path for path in stored.files.keys() - states.keys() - within if not _opened(path, stored))
    filled = {stored.container(root) for root in roots} & set(stored.archives)
    beside = frozenset(path for path in outside if containers[path] in filled)
    unread = tuple(problem for problem in stored.problems if not any(map(problem.file.startswith, roots)))
    return Seals(tuple(bags), states, tuple(outside), beside, unread)


def _opened(path: str, stored: StoredFiles) -> bool:
    """Whether a file is an archive whose content stands below it."""
    return f"{path}/" in stored.archives


def _roots(stored: StoredFiles) -> Iterator[str]:
    """The folders that are bags: what a declaration or a tagmanifest lies in, or a manifest of what lies beside it."""
    for path, file in stored.files.items():
        name = path.rpartition("/")[2]
        named = MANIFEST_NAME.fullmatch(name)
        if name == DECLARATION or (named and (named["tag"] or _OF_PAYLOAD.search(file.text or b""))):
            yield path[: len(path) - len(name)]


def _bag(root: str, stored: StoredFiles, containers: Mapping[str, str]) -> Bag:
    container = stored.container(root)
    files = {
        path[len(root) :]: file
        for path, file in stored.files.items()
        if path.startswith(root) and containers[path] == container
    }
    unread = [problem for problem in stored.problems if problem.file.startswith(root)]
    return read_bag(root, files, unread)
