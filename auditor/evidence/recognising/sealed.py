"""Seals and evidence (rule X10): what a file proves depends on whether it is as it was when the bundle was sealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditor.arn import account_named
from auditor.bundle import BundleReader, shown_path
from auditor.errors import Problem
from auditor.evidence.operations import Call, operation_called, operation_named
from auditor.evidence.reading import Document
from auditor.evidence.recognising.recognised import Classified, OtherMember, Recognised
from auditor.evidence.recognising.record import Record
from auditor.seal import Bag, FileState, Seals, examine, looks_sealed
from auditor.text import count, one_line
from auditor.verdict import CaptureStatus, Seal

_RECORDS = ("captures.json", "captures.json.gz")
_DETAILS: Mapping[FileState, str] = {
    "altered": "the file was altered after the bundle was sealed",
    "missing": "the file is listed in the seal of the bundle and was lost since",
    "added": "the file was added after the bundle was sealed",
    "unproved": "the manifest that lists the file was altered after the bundle was sealed",
}
_SAYS: Mapping[FileState, str] = {
    "altered": "was altered since the bundle was sealed: it has not the digest that a manifest lists.",
    "missing": "is listed in a manifest of the sealed bundle and is not there.",
    "added": "was added since the bundle was sealed: no manifest lists it. It is no evidence.",
}
_REMEDY = "Ask for the bundle as it was sealed; what needs the file is inconclusive."


@dataclass(frozen=True, slots=True)
class SealFacts:
    """The seal of a bundle, and the files that differ from it, by the paths of members."""

    seal: Seal = "absent"
    altered: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


NEVER_SEALED = SealFacts()


@dataclass(frozen=True, slots=True)
class Sealing:
    """What the bags of a bundle say of its files. Without a bag every file is as good as it was."""

    seals: Seals | None = None
    states: Mapping[str, FileState] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    roots: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def is_tag(self, path: str) -> bool:
        """Whether a member belongs to a seal, or lies beside the payload of one, so that it is no evidence."""
        return path in self.tags

    def other(self, entry: Document) -> OtherMember:
        """A member that belongs to a seal."""
        what = (
            "file added beside sealed files" if self.states.get(entry.path) == "added" else "part of the seal (BagIt)"
        )
        return OtherMember(entry.path, entry.sha256, entry.size, what)

    def believes(self, path: str) -> bool:
        """Whether a capture record is as it was sealed, or was never sealed."""
        return self.states.get(path, "sealed") == "sealed"

    def records(self, records: Mapping[str, Record]) -> dict[str, Record]:
        """Records by the member that each means: the record of a bag may name its files without ``data/``."""
        return {self._member_of(path): record for path, record in records.items()}

    def _member_of(self, path: str) -> str:
        if path in self.states or not self.roots:
            return path
        root = max((root for root in self.roots if path.startswith(root)), key=len, default=None)
        below = "" if root is None else f"{root}data/{path[len(root) :]}"
        return below if below in self.states else path

    def judged(self, entry: Document, classified: Classified, record: Record | None) -> Classified:
        """What a member came to, as far as the seal lets it prove something."""
        state = self.states.get(entry.path, "sealed")
        if state == "sealed":
            return classified
        named = _named(entry.path, record)
        of_named = [capture for capture in classified.recognised if named is None or capture.call is named]
        if named is not None and not of_named and state != "added":
            of_named = [_nothing_of(entry.path, named, entry.sha256, entry.size)]
        others = [capture for capture in classified.recognised if capture not in of_named]
        return replace(
            classified, recognised=tuple(_proving_nothing(capture, state) for capture in (*of_named, *others))
        )

    def lost(self, records: Mapping[str, Record]) -> Iterator[Recognised]:
        """Captures that a manifest lists and that are not there."""
        for path in self.lost_paths():
            call = _named(path, records.get(path))
            if call is not None:
                yield _proving_nothing(_nothing_of(path, call, "", 0), "missing")

    def lost_paths(self) -> tuple[str, ...]:
        """Files of payloads that are not there."""
        return tuple(path for path, state in self.states.items() if state == "missing" and path not in self.tags)

    def doubted(self, recognised: Sequence[Recognised], records: Mapping[str, Record]) -> list[Recognised]:
        """The captures, those of which a record was spoilt, or which may hang on a file that tells no longer what it
        was, proving nothing.
        """
        doubts = [*self._doubts(records)]
        return [self._doubtful(capture, doubts) for capture in recognised] if doubts else list(recognised)

    def _doubts(self, records: Mapping[str, Record]) -> Iterator[tuple[str, str, str]]:
        """Folder, account (``""``: any) and why of what spoilt records, and files of unknown content, make doubtful."""
        for path, state in self.states.items():
            if state in ("sealed", "added"):
                continue
            folder, _, name = path.rpartition("/")
            if name.lower() in _RECORDS:
                yield f"{folder}/" if folder else "", "", f"the capture record {one_line(path, 200)} {_became(state)}"
            elif path not in self.tags and _named(path, records.get(path)) is None and _texts_of_answers(path):
                root = max((root for root in self.roots if path.startswith(root)), key=len, default="")
                account = next((account_id for part in path.split("/") if (account_id := account_named(part))), "")
                says = f"{one_line(path, 200)}, of which nothing tells which answer it held, {_became(state)}"
                yield root, account, says

    def _doubtful(self, capture: Recognised, doubts: Iterable[tuple[str, str, str]]) -> Recognised:
        for folder, account, why in doubts:
            if (
                capture.status in ("captured", "presence_only")
                and capture.path.startswith(folder)
                and account in capture.path
            ):
                return replace(capture, status="altered", detail=why)
        return capture

    def facts(self, recognised: Iterable[Recognised]) -> SealFacts:
        """The seal: verified only if every capture lies in a bag that is as it was sealed."""
        if self.seals is None:
            return NEVER_SEALED
        of_state = {
            state: tuple(sorted(path for path, file_state in self.states.items() if file_state == state))
            for state in ("altered", "missing", "added")
        }
        if not self.seals.intact:
            return SealFacts("broken", of_state["altered"], of_state["missing"], of_state["added"])
        return SealFacts("absent" if any(capture.path not in self.states for capture in recognised) else "verified")


def read_sealing(bundle: BundleReader, paths: Iterable[str]) -> Sealing:
    """The bags of a bundle whose members have these paths, verified; nothing is read a second time without one."""
    if not looks_sealed(paths):
        return Sealing()
    seals = examine(bundle)
    if not seals.bags:
        return Sealing()
    states: dict[str, FileState] = {shown_path(path): state for path, state in seals.states.items()}
    states |= {shown_path(path): "added" for path in seals.beside}
    records = {root + name for root in _roots(seals.bags) for name in _RECORDS}
    tags = {shown_path(path) for bag in seals.bags for path in bag.tags}
    tags -= {path for path in records if states.get(path) == "sealed"}
    differing = [
        Problem(path, "", _SAYS[state], _REMEDY, "seal")
        for path, state in sorted(states.items())
        if state in _SAYS
    ]  # fmt: skip
    problems = (*differing, *seals.problems)
    return Sealing(seals, states, frozenset(tags), _roots(seals.bags), problems)


def partly_sealed(facts: SealFacts, sealing: Sealing, recognised: Sequence[Recognised]) -> list[Problem]:
    """The problem of a bundle in which some captures lie outside of the bags that are as they were sealed."""
    outside = [capture.path for capture in recognised if capture.path not in sealing.states]
    if facts.seal != "absent" or sealing.seals is None or not outside:
        return []
    others = f" So do {count(len(set(outside)) - 1, 'other capture')}." if len(set(outside)) > 1 else ""
    says = f"lies outside of the sealed part of the bundle, whose seal says nothing of it.{others}"
    return [Problem(min(outside), "", says, "Seal the whole bundle: auditor seal.", "partly-sealed", "note")]


def _roots(bags: Iterable[Bag]) -> tuple[str, ...]:
    return tuple(shown_path(bag.root) for bag in bags)


def _became(state: FileState) -> str:
    if state == "missing":
        return "was lost since the bundle was sealed"
    return "was altered since the bundle was sealed" if state == "altered" else "is proved by no unaltered manifest"


def _named(path: str, record: Record | None) -> Call | None:
    """The call of which a file is the answer, by record or name: its content may be another one's by now."""
    return (operation_called(record.call).call if record is not None else None) or operation_named(path).call


def _nothing_of(path: str, call: Call, sha256: str, size: int) -> Recognised:
    return Recognised(path, path, sha256, size, "", call)


def _proving_nothing(capture: Recognised, state: FileState) -> Recognised:
    status: CaptureStatus = "lost" if state == "missing" else "added" if state == "added" else "altered"
    return replace(capture, status=status, detail=_DETAILS[state])


def _texts_of_answers(path: str) -> bool:
    """Whether a file of this name may hold the answer of a call: JSON, or an archive of it."""
    return path.lower().endswith((".json", ".gz")) or "." not in path.rpartition("/")[2]
