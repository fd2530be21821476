"""The summary that `auditor audit` prints: results per framework, causes, and where the reports are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from auditor.cli.output import cell, note, write_paragraph, write_table, write_text
from auditor.errors import BESIDE_EVIDENCE
from auditor.reports import unlisted_reports
from auditor.result import AuditResult, Cause, ResultDocument
from auditor.rules import reason_title
from auditor.text import count, listing, one_line
from auditor.workpaper.claims import advice_in_words, claims_in_words
from auditor.workpaper.events import EventsRow, replay_in_words, totals_in_words
from auditor.workpaper.wording import evidence_of, seal_in_words, unreconciled_in_words

ACCOUNTS_SHOWN, CAUSES_SHOWN, OTHERS_SHOWN = 3, 10, 5
BY_THE_LETTER = "By the letter only: every event is noticed, the pattern is not equal to the required one"
Line = tuple[object, object]
OVERVIEWS = ("index.html", "overview.xlsx")
KINDS = {
    ".xlsx": "workbook",
    ".html": "page",
    ".oscal.json": "OSCAL document",
    ".csv": "CSV table",
    ".parquet": "Parquet table",
}


def write_summary(result: AuditResult, written: Sequence[Path]) -> None:
    """Writes the summary of ``result`` and of the files ``written`` on standard output."""
    document = result.document
    write_text(_headline(document))
    if document["bundle"]["seal"] != "absent":
        write_text(f"{seal_in_words(document['bundle'])}.")
    for rows in (_frameworks(document), _causes(document)):
        lines = list(rows)
        if lines:
            write_text()
            write_table(("", ""), lines)
    remarks = list(_remarks(document))
    if remarks:
        write_text()
        for remark in remarks:
            write_paragraph(remark)
    if written:
        write_text()
        first = next((f" Open {one_line(str(path))} first." for path in written if path.name == "index.html"), "")
        write_paragraph(f"{report_files(written)}{first}")


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
    """The causes of one kind together: where they are, the sentence of the first and the rule on which it rests.

    What fails by the letter alone stands last, under a line of its own.
    """
    names = {finding["account_id"]: finding["account_name"] for finding in document["findings"]}
    by_id = {finding["id"]: finding for finding in document["findings"]}
    for tier, causes in groupby(document["causes"], lambda cause: (cause["verdict"], cause.get("letter", False))):
        kinds = [list(kind) for _, kind in groupby(causes, _kind)]
        if tier[1]:
            yield "", ""
            yield "", cell(BY_THE_LETTER, "dim")
        for kind in kinds[:CAUSES_SHOWN]:
            first = kind[0]
            accounts = list(dict.fromkeys(account for cause in kind for account in cause["accounts"]))
            findings = sum(len(cause["findings"]) for cause in kind)
            controls = {by_id[identifier]["control_id"] for cause in kind for identifier in cause["findings"]}
            extent = f"{count(findings, 'finding')} in " if findings > len(accounts) else ""
            extent = f"{controls.pop()} in " if len(controls) == 1 < len(document["controls"]) else extent
            where = listing((_named(account, names) for account in accounts), limit=ACCOUNTS_SHOWN)
            head = f"{reason_title(first['code'])}: {extent}{count(len(accounts), 'account')} ({where})"
            yield first["verdict"], cell(head, "bold")
            rest = f" And {len(kind) - 1} alike." if len(kind) > 1 else ""
            number = by_id[first["findings"][0]].get("rule")
            rule = f" (rule {number})" if number else ""
            yield "", f"{first['reason']}{rest}{rule}"
        if len(kinds) > CAUSES_SHOWN:
            more = count(len(kinds) - CAUSES_SHOWN, f"more cause of {tier[0]}", f"more causes of {tier[0]}")
            yield "", cell(f"{more}: see the page, or the sheet Causes", "bold")


def _kind(cause: Cause) -> str:
    return cause["code"]


def _named(account: str, names: Mapping[str, str]) -> str:
    """``web-prod 444455556666``."""
    return f"{names.get(account, '')} {account}".strip()


def report_files(written: Sequence[Path]) -> str:
    """``Reports in report: 8 workbooks, 8 pages, overview.xlsx, index.html and results.json.``"""
    kinds = {path: _file_kind(path.name) for path in written if path.name not in OVERVIEWS}
    words = [count(number, kind) for kind, number in Counter(filter(None, kinds.values())).items()]
    words += [path.name for path in written if not kinds.get(path)]
    folders = sorted({str(path.parent) for path in written})
    return f"Reports in {listing(one_line(folder) for folder in folders)}: {listing(words)}."


def _file_kind(name: str) -> str:
    return next((kind for ending, kind in KINDS.items() if name.endswith(ending)), "")


def warn_of_others(written: Sequence[Path]) -> None:
    """Names reports beside those written that another result left: a reader would take them for this one's."""
    folder = written[-1].parent
    if others := unlisted_reports(folder):
        verb = "is" if len(others) == 1 else "are"
        note(
            f"warning: {folder}: {listing(others, limit=OTHERS_SHOWN)} {verb} not of this result. "
            "Move what is still wanted, or choose another folder with --out."
        )


def _extent_of_requests(document: ResultDocument) -> tuple[int, int]:
    """The number of sets of requests, and of exports in them."""
    if sets := document.get("request_sets"):
        return len(sets), sum(entry["exports"] for entry in sets)
    requests = document["requests"]  # of an older result
    return len({entry.get("set", entry["number"]) for entry in requests}), sum(bool(r["command"]) for r in requests)


def _headline(document: ResultDocument) -> str:
    bundle, accounts = document["bundle"], document["counts"]["accounts"]
    words = [
        f"{one_line(bundle['name'])}: {count(accounts, 'account')}",
        count(bundle["captures"], "capture"),
        *([f"control period {period['start']} to {period['end']}"] if (period := document["period"]) else []),
        evidence_of(document).lower() or "day of capture not recorded",
    ]
    if unreconciled := unreconciled_in_words(document):
        words.append(f"population {unreconciled}")
    return ", ".join(words) + "."


def _remarks(document: ResultDocument) -> Iterator[str]:
    counts = document["counts"]
    if counts["open"]:
        material = f", {counts['material']:,} of them material" if counts["material"] else ""
        where = "the page" if not (counts["material"] or document["requests"]) else "the second part of requests.md"
        yield f"{counts['open']:,} PASS with open points{material}: {where} lists the commands that close them."
    if counts["objective_not_letter"]:
        words = count(counts["objective_not_letter"], "finding meets", "findings meet")
        yield f"{words} the objective, not the letter."
    if (changes := document["changes"]) is not None:
        from auditor.comparison.words import counts as counts_of
        from auditor.comparison.words import quarter_in_words

        words = listing(f"{heading.lower()}: {number:,}" for heading, number in counts_of(changes) if number)
        yield f"Since {quarter_in_words(changes['quarters'][-2])}: {words or 'nothing changed'} (sheet Changes)."
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
        sets, exports = _extent_of_requests(document)
        words, exports_in_words = count(sets, "request"), count(exports, "export")
        yield f"{words} to the client for missing evidence, {exports_in_words}. {document['settling']}"
    if claimed := claims_in_words(document):
        yield claimed
        yield advice_in_words(document.get("reliance") or ())
    if document["events"]:
        watched = [EventsRow(watch, "", "") for watch in document["events"]["watches"]]
        yield f"Replayed {replay_in_words(document['events'])} {totals_in_words(watched)}"
    problems = [entry for entry in document["problems"] if not entry["code"].startswith(BESIDE_EVIDENCE)]
    if problems:
        words = count(len(problems), "problem")
        yield f"{words} in the evidence: `auditor validate` or -v lists them."
