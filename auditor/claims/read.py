"""Reads what clients' scanners claim: each file by what it holds, as a stream, whatever it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from auditor.claims.formats.custodian import Custodian
from auditor.claims.formats.form import JsonFormat
from auditor.claims.formats.registry import RECORDS, TEXTS
from auditor.claims.json_items import Builder, DamagedJsonError, Item, Mended, by_lines, line_items, whole_items
from auditor.claims.model import Claim, Reading
from auditor.claims.sink import Sink
from auditor.claims.sources import DamagedStreamError, GivenFile, check_paths, damage_problem, given_files
from auditor.claims.tables import TableReader, table_of
from auditor.claims.text_stream import TextStream
from auditor.errors import AuditorError, Problem
from auditor.text import count

Progress = Callable[[int, int | None, str], None]

_FIRST_LINE = 1 << 20
_AGAIN = "Ask for the file again; what stands before the damage was read."
_SILENT = "What is not in it counts as not said."
_JSON_NAMES = (".json", ".ndjson", ".jsonl", ".pps", ".sps", ".js", ".xml")
_APPENDED = (
    "was written by several runs one after the other, or by one that was killed: it is no whole JSON document.",
    "All whole records were read. Ask for one file a run.",
    "claims-appended",
)
_UNKNOWN = (
    "is no output of a scanner that is read here.",
    "Give JSON or CSV as the scanner writes it, or a table with the columns account, control and status.",
)


def read_claims(paths: Sequence[str | Path], progress: Progress | None = None) -> Reading:
    """The claims in files, folders and archives, in order of file, control, account and region.

    Files of no scanner are left out where a folder or archive is given, and a problem where the file itself is.

    Raises:
        AuditorError: a path is missing or cannot be read.
    """
    sources = [Path(path) for path in paths]
    check_paths(sources)
    elsewhere: list[Problem] = []
    sinks: list[Sink] = []
    others: list[str] = []
    custodian = Custodian()
    for number, file in enumerate(given_files(sources, elsewhere.append), 1):
        if progress is not None:
            progress(number, None, f"reading claims: {file.name}")
        sink = read_file(file, custodian)
        if not sink.empty or sink in custodian.sinks.values():
            sinks.append(sink)
        elif file.named:
            sink.problem("", _UNKNOWN[0], _UNKNOWN[1], "claims-unknown", "error")
            sinks.append(sink)
        else:
            others.append(file.name)
    custodian.end()
    sinks.sort(key=lambda sink: sink.file)
    problems = [*elsewhere, *(problem for sink in sinks for problem in sink.problems)]
    return Reading(
        claims=tuple(sorted((claim for sink in sinks for claim in sink.claims), key=_order)),
        ignored=tuple(ignored for sink in sinks for ignored in sink.ignored),
        problems=tuple(sorted(problems, key=lambda problem: problem.file)),
        files=tuple(sink.facts() for sink in sinks),
        others=tuple(sorted(others)),
    )


def _order(claim: Claim) -> tuple[str, str, str, str]:
    return claim.file, claim.control, claim.account or "", claim.region or ""


def read_file(file: GivenFile, custodian: Custodian) -> Sink:
    """What one file says. One that is damaged as JSON is read a second time, mended where that can be done."""
    for mend in (False, True):
        sink = Sink(file.name)
        custodian.begin(file.name)
        try:
            with file.opened() as stream:
                text = TextStream(stream)
                to_be_mended = _read_text(text, sink, custodian, mend)
                if text.damage is not None:
                    sink.add(damage_problem(file.name, text.damage), broken=True)
            if not to_be_mended:
                break
        except DamagedStreamError as error:
            sink.add(damage_problem(file.name, error), broken=True)
            break
        except AuditorError as error:
            what = error.problem
            sink.add(Problem(file.name, "", what.problem, what.remedy, what.code), broken=True)
            break
        except OSError as error:
            why = f"cannot be read ({error.strerror})."
            sink.add(Problem(file.name, "", why, "Check its permissions.", "unreadable-file"), broken=True)
            break
    return sink


def _read_text(text: TextStream, sink: Sink, custodian: Custodian, mend: bool) -> bool:
    """Reads the text; True if it is to be read again, mended."""
    head = text.head_to_line_end(_FIRST_LINE)
    for form in TEXTS:
        if form.begins(head):
            try:
                form.read(text, sink)
            except DamagedJsonError as error:
                sink.problem("", f"{error.problem}.", f"{_AGAIN} {_SILENT}", "claims-damaged", broken=True)
            return False
    if head.lstrip()[:1] in ("{", "[") or by_lines(head):
        return _read_json(text, head, sink, custodian, mend)
    if (table := table_of(head)) is not None:
        TableReader(table, sink).read(text)
    return False


def _read_json(text: TextStream, head: str, sink: Sink, custodian: Custodian, mend: bool) -> bool:
    readers: list[JsonFormat] = [new() for new in RECORDS]
    builder, lists = Builder(), 0
    mended = Mended(text.pieces()) if mend else None

    def bad_line(place: str, what: str) -> None:
        sink.problem(place, f"{what}.", f"{_AGAIN} {_SILENT}", "claims-damaged", broken=True)

    items: Iterable[Item]
    if by_lines(head):
        items = line_items(text.lines(), builder, bad_line)
    else:
        items = whole_items(text.pieces() if mended is None else mended, builder)
    damage = None
    try:
        for item in items:
            lists += item.path == "" and isinstance(item.value, list)
            if not custodian.item(item, sink):
                any(reader.item(item, sink) for reader in readers)
    except DamagedJsonError as error:
        if error.mendable and not mend:
            return True
        damage = error
    for reader in readers:
        if (end := getattr(reader, "end", None)) is not None:
            end(sink)
    if damage is not None and (not sink.empty or any(name in sink.file.lower() for name in _JSON_NAMES)):
        sink.problem("", f"{damage.problem}.", f"{_AGAIN} {_SILENT}", "claims-damaged", broken=True)
    if not sink.empty and (lists > 1 or (mended is not None and mended.changed and damage is None)):
        sink.problem("", *_APPENDED)
    if builder.narrowed:
        what = f"left out, being larger than any scanner's record: {count(builder.narrowed, 'part')}."
        sink.problem("", what, _SILENT, "claims-record-too-large", broken=True)
    return False
