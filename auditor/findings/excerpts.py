"""What the cited places of the evidence hold, bounded, each place once: the object, or AWS's refusal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from auditor.evidence import Capture
from auditor.result import Excerpt, Finding

# A filter pattern has at most 1,024 characters, an ARN some hundred; policies are longer and are cut.
_LONGEST_TEXT, _MOST_ITEMS, _MOST_MEMBERS, _DEEPEST = 1_100, 4, 24, 5
_CUT = "…"


class Excerpts:
    """Collects the excerpts of an audit and tells their positions."""

    def __init__(self, captures: Sequence[Capture]) -> None:
        self._captures: dict[str, list[Capture]] = defaultdict(list)
        for capture in captures:
            self._captures[capture.file].append(capture)
        self._positions: dict[tuple[str, str], int | None] = {}
        self._excerpts: list[Excerpt] = []

    def add_to(self, findings: Iterable[Finding]) -> None:
        """Gives each evidence item of the findings the position of its excerpt."""
        for finding in findings:
            for item in finding["evidence"]:
                place = item["file"], item["pointer"]
                if place not in self._positions:
                    self._positions[place] = self._add(*place)
                item["excerpt"] = self._positions[place]

    def facts(self) -> list[Excerpt]:
        """The excerpts in the order in which the findings first cite them."""
        return self._excerpts

    def _add(self, file: str, pointer: str) -> int | None:
        capture = max(self._captures.get(file, ()), key=lambda capture: _closeness(capture, pointer), default=None)
        if capture is not None and capture.status == "refused" and not pointer:
            return self._append(file, pointer, _answer(capture), 0)
        member = capture.shown_at(pointer) if capture else None
        if capture is None or member is None:
            return None
        used = _used(capture, pointer) if isinstance(member, Mapping) else ()
        bounds = _Bounds()
        value = bounds.bounded({name: member[name] for name in used if name in member} or member)
        if isinstance(member, Mapping) and isinstance(value, dict):
            bounds.left_out += sum(name not in used for name in member) if used else 0
        return self._append(file, pointer, value, bounds.left_out)

    def _append(self, file: str, pointer: str, value: object, left_out: int) -> int:
        self._excerpts.append({"file": file, "pointer": pointer, "value": value, "left_out": left_out})
        return len(self._excerpts) - 1


def _closeness(capture: Capture, pointer: str) -> int:
    """How much of a place in a file is where an answer of it stands; -1 if the answer does not hold the place."""
    places = [place for place in capture.page_pointers if pointer == place or pointer.startswith(f"{place}/")]
    return max(map(len, places), default=-1)


def _answer(capture: Capture) -> str:
    """What AWS, or the AWS CLI, answered in the place of what was asked for: code and words."""
    return ": ".join(filter(None, (capture.error_code, capture.detail)))


def _used(capture: Capture, pointer: str) -> tuple[str, ...]:
    """The members on which verdicts depend of the item at a place; none where it is no item of a list."""
    member, _, index = pointer.rpartition("/")
    name = member.rpartition("/")[2]
    return next((entry.used for entry in capture.call.lists if entry.member == name and index.isdigit()), ())


class _Bounds:
    """Cuts a value down to what can be shown, and counts what it leaves out."""

    def __init__(self) -> None:
        self.left_out = 0

    def bounded(self, value: object, depth: int = 0) -> object:
        """``value`` with long texts, lists and objects cut."""
        if isinstance(value, str):
            return value if len(value) <= _LONGEST_TEXT else value[:_LONGEST_TEXT] + _CUT
        if isinstance(value, Mapping):
            if depth >= _DEEPEST:
                return self._aside(len(value))
            kept = list(value.items())[:_MOST_MEMBERS]
            self.left_out += len(value) - len(kept)
            return {name: self.bounded(member, depth + 1) for name, member in kept}
        if isinstance(value, list):
            if depth >= _DEEPEST:
                return self._aside(len(value))
            self.left_out += max(0, len(value) - _MOST_ITEMS)
            return [self.bounded(item, depth + 1) for item in value[:_MOST_ITEMS]]
        return value

    def _aside(self, number: int) -> str:
        self.left_out += number
        return _CUT
