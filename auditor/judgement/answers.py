"""One control variant put to accounts: the verdict, what ``--strict`` would say, and whether the objective is met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.catalogue import Control, Variant
from auditor.chains import Account, Chains, TrailPath
from auditor.judgement.calls import Calls, parts_of
from auditor.judgement.deviation import by_the_letter_alone
from auditor.judgement.judge import Decision, decide
from auditor.judgement.question import Question, question
from auditor.judgement.rows import Row, Rows
from auditor.verdict import Decided


@dataclass(frozen=True, slots=True)
class Answers:
    """What a control variant finds in one account: the verdict with its chains, beside it the other readings.

    ``parts`` are the watched calls as the account's trails tell them apart.
    """

    parts: tuple[Calls, ...]
    rows: list[Row]
    decision: Decision
    strictly: Decided
    objective: Decided


class ControlTest:
    """A control variant under the readings of one audit."""

    def __init__(self, control: Control, variant: Variant, chains: Chains, *, covers: bool, strict: bool) -> None:
        self.control, self.variant = control, variant
        self._plain, self._strict, self._objective = (
            Rows(question(control, variant, covers=reading, strict=strictness), chains)
            for reading, strictness in ((covers, strict), (covers, True), (True, strict))
        )

    @property
    def question(self) -> Question:
        """The question by which the verdict is made."""
        return self._plain.question

    def of(self, account: Account, paths: Sequence[TrailPath]) -> Answers:
        """The answers for one account, ``paths`` its trails and the gaps where one could be."""
        parts = parts_of(self.question.events, paths)
        rows = self._plain.of(account, paths, parts)
        decision = _decide(parts, rows, account, self.question)
        strictly, objective = decision.verdict, decision
        if not self.question.strict and any(row.assumes_much for row in rows):
            strictly = _decided(self._strict, account, paths).verdict
        letter = all(row.by_the_letter for row in decision.proving or rows)
        together = not decision.proving and any(row.shared for row in rows)  # other filters may do it for the objective
        if not self.question.covers and (together or not letter):
            objective = _decided(self._objective, account, paths)
        decision = by_the_letter_alone(decision, objective, rows)
        return Answers(parts, rows, decision, strictly, objective.verdict)


def _decided(rows: Rows, account: Account, paths: Sequence[TrailPath]) -> Decision:
    parts = parts_of(rows.question.events, paths)
    account_rows = rows.of(account, paths, parts)
    return _decide(parts, account_rows, account, rows.question)


def _decide(parts: Sequence[Calls], rows: Sequence[Row], account: Account, to_ask: Question) -> Decision:
    return decide(parts, rows, account.regions, account.account_id, to_ask.objective, account.regions_listed)
