"""Purpose, scope, method and limits in numbered paragraphs, and the facts of each control tested."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.result import ReplayFacts
from auditor.text import count, listing
from auditor.workpaper.events import files_in_words, replay_in_words
from auditor.workpaper.model import Kind
from auditor.workpaper.view import View
from auditor.workpaper.wording import POPULATION_SOURCES, framework_in_words, seal_in_words, unreconciled_in_words

REPLAYED = (
    "Recorded events were replayed over the filters as captured: evidence of operation as far as the metric filter; "
    "see Events. It supposes that the filters were the same when the events happened."
)
COVERAGE = "100 % of the population, no sampling"
LIMITS: tuple[str, ...] = (
    "CloudTrail does not send events of more than 256 KB to CloudWatch Logs; delivery takes about five minutes and is "
    "not guaranteed. A notification is therefore neither immediate nor certain for every event.",
    "Not visible in any export, and not tested: a mailbox that bounces, a telephone that opted out, a spending limit "
    "for text messages, a disabled device endpoint, a reader who left a mailing list, and whether anybody acts.",
    "An alarm counts what the log group receives. Whether it ever fired, and what was done then, was not tested.",
    "Behaviour that AWS does not document was read in one stated way; a result that would change under the other "
    "reading lists it as an assumption.",
    "The program draws no conclusion on a requirement. Preparer and reviewer sign for theirs on the sheet Sign-off.",
)


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """A heading with its paragraphs; they are numbered through all sections."""

    heading: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with its value; None = nothing to say."""

    label: str
    value: str | int | None
    kind: Kind = Kind.TEXT


def scope(view: View) -> tuple[Paragraphs, ...]:
    """The sections of the sheet Scope, in order."""
    return (
        Paragraphs("Purpose", _purpose(view)),
        Paragraphs("Scope", _in_scope(view)),
        Paragraphs("Out of scope", _out_of_scope(view)),
        Paragraphs("Period", _period(view)),
        Paragraphs("Method", _method(view)),
        Paragraphs("Sources", _sources(view)),
        Paragraphs("Assumptions", _assumptions(view)),
        Paragraphs("Limits", LIMITS),
    )


def _purpose(view: View) -> tuple[str, ...]:
    titles = listing(control["title"] for control in view.controls) or "no control"
    return (
        f"To test, for {framework_in_words(view.framework)}, whether somebody is notified when a "
        f"watched action happens in an AWS account. Controls tested: {titles}.",
        "The results speak of the mapped controls that were tested, never of the requirement itself: whether a "
        "requirement is met is the auditor's conclusion.",
    )


def _in_scope(view: View) -> tuple[str, ...]:
    population = view.document["population"]
    accounts = [account for account in population["accounts"] if account["in_scope"]]
    source = POPULATION_SOURCES[population["source"]]
    unreconciled = unreconciled_in_words(view.document)
    reconciled = f"; {unreconciled}" if unreconciled else ""
    missing = sum(account["status"] == "missing" for account in accounts)
    regions = sorted({region for account in accounts for region in account["regions_expected"]})
    texts = [
        f"{count(len(accounts), 'account')} in scope, from {source}{reconciled}. {COVERAGE}: every account in scope is "
        "tested, and an account without captures is reported as such.",
    ]
    if regions:
        texts.append(f"{count(len(regions), 'region')} expected: {listing(regions)}.")
    if missing:
        texts.append(f"{count(missing, 'account')} in scope without any capture; see Population and Requests.")
    if population["note"]:
        texts.append(population["note"])
    return tuple(texts)


def _out_of_scope(view: View) -> tuple[str, ...]:
    excluded = [account for account in view.document["population"]["accounts"] if not account["in_scope"]]
    texts = [
        "Other ways of being told than the chain from a trail to a subscription: EventBridge rules, log alarms "
        "(scheduled queries), log subscription filters, threat detection services, a SIEM. FAIL says that this chain "
        "is broken, never that nobody is told.",
    ]
    if excluded:
        texts.append(
            f"{count(len(excluded), 'account')} of the population out of scope; the sheet Population says why."
        )
    return tuple(texts)


def _period(view: View) -> tuple[str, ...]:
    document = view.document
    bundle, period = document["bundle"], document["period"]
    covered = (
        f"The captures were taken from {bundle['captured_from']} to {bundle['captured_to']} (UTC)."
        if bundle["captured_from"]
        else "No capture records when it was taken."
    )
    control_period = (
        f"Control period: {period['start']} to {period['end']}." if period else "No control period was given."
    )
    return (
        f"{control_period} {covered}",
        "Design, not operation: captures show that the control was designed and in place at the time of capture. "
        "Operation throughout a period needs several captures or a log of changes, and is not claimed here.",
        *_replayed(document["events"]),
    )


def _replayed(events: ReplayFacts | None) -> tuple[str, ...]:
    return () if events is None else (REPLAYED, f"{replay_in_words(events)} {files_in_words(events)}")


def _method(view: View) -> tuple[str, ...]:
    options = view.document["options"]
    letter = (
        "A filter is accepted if it counts every one of the control's own events (option match: covers)."
        if options.get("match") == "covers"
        else "A filter is accepted if its pattern is equal in meaning to an accepted pattern of the control; that it "
        "counts at least the control's own events is reported beside it as the objective."
    )
    points = (
        "Material open points were taken as unknown (option strict)."
        if options.get("strict")
        else "What optional captures would have shown is an open point. Material open points were read as the usual "
        "case, are named in the result and are counted apart."
    )
    return (
        "Examination (inspection) of exported configuration, by program, offline. Nothing was changed or called in "
        "the client's environment. The procedure is described step by step on the sheet Procedure.",
        f"{letter} {points}",
        "A control holds if for each of its obligations (events and the regions they happen in) one chain is whole. "
        "If it holds even with everything unknown taken as broken, the result is PASS; if it does not hold even with "
        "everything unknown taken as sound, FAIL; otherwise INCONCLUSIVE.",
        "Mappings from controls to requirements are published by the party named on the Summary, or inferred and shown "
        "as such. Supporting mappings are shown and not counted.",
        *filter(None, [view.framework["note"]]),
    )


def _sources(view: View) -> tuple[str, ...]:
    bundle = view.document["bundle"]
    calls = sorted({capture["call"] for capture in view.document["captures"] if capture["call"]})
    return (
        f"{count(bundle['captures'], 'capture')} from {count(bundle['accounts'], 'account')} in the bundle "
        f"{bundle['name']}, produced by the client; SHA-256 {bundle['sha256']}. {seal_in_words(bundle)}.",
        f"Calls captured: {listing(calls) or 'none'}. Each file that a "
        "finding cites is listed on the sheet Evidence with its digest, every file of the bundle in overview.xlsx.",
    )


def _assumptions(view: View) -> tuple[str, ...]:
    texts = {point["code"]: point["text"] for finding in view.findings for point in finding["assumptions"]}
    return (
        "The captures are what AWS answered; they were not changed afterwards. What speaks for it stands on the sheet "
        "Completeness; a call repeated by the auditor is the independent test.",
        *(f"{text} ({code})" for code, text in sorted(texts.items())),
    )
