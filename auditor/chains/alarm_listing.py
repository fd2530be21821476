"""The alarms of a bundle by account and region, as the captures list them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property

from auditor.chains.alarms.maths import is_query
from auditor.chains.alarms.watched_metrics import unread_metric
from auditor.chains.model import LogGroup, Source
from auditor.evidence import Capture, Responses, Tables, is_stub, kept_items
from auditor.evidence.call_ids import DESCRIBE_ALARMS
from auditor.evidence.item import Item
from auditor.evidence.tables import ALARMS, Row
from auditor.rules.steering import ALARM_MEMBERS_LEFT_OUT


class AlarmListing:
    """The alarms that describe-alarms lists, but for those that captures tell differently."""

    def __init__(self, captures: tuple[Capture, ...], responses: Responses, tables: Tables) -> None:
        self._captures = captures
        self._responses = responses
        self._tables = tables
        self._by_place: dict[tuple[str, str], list[Row]] = {}
        self._of_any_metric: dict[tuple[str, str], list[tuple[Item, Source, str]]] = {}

    @cached_property
    def composites(self) -> dict[tuple[str, str], list[Row]]:
        """The composite alarms of each account and region, as rows of the alarms table."""
        return self._of_kind("CompositeAlarms")

    @cached_property
    def log_alarms(self) -> dict[tuple[str, str], list[Row]]:
        """The log alarms of each account and region: roads beside the chain (V6)."""
        return self._of_kind("LogAlarms")

    def _of_kind(self, kind: str) -> dict[tuple[str, str], list[Row]]:
        by_place: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self._tables.rows(ALARMS, (kind,)):
            by_place[(row["account_id"], row["region"])].append(row)
        return dict(by_place)

    def all_in(self, account_id: str, region: str) -> list[Row]:
        """``alarm_name``, ``member``, ``item`` and ``left_out`` (X6) of all alarms of an account and region."""
        key = (account_id, region)
        if key not in self._by_place:
            response = self._responses.get(DESCRIBE_ALARMS, account_id, region)
            rows: list[Row] = [
                {
                    "alarm_name": item.get("AlarmName"),
                    "member": entry.member,
                    "item": item,
                    "left_out": self._captures[number].left_out(entry.member, item),
                }
                for number in response.captures
                for entry in response.call.lists
                for _, _, item in kept_items(self._captures[number], entry, self._responses.contested)
            ]
            whole = {row["alarm_name"] for row in rows if not is_stub(row["item"])}
            self._by_place[key] = [row for row in rows if row["alarm_name"] not in whole or not is_stub(row["item"])]
        return self._by_place[key]

    def on_metrics_of(
        self, account_id: str, region: str, monitors: Collection[str]
    ) -> Iterator[tuple[str, Item, Source]]:
        """The metric alarms that may read a metric of an account: its own, those of the accounts that monitor it, and
        those of others that name it (A14); each with its account and place."""
        for item, source in self._metric_alarms(account_id, region):
            yield account_id, item, source
        for monitor in monitors:
            for item, source in self._metric_alarms(monitor, region):
                if _reads(item, account_id):
                    yield monitor, item, source
        for account, item, source in self._naming.get((account_id, region), ()):
            if account != account_id and account not in monitors:
                yield account, item, source

    def of_any_metric(
        self, account_id: str, region: str, monitors: Collection[str]
    ) -> Iterator[tuple[str, Item, Source, str]]:
        """The alarms by a query that nobody reads, or whose metric was cut away, which may watch any metric of an
        account: its own, and those of the accounts that monitor it; each with its account, its place and the reason
        code (A11, A13, X6)."""
        for account in (account_id, *monitors):
            for item, source, code in self._unread((account, region)):
                yield account, item, source, code

    def _unread(self, place: tuple[str, str]) -> list[tuple[Item, Source, str]]:
        if place not in self._of_any_metric:
            self._of_any_metric[place] = [
                (item, source, code) for item, source in self._metric_alarms(*place) if (code := unread_metric(item))
            ]
        return self._of_any_metric[place]

    @cached_property
    def _naming(self) -> dict[tuple[str, str], list[tuple[str, Item, Source]]]:
        """The alarms that name the account of a metric, by that account and the region."""
        by_place: dict[tuple[str, str], list[tuple[str, Item, Source]]] = defaultdict(list)
        for response in self._responses.all():
            if response.call.id == DESCRIBE_ALARMS:
                for item, source in self._metric_alarms(response.account_id, response.region):
                    for account in {entry.get("AccountId") for entry in item.get("Metrics") or ()} - {None}:
                        by_place[(str(account), response.region)].append((response.account_id, item, source))
        return dict(by_place)

    def _metric_alarms(self, account_id: str, region: str) -> Iterator[tuple[Item, Source]]:
        response = self._responses.get(DESCRIBE_ALARMS, account_id, region)
        for number in response.captures:
            capture = self._captures[number]
            for entry in response.call.lists:
                if entry.member == "MetricAlarms":
                    for page, index, item in kept_items(capture, entry, self._responses.contested):
                        yield item, Source(number, capture.pointer_to(entry.member, index, page))


def _reads(item: Item, account_id: str) -> bool:
    """Whether an alarm of a monitoring account may read another's metric: it names that account, or queries (A14), or
    what it reads was cut away (X6)."""
    return unread_metric(item) == ALARM_MEMBERS_LEFT_OUT or any(
        entry.get("AccountId") == account_id or is_query(str(entry.get("Expression") or ""))
        for entry in item.get("Metrics") or ()
    )


def queries_group(log_alarm: Item, group: LogGroup) -> bool:
    """Whether a log alarm's scheduled query reads a log group; one that names no group may."""
    query = log_alarm.get("ScheduledQueryConfiguration")
    identifiers = query.get("LogGroupIdentifiers") if isinstance(query, dict) else None
    named = [str(identifier).removesuffix(":*") for identifier in identifiers] if isinstance(identifiers, list) else []
    return not named or group.name in named or group.arn in named
