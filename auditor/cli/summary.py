"""The summary that `auditor audit` prints: results per framework, causes, and where the reports are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from auditor.cli.output import cell, write_table, write_text
from auditor.errors import BESIDE_EVIDENCE
from auditor.result import AuditResult, ResultDocument
from auditor.rules import reason_title
from auditor.text import count, listing, one_line
from auditor.workpaper.events import EventsRow, replay_in_words, totals_in_words
from auditor.workpaper.wording import UNRECONCILED

ACCOUNTS_SHOWN = 3
Line = tuple[object, object]
KINDS = {".xlsx": "workbook", ".html": "page"}


def write_summary(result: AuditResult, written: Sequence[Path]) -> None:
    """Writes the summary of ``result`` and of the files ``written`` on standard output."""
    document = result.document
    write_text(_headline(document))
    for rows in (_frameworks(document), _causes(document)):
        lines = list(rows)
        if lines:
            write_text()
            write_table(("", ""), lines)
    remarks = list(_remarks(document))
    if remarks:
        write_text()
        for remark in remarks:
            write_text(remark)
    if written:
        write_text()
        write_text(report_files(written))


def _frameworks(document: ResultDocument) -> Iterator[Line]:
    """The words of each framework; those of which the same is to be said stand together."""
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for framework in document["frameworks"]:
        alike[(framework["verdict"], framework["words"])].append(framework["name"])
    for (verdict, words), names in alike.items():
        yield verdict, cell(words, "bold")
        for name in names:
            yield "", name


def _causes(document: ResultDocument) -> Iterator[Line]:
    """Each cause with the accounts it has, its reason (of several alike the first) and the rule on which it rests."""
    numbers = {code: rule["id"] for rule in document.get("rules", ()) for code in rule["codes"]}
    reasons = {finding["id"]: finding["reason"] for finding in document["findings"]}
    for cause in document["causes"]:
        accounts = listing(cause["accounts"], limit=ACCOUNTS_SHOWN)
        several = len(cause["findings"]) > len(cause["accounts"])
        extent = f"{count(len(cause['findings']), 'finding')} in " if several else ""
        head = f"{reason_title(cause['code'])}: {extent}{count(len(cause['accounts']), 'account')} ({accounts})"
        own = list(dict.fromkeys(reasons[finding] for finding in cause["findings"]))
        rest = f" And {len(own) - 1} alike." if len(own) > 1 else ""
        yield cause["verdict"], cell(head, "bold")
        rule = f" (rule {numbers[cause['code']]})" if cause["code"] in numbers else ""
        yield "", f"{cause['reason'] or own[0]}{rest}{rule}"


def report_files(written: Sequence[Path]) -> str:
    """``Reports in report: 8 workbooks, 8 pages and results.json.``"""
    kinds = Counter(KINDS[path.suffix] for path in written if path.suffix in KINDS)
    words = [count(number, kind) for kind, number in kinds.items()]
    words += [path.name for path in written if path.suffix not in KINDS]
    folders = sorted({str(path.parent) for path in written})
    return f"Reports in {listing(one_line(folder) for folder in folders)}: {listing(words)}."


def _headline(document: ResultDocument) -> str:
    bundle, accounts = document["bundle"], document["counts"]["accounts"]
    words = [
        f"{one_line(bundle['name'])}: {count(accounts, 'account')}",
        count(bundle["captures"], "capture"),
        f"as of {document['as_of']}" if document["as_of"] else "day of capture not recorded",
    ]
    if not document["population"]["reconciled"]:
        words.append(f"population {UNRECONCILED}")
    return ", ".join(words) + "."


def _remarks(document: ResultDocument) -> Iterator[str]:
    counts = document["counts"]
    if counts["open"]:
        yield (
            f"{counts['open']:,} PASS with open points, {counts['material']:,} of them material: "
            "the findings list the commands that close them."
        )
    if counts["objective_not_letter"]:
        words = count(counts["objective_not_letter"], "finding meets", "findings meet")
        yield f"{words} the objective, not the letter."
    if (review := document["review"]) is not None:
        number = Counter(facts["status"] for facts in review)
        others = [
            f"{number['evidence_changed']:,} whose evidence has changed",
            f"{number['conflicting']:,} that differ",
            f"{number['unplaced']:,} that could not be placed",
        ]
        words = count(number["carried"], "finding")
        yield f"Earlier review: carried over for {words}; {listing(others)} (sheet Review)."
    if waivers := document.get("waivers"):
        unused = sum(not waiver["findings"] for waiver in waivers)
        expired = sum(waiver["status"] == "expired" for waiver in waivers)
        yield (
            f"{count(len(waivers), 'waiver')}: {count(counts['waivers'], 'finding has', 'findings have')} one in force "
            f"beside the verdict, which stays; {expired:,} expired, {unused:,} unused."
        )
    if document["requests"]:
        words = count(len(document["requests"]), "request")
        yield f"{words} to the client for missing evidence. {document['settling']}"
    if document["events"]:
        watched = [EventsRow(watch, "", "") for watch in document["events"]["watches"]]
        yield f"Replayed {replay_in_words(document['events'])} {totals_in_words(watched)}"
    problems = [one for one in document["problems"] if not one["code"].startswith(BESIDE_EVIDENCE)]
    if problems:
        words = count(len(problems), "problem")
        yield f"{words} in the evidence: `auditor validate` or -v lists them."
