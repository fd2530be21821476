"""The chain of a finding as blocks: seven boxes, and what was found at each link with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auditor.reports.html import blocks
from auditor.reports.html.blocks import Block, EvidenceRef
from auditor.reports.html.words import STATE_WORDS, short_name, utc
from auditor.result import ChainFacts, Finding, chain_states
from auditor.text import listing
from auditor.verdict import Link, Verdict
from auditor.workpaper.procedure import ATTRIBUTES, LINK_NAMES
from auditor.workpaper.view import View

# A topic may have thousands of endpoints, a name is at most some hundred characters.
SHOWN_CHARACTERS = 600
_NOUNS = {
    Link.TRAIL: "trails",
    Link.LOG_GROUP: "log groups",
    Link.METRIC_FILTER: "filters",
    Link.METRIC: "metrics",
    Link.ALARM: "alarms",
    Link.TOPIC: "topics",
    Link.SUBSCRIPTION: "endpoints",
}


def deciding_chains(finding: Finding) -> tuple[list[ChainFacts], list[ChainFacts]]:
    """The chains that decide the finding, and the others; the first one decides where none says so."""
    deciding = [chain for chain in finding["chains"] if chain["decides"]]
    others = [chain for chain in finding["chains"] if not chain["decides"]]
    return (deciding, others) if deciding else (others[:1], others[1:])


def names_of(chain: ChainFacts) -> dict[str, str]:
    """What the links of a chain are called; ``""`` where there is nothing."""
    return {
        Link.TRAIL: chain["trail_arn"],
        Link.LOG_GROUP: chain["log_group"],
        Link.METRIC_FILTER: chain["filter_name"],
        Link.METRIC: chain["metric"],
        Link.ALARM: chain["alarm_arn"],
        Link.TOPIC: chain["topic_arn"],
        Link.SUBSCRIPTION: chain["subscription_arn"] or chain["endpoint"],
    }


def boxes(finding: Finding, chain: ChainFacts, differing: Mapping[str, int]) -> Block:
    """The seven boxes; of a link whose names are not the same in all findings, how many there are."""
    deciding = chain["first_broken"] if finding["verdict"] != Verdict.PASS else None
    names = {link: short_name(name) for link, name in names_of(chain).items()}
    names |= {link: f"{number} {_NOUNS[Link(link)]}" for link, number in differing.items()}
    return _drawn(chain_states(chain), names, deciding)


def _drawn(states: Mapping[str, str], names: Mapping[str, str], deciding: str | None) -> Block:
    return blocks.chain(
        [
            [
                ATTRIBUTES[link],
                title,
                states.get(link, "n/a").replace("/", ""),
                STATE_WORDS[states.get(link, "n/a")],
                names.get(link, "") or "–",
                "decides" if link == deciding else "",
            ]
            for link, title in LINK_NAMES.items()
        ]
    )


def no_chain(finding: Finding) -> list[Block]:
    """What is to be seen where the captures show no path at all."""
    text = "The captures show no path from a trail to a subscription for this control in this account."
    names: dict[str, str] = {finding["broken_link"]: short_name(finding["resource"])} if finding["broken_link"] else {}
    return [_drawn(finding["links"], names, finding["broken_link"]), blocks.paragraph(text, "note")]


def link_rows(chain: ChainFacts, refs: Sequence[EvidenceRef], view: View) -> Block:
    """What was found at each link, its state, why, and the evidence for it."""
    names, states = names_of(chain), chain_states(chain)
    details = {
        Link.METRIC_FILTER: f"{chain['filter_name']} in log group {chain['log_group']}",
        Link.SUBSCRIPTION: listing(filter(None, [chain["subscription_arn"], _endpoint(chain)])),
        Link.ALARM: listing(filter(None, [chain["alarm_arn"], *chain["composite_arns"]])),
    }
    rows: list[list[object]] = []
    for link, title in LINK_NAMES.items():
        facts = chain["links"].get(link)
        text = (details.get(Link(link)) or names[link]) if names[link] else ""
        if text:
            text = "\n".join([text, *_further(Link(link), chain)])
        cited = [refs[index] for index in (facts["evidence"] if facts else []) if index < len(refs)]
        reason = facts["reason"] if facts else ""
        rule = view.rule_of(facts["code"]) if facts and reason else ""
        state = states[link]
        rows.append(
            [
                f"{ATTRIBUTES[link]} {title}", _bounded(text) or "–", state.replace("/", ""), STATE_WORDS[state],
                reason, rule, cited,
            ]
        )  # fmt: skip
    return blocks.link_table(rows)


def _further(link: Link, chain: ChainFacts) -> list[str]:
    """What is told of the alarm and the trail beside their names."""
    if link is Link.TRAIL:
        return [_trail_words(chain)]
    if link is not Link.ALARM or not chain["alarm"]:
        return []
    alarm = chain["alarm"]
    configured = f"configured {utc(alarm['configured_at'])}" if alarm["configured_at"] else ""
    return [text for text in (alarm["words"], alarm["description"], configured) if text]


def _bounded(text: str) -> str:
    if len(text) <= SHOWN_CHARACTERS:
        return text
    return f"{text[:SHOWN_CHARACTERS]}… ({len(text):,} characters; whole in results.json)"


def _trail_words(chain: ChainFacts) -> str:
    words = [f"home region {chain['home_region']}"] if chain["home_region"] else []
    for name, yes, no in (
        ("multi_region", "all regions", "one region only"),
        ("organization_trail", "organisation trail", "trail of this account"),
    ):
        if chain[name] is not None:  # type: ignore[literal-required]
            words.append(yes if chain[name] else no)  # type: ignore[literal-required]
    return ", ".join(words)


def _endpoint(chain: ChainFacts) -> str:
    return f"{chain['protocol']}: {chain['endpoint']}" if chain["endpoint"] else ""
