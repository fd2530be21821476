"""Log group → metric filters → metric → alarms that read it: the joins by key, done once on whole tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import pandas as pd

from auditor.chains.alarms.settings import publisher
from auditor.chains.alarms.watched_metrics import watched_by, watched_metrics
from auditor.chains.log_group import group_of
from auditor.chains.lookups import Lookups, Row
from auditor.chains.model import LogGroup, Publisher
from auditor.evidence.tables import ALARMS, METRIC_FILTERS

_METRIC_KEY = ("account_id", "region", "metric_namespace", "metric_name")


class Publishing:
    """Which filters a log group has, who else publishes into their metrics, which alarms read those."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups

    def filters_on(self, group: LogGroup) -> list[Row]:
        """The metric filters on a log group that a trail delivers to (T4, T5, L4)."""
        return self._filters_by_group.get(group, [])

    @cached_property
    def _groups(self) -> pd.DataFrame:
        groups = sorted(
            {group for trail in self._lookups.trails.values() if (group := group_of(trail)) is not None},
            key=lambda group: (group.account_id, group.region, group.name),
        )
        return pd.DataFrame(
            {
                "account_id": pd.array([group.account_id for group in groups], dtype="string"),
                "region": pd.array([group.region for group in groups], dtype="string"),
                "log_group": pd.array([group.name for group in groups], dtype="string"),
                "group": pd.Series(groups, dtype=object),
            }
        )

    @cached_property
    def _filters_by_group(self) -> dict[LogGroup, list[Row]]:
        names = set(self._groups["log_group"])
        filters = self._lookups.tables.select(METRIC_FILTERS, wanted=lambda item: item.get("logGroupName") in names)
        joined = self._groups.merge(filters, on=["account_id", "region", "log_group"])
        found: dict[LogGroup, list[Row]] = defaultdict(list)
        for row in joined.to_dict("records"):
            found[row["group"]].append({str(name): value for name, value in row.items()})
        return dict(found)

    def others(self, row: Row) -> tuple[Publisher, ...]:
        """The other filters, of any log group, that publish into the metric of this one (M6)."""
        own = (row["log_group"], row["filter_name"])
        found = self._into.get(tuple(row[name] for name in _METRIC_KEY), {})
        return tuple(one for log_group, one in found if (log_group, one.filter_name) != own)

    def into(self, account_id: str, region: str, namespace: str, metric_name: str) -> Sequence[Publisher]:
        """All captured filters that publish into a metric."""
        return [one for _, one in self._into.get((account_id, region, namespace, metric_name), {})]

    @cached_property
    def _into(self) -> dict[tuple[Any, ...], dict[tuple[Any, Publisher], None]]:
        """By metric the log groups and filters that publish into it, each once however many captures hold it."""
        tables, contested = self._lookups.tables, self._lookups.responses.contested
        filters = [
            (capture, item, (capture.number, *where) in contested)
            for capture, *where, item in tables.items(METRIC_FILTERS, contested=True)
        ]
        filters += [(capture, item, True) for capture, item in tables.spoilt(METRIC_FILTERS) if _readable(item)]
        found: dict[tuple[Any, ...], dict[tuple[Any, Publisher], None]] = defaultdict(dict)
        for capture, item, disputed in filters:
            told = str(item.get("logGroupName")), publisher(item, disputed=disputed)
            for one in item.get("metricTransformations") or ():
                place = (capture.place.account_id, capture.place.region)
                found[(*place, one.get("metricNamespace"), one.get("metricName"))][told] = None
        return dict(found)

    def beside(self, alarm: Row) -> tuple[Publisher, ...]:
        """The filters that publish into the other metrics of the maths of an alarm, one of :meth:`watching` (A13)."""
        if not alarm["watched_id"]:
            return ()
        return tuple(
            publisher
            for one in watched_by(alarm["watched_item"], str(alarm["account_id"]))
            if one["watched_id"] != alarm["watched_id"] and not one["watched_item"]["Dimensions"]
            for publisher in self.into(one["watched_account"], alarm["region"], one["namespace"], one["metric_name"])
        )

    def watching(self, account_id: str, region: str, metric_name: str) -> list[Row]:
        """The alarms that read a metric of this name, in any namespace, of the account and region."""
        return self._alarms_on.get((account_id, region, metric_name), [])

    def astray(self, monitors: Sequence[str], region: str, namespace: str, metric_name: str) -> list[Row]:
        """Alarms of monitoring accounts on a metric of these names that name no account: their own is meant (A14)."""
        if not monitors:
            return []
        frame = self._watched
        same = frame[
            frame["watched_account"].isin(monitors)
            & (frame["account_id"] == frame["watched_account"])
            & (frame["region"] == region)
            & (frame["namespace"] == namespace)
            & (frame["metric_name"] == metric_name)
        ]
        return [{str(name): value for name, value in row.items()} for row in same.to_dict("records")]

    @cached_property
    def _watched(self) -> pd.DataFrame:
        names = {row["metric_name"] for rows in self._filters_by_group.values() for row in rows}

        def may_read(item: Row) -> bool:
            return item.get("MetricName") in names or "Metrics" in item

        reading = self._lookups.tables.select(ALARMS, ("MetricAlarms",), may_read)
        return watched_metrics(reading)

    @cached_property
    def _alarms_on(self) -> dict[tuple[str, str, str], list[Row]]:
        metrics = pd.DataFrame(
            {(f["account_id"], f["region"], f["metric_name"]) for fs in self._filters_by_group.values() for f in fs},
            columns=["watched_account", "region", "metric_name"], dtype="string",
        )  # fmt: skip
        joined = self._watched.merge(metrics, on=["watched_account", "region", "metric_name"])
        found: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for row in joined.sort_values(["alarm_arn", "capture", "index"]).to_dict("records"):
            key = (str(row["watched_account"]), str(row["region"]), str(row["metric_name"]))
            found[key].append({str(name): value for name, value in row.items()})
        return dict(found)


def _readable(item: Row) -> bool:
    """Whether an item that breaks its schema tells which metric it publishes into."""
    told = item.get("metricTransformations")
    return isinstance(told, list) and all(
        isinstance(one, dict) and isinstance(one.get("metricNamespace"), str) and isinstance(one.get("metricName"), str)
        for one in told
    )
