"""Which filters may count an event that another filter counts, each of them (V3, A1, T18)."""

from __future__ import annotations

from functools import lru_cache

from auditor.judgement.together import parsed_filter
from auditor.patterns import at_a_glance, cover, relate
from auditor.verdict import Relation

_EACH = (Relation.EQUAL, Relation.BROADER, Relation.NARROWER, Relation.UNDECIDABLE)


@lru_cache(maxsize=8192)
def counted_along(pattern: str, others: tuple[str, ...]) -> frozenset[str]:
    """The patterns among ``others`` that may count each event which ``pattern`` counts.

    They count more, the same or a part of it, since what a control asks of it may be just that part; of those that
    merely overlap all count if nothing is left out by all together.
    """
    if parsed_filter(pattern) is None:
        return frozenset()
    relations = {other: at_a_glance(other, pattern) or relate(other, pattern).relation for other in others}
    sharing = tuple(other for other, relation in relations.items() if relation in (*_EACH, Relation.OVERLAPPING))
    each = frozenset(other for other in sharing if relations[other] in _EACH)
    if len(each) == len(sharing) or cover(sharing, pattern).covered is False:
        return each
    return frozenset(sharing)
