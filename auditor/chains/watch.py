"""Which metrics each alarm watches, plainly or through metric maths (A11, A13, A14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from auditor.evidence.tables import ALARMS


def watched_metrics(alarms: pd.DataFrame) -> pd.DataFrame:
    """One row per alarm and metric it reads: the columns of the alarms table, and

    ``watched_account`` (the metric's account, A14), ``namespace`` and ``metric_name`` of that metric, and
    ``watched_item``: the alarm as a plain alarm on it where it reads one metric without maths.
    """
    metric = alarms[alarms["member"] == "MetricAlarms"]
    named = metric["metric_name"].notna()
    plain = metric[named].assign(watched_account=metric["account_id"], watched_item=metric["item"])
    rows = []
    for row in metric[~named].to_dict("records"):
        item = row["item"]
        for entry in item.get("Metrics") or ():
            stat = entry.get("MetricStat") or {}
            name = stat.get("Metric") or {}
            if not name.get("MetricName"):
                continue
            rows.append(
                {
                    **row,
                    "watched_account": entry.get("AccountId") or row["account_id"],
                    "namespace": name.get("Namespace"),
                    "metric_name": name.get("MetricName"),
                    "watched_item": _as_plain(item, stat, name),
                }
            )
    columns = [*(column.name for column in ALARMS.columns), "watched_account", "watched_item"]
    maths = pd.DataFrame(rows, columns=columns).astype(
        {column.name: column.dtype for column in ALARMS.columns} | {"watched_account": "string"}
    )
    if not len(maths):
        return plain[columns]
    return pd.concat([plain[columns], maths], ignore_index=True)


def _as_plain(item: Mapping[str, Any], stat: Mapping[str, Any], name: Mapping[str, Any]) -> Mapping[str, Any]:
    """The alarm with its one metric written as a plain alarm writes it; unchanged if it does maths (A13)."""
    entries = item.get("Metrics") or ()
    if len(entries) != 1 or item.get("ThresholdMetricId"):
        return item
    statistic = str(stat.get("Stat", ""))
    simple = statistic in ("Sum", "SampleCount", "Maximum", "Minimum", "Average")
    return {
        **{key: value for key, value in item.items() if key != "Metrics"},
        "MetricName": name.get("MetricName"),
        "Namespace": name.get("Namespace"),
        "Dimensions": name.get("Dimensions") or [],
        "Period": stat.get("Period"),
        "Unit": stat.get("Unit"),
        "Statistic" if simple else "ExtendedStatistic": statistic,
    }
