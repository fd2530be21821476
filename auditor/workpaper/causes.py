"""One cause, one entry: what is broken or missing where, the controls that it decides, what differs among them.

Page, workbook and terminal show the same rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from auditor.result import Cause, ChainFacts, EvidenceItem, Finding, RemediationSteps, deciding_chain
from auditor.rules import reason_title
from auditor.text import count, listing, one_line
from auditor.verdict import DecidedWord, Link, Verdict
from auditor.workpaper.excerpts import DecidingMember, deciding_items, deciding_members
from auditor.workpaper.model import Column, Kind, Sheet, columns, field
from auditor.workpaper.procedure import LINK_NAMES
from auditor.workpaper.view import View, control_key, control_of

Tier = Literal["fail", "inconclusive", "letter", "pass"]
_TIERS: tuple[Tier, ...] = ("fail", "inconclusive", "letter")
ACCOUNTS_SHOWN = 40  # named in a cell; the rest is counted, and the sheet Results has them all
_FEW = 3
ENTRIES_IN_FULL = 6  # of a code; what decides in the others is told on the sheet Results
VALUE_SHOWN, _MEMBERS_SHOWN = 480, 6  # characters and lines of what decides; the sheet Results has all of it
# What may differ in the chains of one cause, in chain order: member of ChainFacts, link.
_PARTS: tuple[tuple[str, Link], ...] = (
    ("trail_arn", Link.TRAIL),
    ("log_group", Link.LOG_GROUP),
    ("filter_name", Link.METRIC_FILTER),
    ("metric", Link.METRIC),
    ("alarm_arn", Link.ALARM),
    ("topic_arn", Link.TOPIC),
    ("endpoint", Link.SUBSCRIPTION),
)


@dataclass(frozen=True, slots=True)
class DecidedControl:
    """A control that a cause decides, with its findings (one an account)."""

    id: str
    title: str
    findings: tuple[str, ...]  # numbers


@dataclass(frozen=True)
class CauseRow:
    """A cause seen through one framework: of its findings those that the framework maps."""

    cause: Cause
    view: View
    findings: tuple[Finding, ...]
    again: bool = False  # so many entries with its code stand above that its values are not told once more

    @property
    def number(self) -> str:
        """``C-001``; ``""`` of an older result."""
        return self.cause.get("number", "")

    @property
    def tier(self) -> Tier:
        """``letter`` if every event is noticed although the filters are not equal to the required patterns."""
        if self.cause["verdict"] == Verdict.PASS:
            return "pass"
        if self.cause["verdict"] != Verdict.FAIL:
            return "inconclusive"
        return "letter" if self.findings[0]["objective"] == Verdict.PASS else "fail"

    @property
    def title(self) -> str:
        """What it is, in some words; of a PASS what its material open points are about."""
        return self.cause["resource"] if self.tier == "pass" else reason_title(self.cause["code"])

    @property
    def link(self) -> str:
        """Name of the link that it breaks or leaves open."""
        return LINK_NAMES.get(self.cause["link"], "")

    @property
    def rule(self) -> str:
        """Number of the rule on which its reason rests."""
        return self.view.rule_of(self.findings[0]["reason_code"]) or self.view.rule_of(self.cause["code"])

    @property
    def reason(self) -> str:
        """One sentence for all of its findings."""
        return self.findings[0]["reason"] if len(self.findings) == 1 else self.cause["reason"]

    @cached_property
    def accounts(self) -> Mapping[str, str]:
        """Names by account id, in the order of the findings."""
        return {finding["account_id"]: finding["account_name"] for finding in self.findings}

    @property
    def account_ids(self) -> tuple[str, ...]:
        """The accounts in which it decides a finding of the framework."""
        return tuple(self.accounts)

    @property
    def ids_in_words(self) -> str:
        """The account ids, of many the first ones."""
        return listing(self.account_ids, limit=ACCOUNTS_SHOWN)

    @property
    def where(self) -> str:
        """The accounts: ``fraud-prod (777788889999)``, of many the first ones."""
        named = (f"{name} ({account})" if name else account for account, name in self.accounts.items())
        return listing(named, limit=ACCOUNTS_SHOWN)

    @cached_property
    def controls(self) -> tuple[DecidedControl, ...]:
        """The controls that it decides, in the result's order."""
        numbers: dict[str, list[str]] = {}
        for finding in self.findings:
            numbers.setdefault(control_of(finding), []).append(finding["number"])
        return tuple(
            DecidedControl(control["id"], control["title"], tuple(numbers[key]))
            for control in self.view.controls
            if (key := control_key(control)) in numbers
        )

    @property
    def controls_in_words(self) -> str:
        """``all 16 controls``, ``ssm-actions and root-usage``, ``5 of 16 controls``."""
        decided, of = len(self.controls), len(self.view.controls)
        if decided <= _FEW:
            return listing(control.id for control in self.controls)
        return f"all {of} controls" if decided == of else f"{decided} of {count(of, 'control')}"

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numbers of its findings."""
        return tuple(finding["number"] for finding in self.findings)

    @property
    def chain(self) -> ChainFacts | None:
        """The deciding chain of its first finding; the others differ from it as :attr:`differences` says."""
        return deciding_chain(self.findings[0])

    @cached_property
    def differing(self) -> dict[str, int]:
        """Per link whose name is not the same in all findings, how many names there are."""
        chains = [chain for finding in self.findings if (chain := deciding_chain(finding))]
        names = {link.value: {chain[member] for chain in chains} - {""} for member, link in _PARTS}  # type: ignore[literal-required]
        return {link: len(link_names) for link, link_names in names.items() if len(link_names) > 1}

    @cached_property
    def differences(self) -> tuple[tuple[str, ...], ...]:
        """A heading and a row for each finding with what is not the same in all; empty if nothing differs."""
        chains = [deciding_chain(finding) for finding in self.findings]
        columns = {
            LINK_NAMES[link]: [str(chain[member]) if chain else "" for chain in chains]  # type: ignore[literal-required]
            for member, link in _PARTS
        }
        differing = {heading: texts for heading, texts in columns.items() if len(set(texts)) > 1}
        reasons = [finding["reason"] for finding in self.findings]
        if len(set(reasons)) > 1:
            differing["Reason"] = reasons
        if not differing:
            return ()
        accounts = [finding["account_id"] for finding in self.findings]
        named = {"Account": accounts} if len(set(accounts)) > 1 else {}
        rows = zip(
            self.numbers,
            *(texts for texts in named.values()),
            (finding["control_id"] for finding in self.findings),
            *differing.values(),
            strict=True,
        )
        return (("Finding", *named, "Control", *differing), *rows)

    @property
    def remediation(self) -> RemediationSteps | None:
        """What mends all of its findings; None where nothing is to be mended, or the result does not say."""
        ids = {finding["id"] for finding in self.findings if finding["remediation"]}
        for remedy in self.cause.get("remedies", ()):
            if set(remedy["findings"]) == ids:
                return remedy["steps"]
        return next((finding["remediation"] for finding in self.findings if finding["remediation"]), None)

    @cached_property
    def evidence(self) -> tuple[EvidenceItem, ...]:
        """What its findings rest on, each place once."""
        items = (item for finding in self.findings for item in finding["evidence"])
        return tuple({(item["file"], item["pointer"]): item for item in items}.values())

    @cached_property
    def deciding(self) -> tuple[DecidingMember, ...]:
        """The members of the evidence that decide, those of the first finding."""
        return deciding_members(self.view, self.findings[0])

    @property
    def deciding_in_words(self) -> str:
        """The same after the number of its file, one a line; where nothing is there, the places that were searched."""
        if self.again:
            files = dict.fromkeys(self.view.evidence.get(item["file"], "") for item in deciding_items(self.findings[0]))
            return f"{listing(filter(None, files), limit=_FEW)}: see Results"
        lines = [f"{member.evidence} {one_line(str(member), VALUE_SHOWN)}" for member in self.deciding]
        searched = deciding_items(self.findings[0])
        lines = lines or [f"{self.view.evidence.get(item['file'], '')} {item['pointer']}".strip() for item in searched]
        more = len(lines) - _MEMBERS_SHOWN
        return "\n".join(lines[:_MEMBERS_SHOWN] + ([f"and {more} more: see Results"] if more > 0 else []))


def cause_rows(view: View, findings: Iterable[Finding] | None = None) -> Iterator[CauseRow]:
    """The causes of the framework's findings in the result's order: FAIL, INCONCLUSIVE, by the letter alone.

    ``findings``: of these only.
    """
    by_id = {finding["id"]: finding for finding in (view.findings if findings is None else findings)}
    rows = []
    for cause in view.document["causes"]:
        of_cause = tuple(by_id.pop(finding) for finding in cause["findings"] if finding in by_id)
        if of_cause:
            rows.append(CauseRow(cause, view, of_cause))
    rows += _without_cause([finding for finding in by_id.values() if finding["verdict"] != Verdict.PASS], view)
    codes: Counter[str] = Counter()
    for row in sorted(rows, key=lambda row: _TIERS.index(row.tier)):
        codes[row.cause["code"]] += 1
        yield replace(row, again=True) if codes[row.cause["code"]] > ENTRIES_IN_FULL else row


def _without_cause(findings: Iterable[Finding], view: View) -> Iterator[CauseRow]:
    """Findings that the result names in no cause, those of one account and reason together."""
    pairs: dict[tuple[str, DecidedWord, str, DecidedWord], list[Finding]] = {}
    for finding in findings:
        key = (finding["account_id"], finding["verdict"], finding["reason_code"], finding["objective"])
        pairs.setdefault(key, []).append(finding)
    for (account, verdict, code, _), group in sorted(pairs.items(), key=lambda pair: pair[0][2]):
        cause: Cause = {
            "code": code,
            "link": group[0]["broken_link"] or "",
            "verdict": verdict,
            "resource": group[0]["resource"],
            "reason": group[0]["reason"],
            "accounts": [account],
            "findings": [finding["id"] for finding in group],
        }
        yield CauseRow(cause, view, tuple(group))


_NO_EXCEPTIONS = "No exceptions noted"


def holding_rows(findings: Iterable[Finding], view: View) -> list[CauseRow]:
    """The PASS findings as entries of the same shape: those of one account and the same material open points together.

    The widest material ones first; last those without any.
    """
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding["verdict"] == Verdict.PASS:
            groups.setdefault((_assured(finding), finding["account_id"]), []).append(finding)
    sizes = Counter(title for title, _ in groups)
    rows = [
        CauseRow(
            {
                "code": group[0]["reason_code"],
                "link": "",
                "verdict": Verdict.PASS.value,
                "resource": title,
                "reason": group[0]["reason"],
                "accounts": [account],
                "findings": [finding["id"] for finding in group],
            },
            view,
            tuple(group),
        )
        for (title, account), group in groups.items()
    ]
    return sorted(rows, key=lambda row: (row.title == _NO_EXCEPTIONS, -sizes[row.title], row.title))


def _assured(finding: Finding) -> str:
    points = dict.fromkeys(point["code"] for point in finding["open_points"] if point["material"])
    letter = ["by the text of this version only"] if finding["objective"] != Verdict.PASS else []
    words = [*(reason_title(code) for code in points), *letter]
    return f"{_NO_EXCEPTIONS}, material: {listing(words)}" if points else ", ".join([_NO_EXCEPTIONS, *letter])


CAUSES = Sheet(
    "Causes",
    "What lies behind the findings that are not PASS: one broken or missing thing often decides many. Last stands what "
    "fails by the letter alone.",
    cause_rows,
    columns(
        Column("number", "Cause no.", field("number"), Kind.CODE, 9),
        Column("verdict", "Verdict", field("cause.verdict"), Kind.VERDICT, 14),
        Column("cause", "Cause", field("title"), Kind.TEXT, 34),
        Column("where", "Where", field("where"), Kind.TEXT, 30),
        Column("controls", "Controls", field("controls_in_words"), Kind.TEXT, 22),
        Column("link", "Link", field("link"), Kind.TEXT, 13),
        Column("rule", "Rule", field("rule"), Kind.CODE, 7, link="Rules"),
        Column("accounts", "Accounts", lambda row: len(row.account_ids), Kind.COUNT, 10),
        Column("findings", "Findings", lambda row: len(row.findings), Kind.COUNT, 10),
        Column("resource", "Resource", field("cause.resource"), Kind.CODE, 40, detail=True),
        Column("reason", "Reason", field("reason"), Kind.TEXT, 46),
        Column(
            "deciding", "What decides, in the evidence of the first finding", field("deciding_in_words"), Kind.CODE, 46
        ),
        Column("account_ids", "Account ids", field("ids_in_words"), Kind.CODE, 30, detail=True),
        Column("first_finding", "First finding", lambda row: row.numbers[0], Kind.CODE, 10, link="Results"),
    ),
    key="number",
    lines=30,
)
