"""Files of recorded events that a client supplied: what they are, and the events in them one by one."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from auditor.bundle import Limits, Member, is_archive_name, open_bundle
from auditor.documents import apart
from auditor.errors import AuditorError, Problem
from auditor.patterns import Event, Message, event_files, stream_events
from auditor.replay.count import is_event
from auditor.result import EventFiles
from auditor.text import one_line, path_name

Progress = Callable[[int, int | None, str], None]

TOLD_EVERY = 1000  # events between two words of progress
PROBLEMS_KEPT = 200
PATIENCE = 1_000_000  # entries of a file that are no event of CloudTrail
PATIENCE_WON = 100  # more for each that is one
# Logs are larger than exports of configuration: a year of a busy account has tens of millions of events. One member of
# an archive is held in memory; a plain file never is.
LIMITS = Limits(members=5_000_000, total_bytes=1 << 42)

_AGAIN = "Ask for the file again; what stands before the damage was replayed."


@dataclass(slots=True)
class _Input:
    """A file or folder that was given: its files and bytes, and their digests once they were read."""

    path: Path
    name: str
    bytes: int = 0
    files: int = 0
    lines: list[str] = field(default_factory=list)

    def facts(self) -> EventFiles:
        whole = hashlib.sha256("".join(sorted(self.lines)).encode("utf-8", "surrogateescape")).hexdigest()
        digest = whole if self.path.is_dir() else self.lines[0][:64] if self.lines else ""
        return {"name": self.name, "files": self.files, "bytes": self.bytes, "sha256": digest}


class Recorded:
    """CloudTrail log files, as a bucket or a client holds them: files, folders, and archives given or in a folder.

    A path that is given twice, or lies below another one, counts once. ``problems`` tells what could not be read, the
    first of it, and ``unread`` how many files that were; both are known once the events were read.

    Raises:
        AuditorError: a path is missing or no file, or a folder holds no file.
    """

    def __init__(self, paths: Sequence[str | Path]) -> None:
        self.problems: list[Problem] = []
        self.unread = 0
        self._inputs = [_Input(path, path_name(path)) for path in apart(paths)]
        for source in self._inputs:
            _measure(source)
        self._size = sum(source.bytes for source in self._inputs)
        self._done = 0  # bytes of the files that were read

    def events(self, progress: Progress | None = None) -> Iterator[Event]:
        """Every event, path after path; ``progress`` is told every thousand, in hundredths of the bytes."""
        for number, event in enumerate(self._events(), 1):
            if progress is not None and number % TOLD_EVERY == 0:
                progress(min(99, 100 * self._done // max(1, self._size)), 100, f"replaying events: {number:,}")
            yield event

    def facts(self) -> list[EventFiles]:
        """Per path its last name, how many files and bytes, and a digest, after the events were read.

        The digest is the file's SHA-256, of a folder that of its sorted lines ``sha256  path``.
        """
        return [source.facts() for source in self._inputs]

    def _events(self) -> Iterator[Event]:
        self._done = 0
        for source in self._inputs:
            source.lines.clear()
            source.files = 0
            for file in event_files(source.path, partial(self._passed, source)):
                shown = _shown(file, source)
                done = self._done
                try:
                    done += file.stat().st_size
                    source.lines.append(f"{_digest(file)}  {file.relative_to(source.path).as_posix()}\n")
                    yield from self._archive(file, source) if is_archive_name(file.name) else self._file(file, source)
                except OSError as error:
                    self._note(Problem(shown, "", f"cannot be read ({error.strerror}).", "Check its permissions."))
                except AuditorError as error:
                    what = error.problem
                    self._note(Problem(shown, "", f"{what.problem.rstrip('.')}.", _AGAIN, what.code))
                self._done = done

    def _file(self, file: Path, source: _Input) -> Iterator[Event]:
        source.files += 1
        before = self._done
        with file.open("rb") as stream:
            for event in _of_a_log(stream_events(stream, file.name), file.name):
                self._done = before + stream.tell()
                yield event

    def _archive(self, file: Path, source: _Input) -> Iterator[Event]:
        shown = _shown(file, source)
        for member in open_bundle([file], LIMITS).read():
            if not isinstance(member, Member):
                self._note(replace(member, file=f"{shown}/{member.file}"))
                continue
            if member.path.rpartition("/")[2].startswith("."):
                continue
            source.files += 1
            try:
                yield from _of_a_log(stream_events(io.BytesIO(member.data), member.path), member.path)
            except AuditorError as error:
                what = error.problem
                self._note(Problem(f"{shown}/{member.path}", "", f"{what.problem}.", _AGAIN, what.code))
            self._done += member.size

    def _passed(self, source: _Input, file: Path) -> None:
        what, remedy = "is a link or special file, which is never followed.", "Put the file itself there."
        self._note(Problem(_shown(file, source), "", what, remedy, "not-a-file", "warning"))

    def _note(self, problem: Problem) -> None:
        self.unread += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(problem)


def _of_a_log(events: Iterator[Event], name: str) -> Iterator[Event]:
    """The events of a file, as long as it looks like a log of CloudTrail among whatever else a log group holds.

    Raises AuditorError if it does not: few bytes can unpack to hundreds of millions of lines.
    """
    patience = PATIENCE
    for event in events:
        patience += PATIENCE_WON if isinstance(event, Message) and is_event(event.record) else -1
        if patience < 0:
            raise AuditorError(
                f"holds more than {PATIENCE:,} entries that are no event of CloudTrail.",
                file=name,
                remedy="Give CloudTrail log files.",
                code="no-events",
            )
        yield event


def _measure(source: _Input) -> None:
    path = source.path
    try:
        if not path.is_dir() and path.exists() and not path.is_file():
            raise AuditorError("is neither a file nor a folder.", file=str(path), remedy="Save the events in a file.")
        for file in event_files(path):
            source.bytes += file.stat().st_size
            source.files += 1
        if path.is_file():
            with path.open("rb"):
                pass
    except OSError as error:
        raise AuditorError(
            f"cannot be read ({error.strerror}).", file=str(path), remedy="Check path and permissions."
        ) from None
    if not source.files:
        raise AuditorError("holds no file of events.", file=str(path), remedy="Give CloudTrail log files.")
    if path.is_file() and is_archive_name(path.name):
        open_bundle([path], LIMITS)  # is it one?


def _shown(file: Path, source: _Input) -> str:
    """The path of a file in what was given, with the name of that."""
    return one_line((Path(source.name) / file.relative_to(source.path)).as_posix(), 500)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
