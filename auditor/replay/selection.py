"""Which patterns select the events that a replay decides on, where the logs are too large to be handed over."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.catalogue import Control
from auditor.judgement.question import question
from auditor.judgement.together import parsed_filter
from auditor.patterns import Pattern


def patterns_to_select(control: Control, variant: str | None, filters: Iterable[str]) -> tuple[Pattern, ...]:
    """The control's recommended pattern, by which the replay counts, a named variant's, and filters that may be for it.

    What a filter for other events counts matters only where the recommended pattern counts it too. A filter that is no
    pattern counts nothing.
    """
    named = control.variants["default" if variant is None else variant]
    required = question(control, named, covers=False, strict=False)
    texts = [required.objective_pattern, *(required.accepted if variant is not None else ())]
    own = [
        text
        for text in dict.fromkeys(filters)
        if parsed_filter(text) is not None and required.for_other_events(text) is None
    ]
    patterns = (parsed_filter(text) for text in (*texts, *own))
    return tuple(dict.fromkeys(pattern for pattern in patterns if pattern is not None))
