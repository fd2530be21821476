"""Whether the evidence is accurate and complete: counts of the result set against each other, no judgement.

The tests are those an auditor makes of information produced by the entity: source, parameters, pages, period,
reconciliation with a second source, integrity of the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from auditor.result import CaptureFacts, PopulationAccount
from auditor.text import count, listing
from auditor.workpaper.view import View
from auditor.workpaper.wording import (
    POPULATION_SOURCES,
    flaws_in_words,
    holds_answer,
    seal_in_words,
    unreconciled_in_words,
)

NAMED = 12


@dataclass(frozen=True, slots=True)
class Test:
    """One test. ``population`` and ``evidence`` are counts of the same things; None where nothing is counted."""

    subject: str
    test: str
    population: int | None
    evidence: int | None
    note: str
    broken: bool = False  # an exception that is not counted

    @property
    def difference(self) -> int | None:
        """What the population has beyond the evidence; None if one of them is not known."""
        if self.population is None or self.evidence is None:
            return None
        return self.population - self.evidence

    @property
    def result(self) -> str:
        """In words."""
        if self.broken:
            return "Exception noted"
        if self.difference is None:
            return "Not tested"
        return "No exception noted" if self.difference == 0 else f"{count(abs(self.difference), 'exception')} noted"


def tests(view: View) -> Iterator[Test]:
    """The tests in the order of the sheet."""
    captures = view.document["captures"]
    yield _captures(
        captures,
        "Source",
        "Who ran the call is recorded",
        lambda capture: bool(capture["caller_arn"]),
        _callers(captures),
    )
    yield _captures(
        captures,
        "Source",
        "Account and region of the capture are known",
        lambda capture: bool(capture["account_id"] and capture["place_source"]),
        "",
    )
    yield _captures(
        captures,
        "Parameters",
        "The arguments of the call are recorded",
        lambda capture: capture["arguments"] is not None,
        "Without a record a capture was read as unfiltered (arguments-not-recorded).",
    )
    answered = [capture for capture in captures if holds_answer(capture)]
    imprecise = [capture for capture in captures if not _follows_schema(capture)]
    yield _captures(
        captures,
        "Precision",
        "The file holds an answer that follows the schema of the call",
        _follows_schema,
        f"{', '.join(flaws_in_words(imprecise))}.",
    )
    yield _captures(
        answered,
        "Pages",
        "The answer is whole: every page is there and nothing narrowed it",
        lambda capture: capture["complete"],
        "",
    )
    yield _captures(
        captures,
        "Period",
        "The time of the capture is recorded",
        lambda capture: capture["captured_at"] is not None,
        "",
    )
    yield _period(view)
    yield _accounts(view)
    yield from _scope_and_listing(view)
    yield _regions(view)
    yield _gaps(view)
    yield _seal(view)


def _follows_schema(capture: CaptureFacts) -> bool:
    return holds_answer(capture) and capture["valid"]


def _captures(
    captures: list[CaptureFacts], subject: str, test: str, holds: Callable[[CaptureFacts], bool], note: str
) -> Test:
    failing = [capture["file"] for capture in captures if not holds(capture)]
    named = f"Not so: {listing(failing, limit=NAMED)}." if failing else ""
    return Test(subject, test, len(captures), len(captures) - len(failing), _note(note if failing else "", named))


def _callers(captures: Iterable[CaptureFacts]) -> str:
    callers = {capture["caller_arn"] for capture in captures if capture["caller_arn"]}
    return f"{count(len(callers), 'principal')} in the capture records." if callers else ""


def _period(view: View) -> Test:
    period, captures = view.document["period"], view.document["captures"]
    if not period:
        return Test("Period", "The capture counts for the control period", None, None, "No control period was given.")
    outside = [capture["file"] for capture in captures if capture["in_period"] is not True]
    note = f"Control period {period['start']} to {period['end']}."
    named = f"Not so or not known: {listing(outside, limit=NAMED)}." if outside else ""
    evidence = len(captures) - len(outside)
    return Test("Period", "The capture counts for the control period", len(captures), evidence, _note(note, named))


def _accounts(view: View) -> Test:
    population = view.document["population"]
    accounts = [account for account in population["accounts"] if account["in_scope"]]
    missing = [account["account_id"] for account in accounts if account["status"] == "missing"]
    source, unreconciled = POPULATION_SOURCES[population["source"]], unreconciled_in_words(view.document)
    note = f"Population from {source}{', ' * bool(unreconciled) + unreconciled}."
    named = f"Without captures: {listing(missing, limit=NAMED)}." if missing else ""
    test = "Every account in scope has captures or is proven by an organisation trail"
    if not population["reconciled"]:
        return Test("Reconciliation", test, None, len(accounts), _note(note, named))
    return Test("Reconciliation", test, len(accounts), len(accounts) - len(missing), _note(note, named))


def _scope_and_listing(view: View) -> Iterator[Test]:
    """The scope file and the organisation's own listing against each other, where there are both."""
    accounts = view.document["population"]["accounts"]
    listed = [account for account in accounts if account["organization_state"] == "ACTIVE"]
    named = [account for account in accounts if account["in_scope_file"]]
    if not listed or not named:
        return
    unnamed = [account["account_id"] for account in listed if not account["in_scope_file"]]
    yield _each(
        listed, "Every account that the organisation lists as active is named in the scope file", "Not named", unnamed
    )
    strange = [account["account_id"] for account in named if not account["organization_state"]]
    yield _each(named, "Every account of the scope file is listed by an organisation", "Not listed", strange)


def _each(accounts: Sequence[PopulationAccount], test: str, words: str, lacking: Sequence[str]) -> Test:
    """A test of each account; ``lacking``: the ids of those of which it does not hold, named after ``words``."""
    note = f"{words}: {listing(lacking, limit=NAMED)}." if lacking else ""
    return Test("Reconciliation", test, len(accounts), len(accounts) - len(lacking), note)


def _regions(view: View) -> Test:
    accounts = [account for account in view.document["population"]["accounts"] if account["in_scope"]]
    expected = sum(len(account["regions_expected"]) for account in accounts)
    missing = {(gap["account_id"], gap["region"]) for gap in view.document["gaps"]}
    lacking = [
        f"{account['account_id']} {region}"
        for account in accounts
        for region in account["regions_expected"]
        if region not in account["regions_captured"] and (account["account_id"], region) in missing
    ]
    named = f" Needed: {listing(lacking, limit=NAMED)}." if lacking else ""
    return Test(
        "Reconciliation",
        "Every expected region of an account has captures, or a result needs none from it",
        expected,
        expected - len(lacking),
        f"Accounts × regions. What a multi-region trail delivers needs no capture in the other regions.{named}",
    )


def _gaps(view: View) -> Test:
    gaps = view.document["gaps"]
    calls = listing(sorted({gap["call"] for gap in gaps}))
    answered = sum(capture["complete"] for capture in view.document["captures"])
    return Test(
        "Reconciliation",
        "Every answer that the population needs is captured",
        answered + len(gaps),
        answered,
        f"Missing: {calls}; see Requests." if gaps else "",
    )


def _seal(view: View) -> Test:
    seal, captures = view.document["bundle"]["seal"], len(view.document["captures"])
    words = seal_in_words(view.document["bundle"])
    test = "Files have the digests recorded when the bundle was sealed"
    if seal == "verified":
        return Test("Integrity", test, captures, captures, "")
    if seal == "broken":
        return Test("Integrity", test, captures, None, f"{words}.", broken=True)
    return Test("Integrity", test, None, None, f"{words}.")


def _note(*parts: str) -> str:
    return " ".join(filter(None, parts))
