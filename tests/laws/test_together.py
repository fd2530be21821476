"""Rules V1, V3, T18: filters and trails that notice calls together, held against every completion of the unknowns.

The meaning is spelt out on sample calls, one for each thing that the patterns can tell apart.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from auditor.catalogue import Event
from auditor.chains import Account, Chains, LinkState, LogGroup, Selector, Tail, TrailPath
from auditor.chains.model import TAIL_LINKS
from auditor.judgement import Decision, Question, counts_nearly_everything, decide
from auditor.judgement.calls import ANY, parts_of
from auditor.judgement.rows import Rows
from auditor.patterns import match
from auditor.verdict import LINKS, Link, State, Verdict

REGIONS = ("eu-west-1", "us-east-1")
SOURCES = ("iam.amazonaws.com", "kms.amazonaws.com", "x.amazonaws.com")
USERS = ("Root", "IAMUser")
NAMES = ("A", "B", "C")
NAMED = (
    "{ $.eventName = A || $.eventName = B }",
    tuple(Event("x.amazonaws.com", name, False, False, "certain") for name in NAMES[:2]),
)
ANY_CALL = (
    "{ $.userIdentity.type = Root || $.eventName = A }",
    (Event(ANY, ANY, True, False, "certain"), Event(ANY, ANY, False, False, "certain")),
)
ATOMS = (
    "$.eventName = A", "$.eventName = B", "$.eventName = C", "$.userIdentity.type = Root",
    "$.userIdentity.type != Root", "$.eventSource = kms.amazonaws.com", "$.eventSource != kms.amazonaws.com",
    "$.awsRegion = eu-west-1", "$.awsRegion != eu-west-1",
)  # fmt: skip
PRESENT = {
    "eventVersion": "1.11",
    "eventTime": "2026-01-01T00:00:00Z",
    "eventType": "AwsApiCall",
    "sourceIPAddress": "192.0.2.1",
    "eventID": "1",
}
ACCOUNT = Account("111122223333", "", "", "", "", None, True, "", REGIONS, True, REGIONS, 1)
OK = LinkState(State.OK)
Files = dict[LogGroup, list[Tail]]


class Groups:
    """The tails of log groups, in place of the join."""

    def __init__(self, tails: Files) -> None:
        self._tails = tails

    def tails(self, group: LogGroup) -> list[Tail]:
        return self._tails[group]


states = st.sampled_from([State.OK, State.OK, State.OK, State.UNKNOWN, State.BROKEN])


def link(state: State) -> LinkState:
    return LinkState(state, "" if state is State.OK else "filter-undecidable", {"filter": "f"})


@st.composite
def patterns(draw: st.DrawFn) -> str:
    parts = [
        " && ".join(draw(st.lists(st.sampled_from(ATOMS), min_size=1, max_size=2, unique=True)))
        for _ in range(draw(st.integers(1, 2)))
    ]
    return "{ " + " || ".join(f"({part})" for part in parts) + " }"


@st.composite
def accounts(draw: st.DrawFn) -> tuple[list[TrailPath], Files]:
    """Up to three trails into up to two groups with up to two filters each; few links are not ok."""
    groups = [LogGroup("aws", ACCOUNT.account_id, "us-east-1", name) for name in "gh"]
    tails: Files = {}
    for group in groups:
        tails[group] = []
        for number in range(draw(st.integers(0, 2))):
            links = dict.fromkeys(TAIL_LINKS, OK) | {draw(st.sampled_from(TAIL_LINKS)): link(draw(states))}
            name = f"{group.name}{number}"
            watched = {"metric_namespace": "NS", "metric_name": name, "alarm_arn": f"arn:alarm:{name}"}
            tails[group].append(Tail(group, name, draw(patterns()), **watched, links=links))
    selectors = st.sampled_from(
        [None, (Selector(read_only=True),), (Selector(read_only=False),),
         (Selector(excluded_sources=frozenset([SOURCES[1]])),), (Selector(excluded_sources=frozenset([SOURCES[2]])),)]
    )  # fmt: skip
    paths = []
    for number in range(draw(st.integers(0, 3))):
        regions = draw(st.sampled_from([None, None, frozenset([REGIONS[0]]), frozenset([REGIONS[1]])]))
        whole = draw(st.booleans())
        paths.append(
            TrailPath(
                f"arn:trail:{number}", "t", "us-east-1", regions is None, False, whole or regions is None, regions,
                draw(st.sampled_from(groups)), link(draw(states)), OK, draw(selectors),
            )
        )  # fmt: skip
    return paths, tails


Unknown = tuple[str, Link]


def unknowns(paths: list[TrailPath], tails: Files) -> list[Unknown]:
    found = [(path.trail_arn, Link.TRAIL) for path in paths if path.trail_link.state is State.UNKNOWN]
    return found + [
        (tail.filter_name, place)
        for group in tails.values()
        for tail in group
        for place in TAIL_LINKS
        if tail.links[place].state is State.UNKNOWN
    ]


def completed(paths: list[TrailPath], tails: Files, known: dict[Unknown, State]) -> tuple[list[TrailPath], Files]:
    """The account with its unknown links as ``known`` says."""
    made = [replace(p, trail_link=link(known.get((p.trail_arn, Link.TRAIL), p.trail_link.state))) for p in paths]
    behind = {
        group: [
            replace(t, links={at: link(known.get((t.filter_name, at), state.state)) for at, state in t.links.items()})
            for t in own
        ]
        for group, own in tails.items()
    }
    return made, behind


def calls(events: tuple[Event, ...]) -> list[dict[str, Any]]:
    """A call for whatever trails and patterns can tell apart; those of IAM are recorded in the leading region."""
    found = []
    for source, name, user, reads, region in product(SOURCES, NAMES, USERS, (True, False), REGIONS):
        if source == SOURCES[0] and region != "us-east-1":
            continue
        watched = any(
            event.read_only == reads and event.source in (ANY, source) and event.name in (ANY, name) for event in events
        )
        if watched:
            found.append(
                PRESENT
                | {"eventSource": source, "eventName": name, "userIdentity": {"type": user}, "awsRegion": region}
                | {"readOnly": reads}
            )
    return found


def delivered(path: TrailPath, call: dict[str, Any]) -> bool:
    if path.regions is not None and call["awsRegion"] not in path.regions:
        return False
    if call["eventSource"] == SOURCES[0] and not path.global_events:
        return False
    return path.selectors is None or any(
        selector.read_only in (None, call["readOnly"]) and call["eventSource"] not in selector.excluded_sources
        for selector in path.selectors
    )


def holds(paths: list[TrailPath], tails: Files, required: str, events: tuple[Event, ...]) -> bool:
    """The meaning, spelt out: each watched call is counted by some filter that has a whole chain of its own."""
    return all(
        any(
            path.trail_link.state is State.OK
            and delivered(path, call)
            and all(state.state is State.OK for state in tail.links.values())
            and match(str(tail.filter_pattern), call)
            and not counts_nearly_everything(str(tail.filter_pattern))  # L10: always in ALARM
            for path in paths
            if path.log_group is not None
            for tail in tails[path.log_group]
        )
        for call in calls(events)
        if match(required, call)
    )


def decided(paths: list[TrailPath], tails: Files, required: str, events: tuple[Event, ...]) -> Decision:
    question = Question((required,), required, events, covers=True, strict=False)
    parts = parts_of(events, paths)
    rows = Rows(question, cast("Chains", Groups(tails))).of(ACCOUNT, paths, parts)
    return decide(parts, rows, REGIONS, ACCOUNT.account_id, question.objective)


asked = st.sampled_from([NAMED, ANY_CALL])


@given(accounts(), asked)
def test_v1_a_verdict_is_what_every_completion_says(
    account: tuple[list[TrailPath], Files], question: tuple[str, tuple[Event, ...]]
) -> None:
    places = unknowns(*account)
    outcomes = {
        holds(*completed(*account, dict(zip(places, chosen, strict=True))), *question)
        for chosen in product((State.OK, State.BROKEN), repeat=len(places))
    }
    expected = Verdict.INCONCLUSIVE if len(outcomes) > 1 else Verdict.PASS if outcomes == {True} else Verdict.FAIL
    assert decided(*account, *question).verdict is expected


@given(accounts(), asked)
def test_v3_replacing_an_unknown_never_changes_a_decided_verdict(
    account: tuple[list[TrailPath], Files], question: tuple[str, tuple[Event, ...]]
) -> None:
    before = decided(*account, *question).verdict
    if before is not Verdict.INCONCLUSIVE:
        for place in unknowns(*account):
            for state in (State.OK, State.BROKEN):
                assert decided(*completed(*account, {place: state}), *question).verdict is before


GOODNESS = {Verdict.FAIL: 0, Verdict.INCONCLUSIVE: 1, Verdict.PASS: 2}


@given(accounts(), asked, st.data())
def test_t18_a_trail_or_filter_that_is_taken_away_makes_nothing_better(
    account: tuple[list[TrailPath], Files], question: tuple[str, tuple[Event, ...]], data: st.DataObject
) -> None:
    paths, tails = account
    before = decided(paths, tails, *question).verdict
    fewer = [path for path in paths if data.draw(st.booleans())]
    left = {group: [tail for tail in own if data.draw(st.booleans())] for group, own in tails.items()}
    assert GOODNESS[decided(fewer, left, *question).verdict] <= GOODNESS[before]


@given(accounts(), asked)
def test_v2_what_decides_is_the_first_link_of_its_kind_in_its_chain(
    account: tuple[list[TrailPath], Files], question: tuple[str, tuple[Event, ...]]
) -> None:
    decision = decided(*account, *question)
    if decision.verdict is Verdict.PASS:
        assert decision.proving or not calls(question[1])
        return
    assert decision.link is not None
    assert decision.state is not None
    wanted = State.BROKEN if decision.verdict is Verdict.FAIL else State.UNKNOWN
    assert decision.state.state is wanted
    assert decision.state is decision.links[decision.link]
    before = LINKS[: LINKS.index(decision.link)]
    assert all(decision.links[earlier].state is not wanted for earlier in before if decision.row is not None)


@given(accounts(), asked, st.randoms())
def test_the_order_of_trails_and_filters_changes_nothing(
    account: tuple[list[TrailPath], Files], question: tuple[str, tuple[Event, ...]], random: Any
) -> None:
    paths, tails = account
    shuffled, other = list(paths), {group: list(own) for group, own in tails.items()}
    for own in (shuffled, *other.values()):
        random.shuffle(own)
    first, second = decided(paths, tails, *question), decided(shuffled, other, *question)
    assert (first.verdict, first.link, first.unmet) == (second.verdict, second.link, second.unmet)
    assert (first.row and first.row.names) == (second.row and second.row.names)
