"""Why the published rule says something else than the whole chain, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.gsl import EntityOutcome
from auditor.published.rule import judge_rule, rule_of
from auditor.text import listing
from auditor.verdict import Decided, Verdict

_NAMED = 3
_EACH = "The published rule asks this of each trail of the account"


def why_published_differs(rule: str, entities: Sequence[object], as_of: str | None, published: Decided) -> str:
    """One sentence on what made the rule's own answer, for a reader who sees another verdict beside it."""
    if published is Verdict.PASS:
        return (
            "To the letter the published rule holds: it asks for less than the whole chain, or for another pattern "
            "than the one that this finding rests on."
        )
    outcome = judge_rule(rule_of(rule), entities, as_of)
    each = not rule_of(rule).is_list
    if published is Verdict.INCONCLUSIVE:
        names = _names([item for item in outcome.items if (item.complies if each else item.valid) is None])
        if not names:
            return "The captures do not show what the published rule asks for."
        return f"{_EACH}, and the captures leave open {names}." if each else f"The captures leave open {names}."
    unmet = [item for item in outcome.items if (item.complies if each else item.valid) is False]
    met = [item for item in outcome.items if item.relevant is True and item.valid is True]
    because = next((item.because for item in unmet if item.because), "")
    if each and met:
        return f"{_EACH}: {_names(met)} has it, {_names(unmet)} has not. {because}".strip()
    return f"No trail of the account has, to the letter, what the published rule asks for. {because}".strip()


def _names(items: Sequence[EntityOutcome]) -> str:
    return listing((item.label for item in items), limit=_NAMED)
