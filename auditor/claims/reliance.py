"""How far a scanner's check can be relied on: its answers, account by account, against ours."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from auditor.claims.model import Claim
from auditor.claims.rollup import by_account, together
from auditor.result import ClaimFacts, Finding, RelianceFacts
from auditor.text import count
from auditor.verdict import ClaimWord, Outcome, Verdict

OUTCOMES = ("agree", "overstates", "understates", "undecided", "silent", "muted", "inconclusive")


def reliance(
    current: Sequence[Claim], silent: Iterable[ClaimFacts], chosen: Mapping[tuple[str, str], Finding]
) -> list[RelianceFacts]:
    """One row per scanner and control: accounts by outcome, each account once, and the advice in words."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    attested: set[tuple[str, str]] = set()
    for (tool, control, account), claims in by_account(current).items():
        finding = chosen.get((account, control))
        if finding is None:
            continue
        word = together(claims)
        counts[(tool, control)]["muted" if word is None else outcome_of(word, finding)] += 1
        if all(claim.attested for claim in claims):
            attested.add((tool, control))
    for row in silent:
        counts[(row["tool"], row["control"])]["silent"] += 1
    return [
        _facts(tool, control, numbers, (tool, control) in attested)
        for (tool, control), numbers in sorted(counts.items())
    ]


def outcome_of(claim: ClaimWord, finding: Finding) -> Outcome:
    """How the scanner's answer stands to ours; the objective tells what fails by the letter alone."""
    if finding["verdict"] == Verdict.INCONCLUSIVE:
        return "inconclusive"
    if claim == "UNDECIDED":
        return "undecided"
    holds = "PASS" in (finding["verdict"], finding["objective"])
    if claim == "PASS" and finding["objective"] == Verdict.INCONCLUSIVE:
        return "agree" if holds else "inconclusive"  # it fails by the letter, and whether more is wrong is open
    if claim == "PASS":
        return "agree" if holds else "overstates"
    return "understates" if holds else "agree"


def _facts(tool: str, control: str, numbers: Counter[str], attested: bool) -> RelianceFacts:
    return {
        "tool": tool, "control": control, "accounts": sum(numbers[name] for name in OUTCOMES),
        "agreed": numbers["agree"], "overstated": numbers["overstates"], "understated": numbers["understates"],
        "undecided": numbers["undecided"], "silent": numbers["silent"], "muted": numbers["muted"],
        "inconclusive": numbers["inconclusive"], "advice": _advice(numbers, attested),
    }  # fmt: skip


def _advice(numbers: Counter[str], attested: bool) -> str:
    """What the numbers advise, in words; one overstatement is enough to advise against."""
    over, under, agreed = numbers["overstates"], numbers["understates"], numbers["agree"]
    if attested:
        return "Do not rely on it: a person's word, not a test."
    if over:
        return f"Do not rely on it: it passes {count(over, 'account')} that fail{'s' if over == 1 else ''}."
    if not agreed and not under:
        return "No basis: no answer could be compared."
    words = []
    if under:
        hold = "holds" if under == 1 else "hold"
        words.append(f"Look twice at its failures: it fails {count(under, 'account')} that {hold}.")
        words.append("No pass of it was found wrong.")
    else:
        words.append(f"No exception in {count(agreed, 'account')} compared.")
    left = numbers["undecided"] + numbers["silent"] + numbers["muted"] + numbers["inconclusive"]
    if left:
        words.append(f"{count(left, 'account')} not compared.")
    return " ".join(words)
