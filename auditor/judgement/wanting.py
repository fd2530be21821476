"""What an INCONCLUSIVE hangs on: the unknown links that, once known, decide it whatever they turn out to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.chains import LinkState
from auditor.judgement.unmet import Unmet
from auditor.verdict import LINKS, State

_Key = tuple[str, str]
_Chain = frozenset[_Key]  # the unknown links that must all turn out ok for it to hold


def wanted(unmet: Sequence[Unmet]) -> list[LinkState]:
    """The unknown links of every chain that could still decide, those of the chain that gets furthest first.

    An obligation holds if one of its chains does. One that another implies, since it has all the other's chains, is
    left out: the other cannot hold without it, and if the other fails the verdict is decided. So is a chain that
    needs all that another of the same obligation needs, and more.
    """
    states: dict[_Key, LinkState] = {}
    obligations: dict[frozenset[_Chain], None] = {}
    for entry in unmet:
        chains: dict[_Chain, None] = {}
        for links in entry.possible():
            open_links = {_key(links[link]): links[link] for link in LINKS if _open(links[link])}
            if open_links:
                chains.setdefault(frozenset(open_links))
            for key, state in open_links.items():
                states.setdefault(key, state)
        obligations.setdefault(frozenset(_least(chains)))
    deciding = [duty for duty in obligations if not any(other < duty for other in obligations)]
    needed = {key for obligation in deciding for chain in obligation for key in chain}
    return [state for key, state in states.items() if key in needed]


def _open(state: LinkState) -> bool:
    return state.state is State.UNKNOWN and state.reached


def _key(state: LinkState) -> _Key:
    return state.code, str(sorted(state.facts.items()))


def _least(chains: Iterable[_Chain]) -> list[_Chain]:
    """Those that need no more than another one does."""
    candidates = list(chains)
    return [chain for chain in candidates if not any(other < chain for other in candidates)]
