"""The join: trails as they serve each account, and what hangs behind each log group, once for all controls."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.chains.lookups import Lookups
from auditor.chains.model import LogGroup, Tail, TrailPath
from auditor.chains.paths import Paths
from auditor.chains.publishing import Publishing
from auditor.chains.tails import Tails
from auditor.chains.trail import TrailRow
from auditor.evidence import Capture, Responses


class Chains:
    """All chains of a bundle: :meth:`paths` per account, :meth:`tails` per log group. Knows no control."""

    def __init__(self, captures: tuple[Capture, ...], responses: Responses) -> None:
        lookups = Lookups(captures, responses)
        self.tables = lookups.tables
        self.organizations = lookups.organizations
        publishing = Publishing(lookups)
        self._lookups = lookups
        self._paths = Paths(lookups, publishing)
        self._tails = Tails(lookups, publishing)

    @property
    def trails(self) -> dict[str, TrailRow]:
        """Every trail of the bundle by ARN, its shadow copies put together (T3)."""
        return self._lookups.trails

    def paths(self, account_id: str, required_regions: Iterable[str]) -> list[TrailPath]:
        """The trails that serve an account, and a path for each answer that could hold another one.

        Rules T2, T6–T8, T10; ``required_regions`` are those whose calls must be heard.
        """
        return self._paths.of(account_id, required_regions)

    def tails(self, group: LogGroup) -> list[Tail]:
        """What hangs behind a log group: a tail per metric filter, alarm and topic, and one per gap."""
        return self._tails.behind(group)
