"""The tables of a bundle: rows whose columns are declared once, here; ``evidence/frames.py`` makes frames of them.

Every row ends with ``capture`` (number of the capture), ``page``, ``member`` and ``index``, from which its JSON
pointer follows. ``item`` columns hold the answer's own object, for settings that have no column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from auditor.evidence.assembling import Responses, kept_items
from auditor.evidence.call_ids import (
    DESCRIBE_ALARMS,
    DESCRIBE_LOG_GROUPS,
    DESCRIBE_METRIC_FILTERS,
    DESCRIBE_TRAILS,
    LIST_ACCOUNTS,
    LIST_SUBSCRIPTIONS,
    LIST_SUBSCRIPTIONS_BY_TOPIC,
    LIST_TOPICS,
)
from auditor.evidence.item import Item
from auditor.evidence.placing import Capture

Row = dict[str, Any]
"""A row of a table by its columns; None where nothing is told."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, pandas dtype, where its value stands in the item (or in the capture), its meaning."""

    name: str
    dtype: str
    path: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A declared table: the calls and the list it is made from, and its columns."""

    name: str
    calls: tuple[str, ...]
    members: tuple[str, ...]
    columns: tuple[Column, ...]


_PLACE = (
    Column("account_id", "string", "@account_id", "account in which the capture was made, twelve digits"),
    Column("region", "string", "@region", "region of the capture"),
)
_ORIGIN = (
    Column("capture", "Int64", "@capture", "number of the capture"),
    Column("page", "Int64", "@page", "page of the answer within the file"),
    Column("member", "string", "@member", "list of the answer"),
    Column("index", "Int64", "@index", "position in that list"),
)

TRAILS = Table(
    "trails",
    (DESCRIBE_TRAILS,),
    ("trailList",),
    (
        *_PLACE,
        Column("trail_arn", "string", "TrailARN", "identity of the trail (T3)"),
        Column("name", "string", "Name", "name; no identity"),
        Column("home_region", "string", "HomeRegion", "region it was made in"),
        Column("multi_region", "boolean", "IsMultiRegionTrail", "delivers the calls of every region (T10)"),
        Column("organization", "boolean", "IsOrganizationTrail", "logs the members of the organisation too (T6)"),
        Column("global_events", "boolean", "IncludeGlobalServiceEvents", "events of global services (T11)"),
        Column(
            "log_group_arn",
            "string",
            "CloudWatchLogsLogGroupArn",
            "where it delivers to; missing = nowhere (X6)",
        ),
        Column("custom_selectors", "boolean", "HasCustomEventSelectors", "selectors were put (T9)"),
        Column("item", "object", "", "the trail as exported"),
        *_ORIGIN,
    ),
)
METRIC_FILTERS = Table(
    "metric_filters",
    (DESCRIBE_METRIC_FILTERS,),
    ("metricFilters",),
    (
        *_PLACE,
        Column("log_group", "string", "logGroupName", "log group the filter belongs to (L4)"),
        Column("filter_name", "string", "filterName", "name of the filter"),
        Column("filter_pattern", "string", "filterPattern", "pattern; empty or missing = every event (L10)"),
        Column(
            "metric_namespace",
            "string",
            "metricTransformations/0/metricNamespace",
            "namespace published into",
        ),
        Column("metric_name", "string", "metricTransformations/0/metricName", "metric published into"),
        Column("metric_value", "string", "metricTransformations/0/metricValue", "constant or $.field (M3)"),
        Column(
            "default_value",
            "Float64",
            "metricTransformations/0/defaultValue",
            "value of a minute without match (M4)",
        ),
        Column("unit", "string", "metricTransformations/0/unit", "missing = None (M5)"),
        Column("transformed", "boolean", "applyOnTransformedLogs", "runs on transformed events (L6)"),
        Column("selection", "string", "fieldSelectionCriteria", "restriction before the pattern (L7)"),
        Column("item", "object", "", "the filter as exported"),
        *_ORIGIN,
    ),
)
ALARMS = Table(
    "alarms",
    (DESCRIBE_ALARMS,),
    ("MetricAlarms", "CompositeAlarms", "LogAlarms"),
    (
        *_PLACE,
        Column("alarm_arn", "string", "AlarmArn", "identity of the alarm"),
        Column("alarm_name", "string", "AlarmName", "name, unique in account and region"),
        Column("namespace", "string", "Namespace", "namespace of the watched metric; missing for metric maths"),
        Column("metric_name", "string", "MetricName", "name of the watched metric"),
        Column("statistic", "string", "Statistic", "Sum, SampleCount, Maximum, Minimum or Average"),
        Column("period", "Float64", "Period", "seconds"),
        Column("threshold", "Float64", "Threshold", "number compared with"),
        Column("actions_enabled", "boolean", "ActionsEnabled", "false = no action at all (A15)"),
        Column("item", "object", "", "the alarm as exported"),
        *_ORIGIN,
    ),
)
SUBSCRIPTIONS = Table(
    "subscriptions",
    (LIST_SUBSCRIPTIONS_BY_TOPIC, LIST_SUBSCRIPTIONS),
    ("Subscriptions",),
    (
        *_PLACE,
        Column("topic_arn", "string", "TopicArn", "topic subscribed to"),
        Column(
            "subscription_arn",
            "string",
            "SubscriptionArn",
            "ARN = confirmed, or PendingConfirmation, Deleted (N1)",
        ),
        Column("protocol", "string", "Protocol", "email, sms, https, sqs, lambda …"),
        Column("endpoint", "string", "Endpoint", "who is told"),
        Column("owner", "string", "Owner", "account of the subscriber"),
        *_ORIGIN,
    ),
)
TOPICS = Table(
    "topics",
    (LIST_TOPICS,),
    ("Topics",),
    (*_PLACE, Column("topic_arn", "string", "TopicArn", "topic"), *_ORIGIN),
)
LOG_GROUPS = Table(
    "log_groups",
    (DESCRIBE_LOG_GROUPS,),
    ("logGroups",),
    (
        *_PLACE,
        Column("log_group", "string", "logGroupName", "name, unique in account and region (T5)"),
        Column("log_group_class", "string", "logGroupClass", "missing = STANDARD in older exports (L2)"),
        Column("metric_filter_count", "Int64", "metricFilterCount", "cross-check of the filters (L3)"),
        *_ORIGIN,
    ),
)
ACCOUNTS = Table(
    "accounts",
    (LIST_ACCOUNTS,),
    ("Accounts",),
    (
        *_PLACE,
        Column("member_id", "string", "Id", "account of the organisation"),
        Column("name", "string", "Name", "its name"),
        Column("arn", "string", "Arn", "names the management account and the organisation"),
        Column("status", "string", "Status", "ACTIVE, SUSPENDED … (retired in 2026, T8)"),
        Column("state", "string", "State", "ACTIVE, SUSPENDED, CLOSED … (T8)"),
        *_ORIGIN,
    ),
)

TABLES: tuple[Table, ...] = (TRAILS, METRIC_FILTERS, ALARMS, SUBSCRIPTIONS, TOPICS, LOG_GROUPS, ACCOUNTS)


@dataclass(frozen=True)
class Tables:
    """The tables of one bundle. Rows are ordered by capture, page, list and index."""

    captures: tuple[Capture, ...]
    responses: Responses

    def rows(
        self,
        table: Table,
        members: tuple[str, ...] | None = None,
        wanted: Callable[[Item], bool] | None = None,
    ) -> list[Row]:
        """The rows of a table, or of some of its lists, or those whose item is ``wanted``.

        Values are those of the item, which its schema has checked; what captures of one place tell differently, and
        captures whose place is not known, are left out.
        """
        return [
            _row(table, *origin)
            for origin in self.items(table, members=members)
            if wanted is None or wanted(origin[-1])
        ]

    def against(self, table: Table) -> list[Row]:
        """The rows that the table leaves out, and that can only say otherwise: what captures of one place tell
        differently, what its schema makes unusable (None where it does), and what lies in a wrong place or in none.
        """
        contested = self.responses.contested
        origins = (
            *(origin for origin in self.items(table, contested=True) if (origin[0].number, *origin[1:4]) in contested),
            *self.items(table, astray=True),
            *self.spoilt(table),
            *self.spoilt(table, astray=True),
        )
        return [_row(table, *origin) for origin in origins]

    def items(
        self, table: Table, *, members: tuple[str, ...] | None = None, contested: bool = False, astray: bool = False
    ) -> Iterator[tuple[Capture, int, str, int, Item]]:
        """What a table is made from, without the rows: capture, page, list, index and the item as exported.

        ``contested``: also those that captures tell differently. ``astray``: those of captures in a wrong place or
        in none that is known instead.
        """
        left_out = frozenset() if contested else self.responses.contested
        wanted = table.members if members is None else members
        for capture in self.captures:
            if capture.call.id in table.calls and (capture.astray if astray else capture.usable and capture.placed):
                for entry in capture.call.lists:
                    if entry.member in wanted:
                        for page, index, item in kept_items(capture, entry, left_out):
                            yield capture, page, entry.member, index, item

    def spoilt(self, table: Table, *, astray: bool = False) -> Iterator[tuple[Capture, int, str, int, Item]]:
        """The same of the items that their schema keeps out of a table, as far as they are objects."""
        for capture in self.captures:
            if capture.call.id in table.calls and (capture.astray if astray else capture.usable and capture.placed):
                for entry in capture.call.lists:
                    if entry.member in table.members:
                        for page, index, item in capture.spoilt_items(entry):
                            yield capture, page, entry.member, index, item


def _row(table: Table, capture: Capture, page: int, member: str, index: int, item: Item) -> Row:
    origin = {
        "@account_id": capture.place.account_id, "@region": capture.place.region, "@capture": capture.number,
        "@page": page, "@member": member, "@index": index,
    }  # fmt: skip
    return {column.name: _value(column, origin, item) for column in table.columns}


_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "Int64": (int,),
    "Float64": (int, float),
}


def _value(column: Column, origin: dict[str, Any], item: Item) -> Any:
    """The value of a column; None where it is not of its type, which is a problem of the schema already."""
    path = column.path
    if path.startswith("@"):
        return origin[path]
    if not path:
        return item
    if "/" in path:
        member, _, last = path.split("/")
        value = _first(item.get(member)).get(last)
    else:
        value = item.get(path)
    kinds = _TYPES[column.dtype]
    return value if isinstance(value, kinds) and (type(value) is not bool or bool in kinds) else None


def _first(value: Any) -> Item:
    return value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else {}
