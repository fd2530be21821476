"""The rule that decides: PASS iff every completion of the unknowns passes, FAIL iff every one fails."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from auditor.catalogue import Event
from auditor.chains import LinkState, TrailPath
from auditor.judgement import Calls, Row, decide
from auditor.judgement.calls import parts_of
from auditor.verdict import LINKS, Link, State, Verdict

REGIONS = ("eu-west-1", "us-east-1")
EVENTS = tuple(
    Event(source="s", name=name, read_only=False, global_service=False, certainty="certain") for name in ("A", "B")
)
PARTS: tuple[Calls, ...] = parts_of(EVENTS, ())

states = st.sampled_from(list(State))


@st.composite
def chain_rows(draw: st.DrawFn) -> list[Row]:
    """Up to three chains with random link states, regions and events; few unknowns, so that all can be tried."""
    rows = []
    for _ in range(draw(st.integers(0, 3))):
        links = {link: LinkState(State.OK) for link in LINKS}
        for link in draw(st.lists(st.sampled_from(LINKS), max_size=2, unique=True)):
            links[link] = LinkState(draw(states), "filter-undecidable", {"filter": "f"})
        regions = draw(st.sampled_from([None, frozenset({REGIONS[0]}), frozenset({REGIONS[1]})]))
        path = TrailPath(
            "arn", "t", "us-east-1", True, False, True, regions, None, links[Link.TRAIL], links[Link.LOG_GROUP]
        )
        events: tuple[dict[Link, LinkState], ...] = tuple(
            {Link.TRAIL: LinkState(State.BROKEN, "selectors-miss-events")} if draw(st.booleans()) else {}
            for _ in EVENTS
        )
        rows.append(Row(path, None, None, links, events))
    return rows


def completions(rows: list[Row]) -> list[list[Row]]:
    """Every way to replace each unknown link by ok or broken."""
    places = [
        (number, link) for number, row in enumerate(rows) for link in LINKS if row.links[link].state is State.UNKNOWN
    ]
    found = []
    for chosen in product((State.OK, State.BROKEN), repeat=len(places)):
        known = dict(zip(places, chosen, strict=True))
        made = []
        for number, row in enumerate(rows):
            links = {
                link: LinkState(known.get((number, link), state.state), "filter-undecidable", {"filter": "f"})
                for link, state in row.links.items()
            }
            made.append(Row(row.path, None, None, links, row.parts))
        found.append(made)
    return found


def holds(rows: list[Row]) -> bool:
    """The meaning, spelt out: for every region and event some chain covers it with all links ok."""
    return all(
        any(
            (row.path.regions is None or region in row.path.regions)
            and all(row.link(link, event).state is State.OK for link in LINKS)
            for row in rows
        )
        for region in REGIONS
        for event in range(len(EVENTS))
    )


def verdict(rows: list[Row]) -> Verdict:
    return decide(PARTS, rows, REGIONS, "111122223333").verdict


@given(chain_rows())
def test_a_verdict_is_what_every_completion_says(rows: list[Row]) -> None:
    outcomes = {holds(made) for made in completions(rows)}
    expected = {frozenset({True}): Verdict.PASS, frozenset({False}): Verdict.FAIL}.get(
        frozenset(outcomes), Verdict.INCONCLUSIVE
    )
    # Chains share no link here, so each unknown is free: the two evaluations are exact.
    assert verdict(rows) is expected


@given(chain_rows())
def test_replacing_an_unknown_never_changes_a_decided_verdict(rows: list[Row]) -> None:
    before = verdict(rows)
    if before is not Verdict.INCONCLUSIVE:
        assert {verdict(made) for made in completions(rows)} == {before}


@given(chain_rows(), st.randoms())
def test_the_order_of_chains_changes_no_verdict(rows: list[Row], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert verdict(shuffled) is verdict(rows)


@given(chain_rows())
def test_what_is_not_pass_names_its_link(rows: list[Row]) -> None:
    decision = decide(PARTS, rows, REGIONS, "111122223333")
    if decision.verdict is Verdict.PASS:
        assert decision.link is None
        assert decision.proving
        assert not decision.unmet
    else:
        assert decision.link in LINKS
        assert decision.state is not None
        wanted = State.BROKEN if decision.verdict is Verdict.FAIL else State.UNKNOWN
        assert decision.state.state is wanted
        assert decision.unmet
