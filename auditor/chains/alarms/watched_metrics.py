"""Which metrics each alarm watches, plainly or through metric maths (A11, A13, A14)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from auditor.chains.alarms.maths import entries_of, is_query, reached
from auditor.chains.metric import dimensions_of
from auditor.chains.model import Metric
from auditor.evidence.item import Item
from auditor.evidence.tables import Row
from auditor.rules.steering import ALARM_MEMBERS_LEFT_OUT

# SELECT SUM(Name) FROM "Namespace" or FROM SCHEMA("Namespace", …), as the Metrics Insights page writes it.
_QUERY = re.compile(
    r"\s*SELECT\s+[A-Z]+\(\s*(?P<name>\"[^\"]+\"|[^\s\")]+)\s*\)\s+FROM\s+(?:SCHEMA\(\s*)?"
    r"(?P<namespace>\"[^\"]+\"|[^\s\",)]+)",
    re.IGNORECASE,
)
_PLAINLY = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions")


def watched_metrics(alarms: Iterable[Row]) -> list[Row]:
    """A row for each metric alarm and metric it reads, plain alarms first: the columns of the alarms table, and

    ``watched_account`` (the metric's account, A14), ``namespace`` and ``metric_name`` of that metric,
    ``watched_item`` (the alarm with that metric's statistic, period, dimensions and unit written as a plain
    alarm writes them) and ``watched_id`` (the metric's entry in the maths, ``""`` without maths).
    """
    plain, maths = list[Row](), list[Row]()
    for row in alarms:
        if row["metric_name"] is not None:
            plain.append({**row, "watched_account": row["account_id"], "watched_item": row["item"], "watched_id": ""})
        if row["item"].get("Metrics"):  # beside a metric of its own AWS would have refused it (A11)
            maths += [{**row, **_columns(watched)} for watched in watched_by(row["item"], row["account_id"])]
    return [*plain, *maths]


@dataclass(frozen=True, slots=True)
class Watched:
    """A metric that an alarm reads: its account (A14), namespace and name, and ``entry``, its id in the maths.

    ``item`` is the alarm with that metric's statistic, period, dimensions and unit written as a plain alarm writes
    them; ``entry`` is ``""`` where the alarm does no maths.
    """

    account_id: str
    namespace: str
    name: str
    item: Item
    entry: str = ""

    def metric(self, region: str) -> Metric:
        """The metric, by the names of its dimensions."""
        return Metric(self.account_id, region, self.namespace, self.name, frozenset(dimensions_of(self.item)))


def watched_by(item: Item, account_id: str) -> Iterator[Watched]:
    """The metrics that an alarm of an account reads, plainly or through ``Metrics``."""
    if not item.get("Metrics"):
        if item.get("MetricName"):
            yield Watched(account_id, str(item.get("Namespace")), str(item["MetricName"]), item)
        return
    entries = entries_of(item)
    for name in reached(item):
        entry = entries[name]
        stat = entry.get("MetricStat") or {}
        metric = stat.get("Metric") or {}
        account = str(entry.get("AccountId") or account_id)
        expression = str(entry.get("Expression") or "")
        query = _QUERY.match(expression) if is_query(expression) else None
        if query is not None:
            metric = {"MetricName": query["name"].strip('"'), "Namespace": query["namespace"].strip('"')}
        plainly = len(entries) == 1 and query is None and entry.get("ReturnData") is not False
        if metric.get("MetricName"):
            alone = _as_plain(item, stat, metric, plainly)
            names = str(metric.get("Namespace")), str(metric["MetricName"])
            yield Watched(account, *names, alone, "" if plainly else name)


def unread_metric(item: Item) -> str:
    """The reason code of an alarm that may read any metric of its account and region, since nobody reads its query
    (A11, A13) or its metric was cut away (X6); ``""`` if the metrics that it reads are known.
    """
    if item.get("EvaluationCriteria"):
        return "alarm-promql"
    if any(None in names for names in _names(item)):
        return ALARM_MEMBERS_LEFT_OUT
    queries = [str(entry.get("Expression") or "") for entry in item.get("Metrics") or ()]
    unread = any(is_query(query) and not _QUERY.match(query) for query in queries)
    return "alarm-metrics-insights" if unread else ""


def may_read(item: Item, namespace: str, name: str, *, own_account: bool) -> bool:
    """Whether an alarm of which a metric was cut away may have read this one, ``own_account``: of the alarm's own."""
    plainly = any(member in item for member in _PLAINLY)  # then it is of the alarm's own account (A14)
    return (own_account or not plainly) and any(
        None in names and names[0] in (None, namespace) and names[1] in (None, name) for names in _names(item)
    )


def as_whole(item: Item, namespace: str, name: str) -> Item | None:
    """An alarm of which the names of its one metric were cut away, as if it read this one: what the rest of it says may
    decide (X6). None for one that may do maths, of which nothing follows.
    """
    plainly = not item.get("Metrics") and any(member in item for member in ("Statistic", "ExtendedStatistic"))
    return {"Dimensions": [], **item, "MetricName": name, "Namespace": namespace} if plainly else None


def _names(item: Item) -> list[tuple[str | None, str | None]]:
    """Namespace and name of each metric that an alarm reads by its names, None where one of them is not there."""
    entries = item.get("Metrics") or ()
    stats = [entry.get("MetricStat") or {} for entry in entries if not entry.get("Expression")]
    metrics = [stat.get("Metric") or {} for stat in stats]
    return [(metric.get("Namespace"), metric.get("MetricName")) for metric in (metrics if entries else [item])]


def _columns(watched: Watched) -> dict[str, Any]:
    return {
        "watched_account": watched.account_id,
        "namespace": watched.namespace,
        "metric_name": watched.name,
        "watched_item": watched.item,
        "watched_id": watched.entry,
    }


def _as_plain(item: Item, stat: Item, metric: Item, plainly: bool) -> Item:
    """The alarm with one of its metrics written as a plain alarm writes it; its maths are left out if it does none."""
    statistic = str(stat.get("Stat", ""))
    simple = statistic in ("Sum", "SampleCount", "Maximum", "Minimum", "Average")
    kept = {name: value for name, value in item.items() if name != "Metrics"} if plainly else item
    return {
        **kept,
        "MetricName": metric.get("MetricName"),
        "Namespace": metric.get("Namespace"),
        "Dimensions": metric.get("Dimensions") or [],
        "Period": stat.get("Period"),
        "Unit": stat.get("Unit"),
        "Statistic" if simple else "ExtendedStatistic": statistic,
    }
