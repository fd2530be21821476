"""Whether an alarm sees the metric of another account (A14)."""

from __future__ import annotations

from auditor.chains.alarms.history import History, received_data
from auditor.chains.alarms.link import Alarm
from auditor.chains.lookups import Lookups
from auditor.chains.model import LinkState, Metric, Need, OpenPoint, Source, ok, unknown
from auditor.evidence.call_ids import DESCRIBE_ALARM_HISTORY, LIST_LINKS


def sight_link(alarm: Alarm, metric: Metric, lookups: Lookups, history: History) -> LinkState:
    """The alarm link as far as the alarm sees the metric: of another account's by a link that shares it (A14, V3).

    Without one it may see it still, by the older sharing role, which no capture shows; its history says whether it had
    data.
    """
    account, region = metric.account_id, metric.region
    if alarm.account_id == account:
        return ok()
    sees = lookups.organizations.sees_metrics(alarm.account_id, account, region)
    if sees:
        return ok()
    facts = {**alarm.facts, "monitor": alarm.account_id, "account": account, "region": region}
    place = (alarm.account_id, alarm.region, str(alarm.item.get("AlarmName", "")))
    if not history.dispute(*place) and received_data(history.of(*place)) is not None:
        return ok()
    if sees is None:
        need = Need(LIST_LINKS, account, region)
        return ok(open_points=(OpenPoint("alarm-link-not-captured", True, facts, (need,)),))
    listings = lookups.responses.get(LIST_LINKS, account, region).captures
    sources = (alarm.source, *(Source(number, "/Items") for number in listings))
    return unknown("alarm-not-linked", *sources, **facts).needing(Need(DESCRIBE_ALARM_HISTORY, *place))
