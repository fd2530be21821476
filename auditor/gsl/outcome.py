"""What evaluating a rule found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from auditor.gsl.logic import Truth
from auditor.gsl.readings import Reading

Result = Literal["pass", "fail", "unknown"]


@dataclass(frozen=True, slots=True)
class EntityOutcome:
    """What the rule says of one entity; None where the evidence does not decide.

    ``index`` is its position in the given list, ``label`` its name for people. Of a rule over entities:
    ``relevant`` (in scope of ``where``), ``valid`` (has what it should), ``excluded``. Of a ``List<>`` rule:
    ``valid`` says whether the entity counted among the items that the condition asks for. ``because``: the part of
    the rule that settles the entity or leaves it open, with the values found; ``""`` if nothing is known of the
    entity or no part speaks of it.
    """

    index: int
    label: str
    relevant: Truth
    valid: Truth
    excluded: Truth
    because: str

    @property
    def complies(self) -> Truth:
        """False for a breach: in scope, not excluded and not valid."""
        if self.relevant is False or self.excluded or self.valid:
            return True
        return False if self.relevant and self.excluded is False and self.valid is False else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a rule, the entities that made it so, and the open readings that it depends on.

    ``unknown``: the evidence does not decide. ``explanation`` has whole sentences, one a line: first what was tested,
    in counts; then what holds for the rule as a whole; last, for each of the readings one. Why an entity is as it is
    stands with the entity.
    """

    result: Result
    items: tuple[EntityOutcome, ...]
    readings: tuple[Reading, ...]
    explanation: tuple[str, ...]


def result_of(truth: Truth) -> Result:
    """``pass``, ``fail`` or ``unknown``."""
    return "unknown" if truth is None else "pass" if truth else "fail"
