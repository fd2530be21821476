"""Two patterns of one filter by their meaning: what it now misses or counts that it did not before."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from auditor.judgement.nearest import example
from auditor.patterns import Relating, relate
from auditor.result import ChainFacts, Change
from auditor.text import listing
from auditor.verdict import Link, Relation

_SHOWN = 6  # events that words name
_PLAIN: dict[str, str] = {
    Relation.EQUAL: "written differently, counts the same events",
    Relation.BROADER: "counts more events than before",
    Relation.NARROWER: "counts fewer events than before",
    Relation.OVERLAPPING: "counts other events than before",
    Relation.DISJOINT: "counts none of the events of before",
    Relation.UNDECIDABLE: "whether it counts the same events was not decided",
    Relation.UNPARSABLE: "one of the patterns is not valid",
}


def pattern_change(finding: str, old: ChainFacts | None, new: ChainFacts | None) -> Iterator[Change]:
    """The change of a filter's pattern, with the relation of the new to the old one, and an event that shows it."""
    if old is None or new is None:
        return
    was, has = old["filter_pattern"], new["filter_pattern"]
    if was is None or has is None or was == has:
        return
    relation = _related(has, was)
    lost, gained = relation.right_only, relation.left_only
    change: Change = {
        "finding": finding,
        "link": Link.METRIC_FILTER.value,
        "field": "filter_pattern",
        "before": was,
        "after": has,
        "words": f"Metric filter, pattern: {_words(old, new, relation)}",
        "relation": relation.relation.value,
    }
    if lost is not None or gained is not None:
        change["witness"] = lost if lost is not None else gained
    yield change


@lru_cache(maxsize=1024)
def _related(new: str, old: str) -> Relating:
    return relate(new, old)


def _words(old: ChainFacts, new: ChainFacts, relating: Relating) -> str:
    """``now also misses ResumeSession``, measured by the required pattern; else by each other."""
    parts = []
    for phrase, own, other in (
        ("now also misses", new["missed"], old["missed"]),
        ("no longer misses", old["missed"], new["missed"]),
        ("now also counts", new["added"], old["added"]),
        ("no longer counts", old["added"], new["added"]),
    ):
        names = [name for name in own if name not in other]
        if names:
            parts.append(f"{phrase} {listing(names, limit=_SHOWN)}")
    if parts:
        return "; ".join(parts)
    words = _PLAIN[relating.relation.value]
    if relating.right_only is not None and relating.relation is not Relation.EQUAL:
        return f"{words}: no longer counts {example(relating.right_only)}"
    if relating.left_only is not None and relating.relation is not Relation.EQUAL:
        return f"{words}: now counts {example(relating.left_only)}"
    return words
