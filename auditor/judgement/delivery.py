"""What one trail delivers of the calls that a control watches (T10, T11, T14, T15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from auditor.arn import parse_arn
from auditor.chains import Account, LinkState, Need, OpenPoint, TrailPath
from auditor.evidence.call_ids import DESCRIBE_TRAILS, LIST_REGIONS
from auditor.judgement.calls import Calls, everywhere
from auditor.verdict import State


class Delivery:
    """Which parts of an account's watched calls a trail delivers: ``lost`` and ``unclear`` are the numbers of those
    that it does not, or of which the captures do not say it; ``link`` is the state of the trail link for all others.
    """

    def __init__(self, account: Account, path: TrailPath, parts: Sequence[Calls]) -> None:
        self.path, self.parts = path, parts
        numbered = () if path.gap else tuple(enumerate(parts))
        self.lost = frozenset(number for number, part in numbered if not part.delivered_by(path))
        # A multi-region trail always has them (T11); of another one an older export may not say it.
        silent = path.global_events is None and path.regions is not None
        self.unclear = frozenset(
            number for number, part in numbered if silent and part.globally and number not in self.lost
        )

        wherever = any(everywhere(part, parts) for part in parts)
        single = not path.gap and path.regions is not None and not path.multi_region
        self.link = path.trail_link
        # Further regions mend no trail that is broken in one of those it must serve.
        if single and wherever and not account.regions_shown and self.link.state is not State.BROKEN:
            need = Need(LIST_REGIONS, account.account_id)
            facts = {"account": account.account_id}  # not the trail, so that all its trails have one point
            point = OpenPoint("regions-not-shown", material=True, facts=facts, needs=(need,))
            self.link = replace(self.link, open_points=(*self.link.open_points, point))

    def differing(self, link: LinkState) -> Mapping[int, LinkState]:
        """The trail link of the parts for which it is not ``link``."""
        links: dict[int, LinkState] = {}
        if link.state is not State.BROKEN:
            links |= {number: self._lost(self.parts[number], link) for number in self.lost}
        if link.state is State.OK:
            links |= dict.fromkeys(self.unclear, self._unclear(link))
        return links

    def _lost(self, part: Calls, link: LinkState) -> LinkState:
        """The trail link for calls that the trail does not deliver (T11, T14, T15)."""
        if part.globally and self.path.global_events is False:
            code, facts = "global-events-lost", {"trail": self.path.trail_arn}
        else:
            lost = [self.parts[number] for number in sorted(self.lost)]
            kept = (part for part in lost if not (part.globally and self.path.global_events is False))
            code, facts = "selectors-miss-events", {"trail": self.path.trail_arn, "events": in_words(kept)}
        return replace(link, state=State.BROKEN, code=code, facts=facts, open_points=())

    def _unclear(self, link: LinkState) -> LinkState:
        """The trail link for calls of global services where the capture does not say whether the trail has them."""
        arn = parse_arn(self.path.trail_arn)
        account = arn.account_id if arn else ""
        facts = {"trail": self.path.trail_arn, "account": account, "region": self.path.home_region}
        need = Need(DESCRIBE_TRAILS, account, self.path.home_region)
        code = "global-events-not-shown"
        return replace(link, state=State.UNKNOWN, code=code, facts=facts, needs=(need,), open_points=())


def in_words(parts: Iterable[Calls]) -> str:
    """Parts of the watched calls in words, each once; of any call, what all others stand for is told alone."""
    calls = list(parts)
    whole = {part.event.read_only for part in calls if part.of_any and not part.sources}
    shown = (part for part in calls if not (part.of_any and part.sources and part.event.read_only in whole))
    return ", ".join(dict.fromkeys(part.words for part in shown))
