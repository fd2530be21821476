"""What of a finding its reports show first: the chain that decides, and the reason codes, each of which rests on a rule
of ``ResultDocument.rules``.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.result.finding_facts import ChainFacts, Finding
from auditor.rules.steering import NOT_REACHED
from auditor.verdict import AttributeWord, Link, State


def cited_codes(finding: Finding) -> Iterator[str]:
    """The codes of the finding's reason, of its chains' links and of its open points; some more than once."""
    yield finding["reason_code"]
    for chain in finding["chains"]:
        yield from (link["code"] for link in chain["links"].values() if link["reason"])
    yield from (point["code"] for point in finding["open_points"])


def deciding_chain(finding: Finding) -> ChainFacts | None:
    """The chain that decides the finding, else its first."""
    chains = finding["chains"]
    return next((chain for chain in chains if chain["decides"]), chains[0] if chains else None)


def chain_states(chain: ChainFacts) -> dict[str, AttributeWord]:
    """State per link of a chain; ``n/a`` for one about which nothing is said, since it was not reached."""
    states: dict[str, AttributeWord] = {}
    for link in Link:
        facts = chain["links"].get(link)
        silent = facts is None or (facts["state"] == State.UNKNOWN.value and facts["code"] in ("", NOT_REACHED))
        states[link.value] = "n/a" if facts is None or silent else facts["state"]
    return states
