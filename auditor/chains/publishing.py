"""Log group → metric filters → metric → alarms that read it: the joins by key, each done once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from auditor.chains.alarms.settings import publisher
from auditor.chains.alarms.watched_metrics import watched_metrics
from auditor.chains.counts import Counts
from auditor.chains.log_group import carries_no_filters, group_of
from auditor.chains.lookups import Lookups
from auditor.chains.model import Arrivals, Counting, LogGroup, Metric, Origin, Publisher, Selector
from auditor.chains.selectors import read_selectors
from auditor.chains.testimony import NO_TESTIMONY
from auditor.evidence.call_ids import DESCRIBE_METRIC_FILTERS, DESCRIBE_TRAILS, GET_EVENT_SELECTORS, GET_TRAIL_STATUS
from auditor.evidence.item import Item
from auditor.evidence.tables import ALARMS, METRIC_FILTERS, Row

_Origin = tuple[str, Item, Item, bool]  # log group, filter, transformation, disputed


class Publishing:
    """Which filters a log group has, who publishes into a metric, which alarms read it."""

    def __init__(self, lookups: Lookups, counts: Counts) -> None:
        self._lookups = lookups
        self.counts = counts
        self._arrivals: dict[Metric, Arrivals] = {}
        self._origins: dict[tuple[str, str], dict[Metric, list[_Origin]]] = {}

    def filters_on(self, group: LogGroup) -> list[Row]:
        """The metric filters on a log group that a trail delivers to (T4, T5, L4)."""
        return self._filters_by_group.get(group, [])

    def shows(self, group: LogGroup) -> bool:
        """Whether a capture lists a metric filter of a log group, be it that captures tell the filter differently or
        that something in it cannot be used: the group exists (L1)."""
        return (group.account_id, group.region, group.name) in self._with_filters

    @cached_property
    def _with_filters(self) -> frozenset[tuple[str, str, str]]:
        tables = self._lookups.tables
        listed = tables.items(METRIC_FILTERS, contested=True)
        return frozenset(
            (capture.place.account_id, capture.place.region, str(item.get("logGroupName")))
            for capture, *_, item in (*listed, *tables.spoilt(METRIC_FILTERS))
        )

    @cached_property
    def _filters_by_group(self) -> dict[LogGroup, list[Row]]:
        groups: dict[tuple[str, str, str], list[LogGroup]] = defaultdict(list)
        delivered_to = {group for trail in self._lookups.trails.values() if (group := group_of(trail)) is not None}
        for group in delivered_to:  # of one account and region in several partitions, each has the filters
            groups[group.account_id, group.region, group.name].append(group)
        names = {group.name for group in delivered_to}
        by_group: dict[LogGroup, list[Row]] = defaultdict(list)
        for row in self._lookups.tables.rows(METRIC_FILTERS, wanted=lambda item: item.get("logGroupName") in names):
            transformations = row["item"].get("metricTransformations") or ()
            rows = [row] if len(transformations) < 2 else [_into_one(row, into) for into in transformations]
            for group in groups.get((row["account_id"], row["region"], row["log_group"]), ()):
                by_group[group] += rows
        return dict(by_group)

    def first_place_with(self, log_group: str, account_id: str) -> tuple[str, str] | None:
        """Account and region, of the account or its organisation, in which a group of this name has a metric filter."""
        return self._first_places.get((log_group, self._lookups.organizations.circle_of(account_id)))

    @cached_property
    def _first_places(self) -> dict[tuple[str, tuple[str, str]], tuple[str, str]]:
        circle_of = self._lookups.organizations.circle_of
        places: dict[tuple[str, tuple[str, str]], tuple[str, str]] = {}
        for capture, *_, item in self._lookups.tables.items(METRIC_FILTERS):
            account_id, region = capture.place.account_id, capture.place.region
            places.setdefault((str(item.get("logGroupName")), circle_of(account_id)), (account_id, region))
        return places

    def own(self, row: Row) -> tuple[Metric, Publisher]:
        """The metric that a filter of a log group publishes into, and the filter as its publisher."""
        item = row["item"]
        transformation = (item.get("metricTransformations") or [{}])[0]
        place = (str(row["account_id"]), str(row["region"]))
        group = _group(*place, str(row["log_group"]))
        metric = _metric(*place, item, transformation)
        return metric, self._publisher((group, item, transformation, False), shared=self._shared(metric))

    def arriving(self, metric: Metric) -> Arrivals:
        """The captured filters that publish into a metric, each once however many captures hold it (M1, M6)."""
        if metric not in self._arrivals:
            place = (metric.account_id, metric.region)
            whole = (
                self._lookups.responses.get(DESCRIBE_METRIC_FILTERS, *place).complete
                and place not in self._counted_more
                and place not in self._publishing_somewhere
            )
            publishers = dict.fromkeys(publisher for publisher, _ in self.patterns_into(metric))
            self._arrivals[metric] = Arrivals(tuple(publishers), whole)
        return self._arrivals[metric]

    def _shared(self, metric: Metric) -> bool:
        """Whether several filters publish into a metric."""
        return len(self._into(metric.account_id, metric.region).get(metric, ())) > 1

    def _publisher(self, origin: _Origin, *, shared: bool) -> Publisher:
        """A filter as a publisher; whether it counts nothing concerns others, and is asked where there are some."""
        group, item, transformation, disputed = origin
        counting = Counting(None) if disputed else self._counting(item, group)
        sure = shared and not (disputed or counting.doubtful or counting.everything)
        silent = sure and self._counts_nothing(str(item["filterPattern"]), group)
        return publisher(
            item, transformation, log_group=group, busy=False if silent else counting.everything, disputed=disputed,
            doubtful=counting.doubtful, silent=silent,
        )  # fmt: skip

    def _counts_nothing(self, pattern: str, group: str) -> bool:
        """Whether a filter counts nothing that arrives: asked of the trails that are shown only where all are."""
        whole = self._lookups.responses.get(DESCRIBE_TRAILS, *group.split("/", 2)[:2]).complete
        return self.counts.nothing(pattern, self._origin_of.get(group) if whole else None)

    def counting(self, row: Row, metric: Metric) -> Counting:
        """Whether a filter of a log group, which publishes into ``metric``, counts nearly every event there (L10)."""
        counting = self._counting(row["item"], _group(row["account_id"], row["region"], row["log_group"]))
        return replace(counting, shared=len(self.arriving(metric).speaking) > 1)

    def _counting(self, item: Item, group: str) -> Counting:
        # What a transformed event holds is not shown, nor whether there is any: without an active transformer it counts
        # nothing (L6). What passes a selection is not shown either (L7).
        # Nor is a pattern that was cut away, since AWS prints the empty one, too (X6).
        if "filterPattern" not in item:
            return Counting(None, doubtful=True)
        if item.get("applyOnTransformedLogs") or str(item.get("fieldSelectionCriteria") or "").strip():
            return Counting(None, doubtful=True)
        return self.counts.nearly_everything(str(item.get("filterPattern") or ""), self._origin_of.get(group))

    def _into(self, account_id: str, region: str) -> dict[Metric, list[_Origin]]:
        """The filters of an account and region by the metric they publish into, made for those that are asked about."""
        place = (account_id, region)
        if place not in self._origins:
            by_metric: dict[Metric, list[_Origin]] = defaultdict(list)
            for item, disputed in self._by_place.get(place, ()):
                group = _group(*place, str(item.get("logGroupName")))
                if self._publishes_nothing(*place, str(item.get("logGroupName"))):
                    continue
                for transformation in item.get("metricTransformations") or ():
                    by_metric[_metric(*place, item, transformation)].append((group, item, transformation, disputed))
            self._origins[place] = dict(by_metric)
        return self._origins[place]

    def patterns_into(self, metric: Metric) -> Sequence[tuple[Publisher, str | None]]:
        """The captured filters on a metric with their patterns, None where one was cut away (X6)."""
        origins, shared = self._into(metric.account_id, metric.region).get(metric, ()), self._shared(metric)
        return [(self._publisher(origin, shared=shared), origin[1].get("filterPattern")) for origin in origins]

    def delivering(self, group: str) -> Sequence[Origin]:
        """Where the events of a log group come from, by trail; of a trail that is off nothing comes (T12)."""
        return self._delivering.get(group, ())

    @cached_property
    def _delivering(self) -> Mapping[str, Sequence[Origin]]:
        off = {
            arn
            for arn, trail in self._lookups.trails.items()
            if (answer := self._lookups.about_trail(trail, GET_TRAIL_STATUS).answer) is not None
            and answer[1].get("IsLogging") is False
        }
        return {
            group: [origin for arn, origin in of_trails if arn not in off]
            for group, of_trails in self._origins_of_trails.items()
        }

    @cached_property
    def _origin_of(self) -> Mapping[str, Origin]:
        """Where the events of each log group that trails deliver to come from."""
        return {
            group: _together([origin for _, origin in of_trails])
            for group, of_trails in self._origins_of_trails.items()
        }

    @cached_property
    def _origins_of_trails(self) -> Mapping[str, Sequence[tuple[str, Origin]]]:
        origins: dict[str, list[tuple[str, Origin]]] = defaultdict(list)
        for arn, trail in self._lookups.trails.items():
            group = group_of(trail)
            if group is not None:
                accounts, listed = frozenset({trail.account_id}), trail.organization is False
                if trail.organization:
                    members, listed = self._lookups.organizations.active_under(trail.account_id)
                    accounts |= members
                region = trail.home_region if trail.multi_region is False else ""
                testimony = self._lookups.about_trail(trail, GET_EVENT_SELECTORS)
                selectors, *_ = read_selectors(testimony.answer)
                if testimony == NO_TESTIMONY and trail.custom_selectors is False and not trail.contradictory:
                    selectors = (Selector(),)  # the default ones (T9)
                origin = Origin(accounts, listed, region, group.partition, () if selectors is None else (selectors,))
                origins[_group(group.account_id, group.region, group.name)].append((arn, origin))
        return dict(origins)

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], list[tuple[Item, bool]]]:
        """Every filter of an account and region, and whether what it says cannot be relied on."""
        tables, contested = self._lookups.tables, self._lookups.responses.contested
        by_place: dict[tuple[str, str], list[tuple[Item, bool]]] = defaultdict(list)
        for capture, *where, item in tables.items(METRIC_FILTERS, contested=True):
            disputed = (capture.number, *where) in contested
            by_place[capture.place.account_id, capture.place.region].append((item, disputed))
        for capture, *_, item in tables.spoilt(METRIC_FILTERS):
            if _readable(item):
                by_place[capture.place.account_id, capture.place.region].append((item, True))
        return dict(by_place)

    def _publishes_nothing(self, account_id: str, region: str, log_group: str) -> bool:
        """Whether the filters of a log group do nothing, since they were captured on one of another class (L2)."""
        row = self._lookups.log_groups.get((account_id, region, log_group))
        return row is not None and carries_no_filters(row["log_group_class"])

    @cached_property
    def _counted_more(self) -> frozenset[tuple[str, str]]:
        """The places of a log group that counts more filters than were captured (L3)."""
        counted = self._lookups.filter_counts
        if not counted:
            return frozenset()
        captured: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for capture, *_, item in self._lookups.tables.items(METRIC_FILTERS, contested=True):
            group = (capture.place.account_id, capture.place.region, str(item.get("logGroupName")))
            captured[group].add(str(item.get("filterName")))
        return frozenset(key[:2] for key, (number, _) in counted.items() if number > len(captured.get(key, ())))

    @cached_property
    def _publishing_somewhere(self) -> frozenset[tuple[str, str]]:
        """The places of a filter that tells no metric: its transformations were cut away, as AWS always prints them
        (X6), and it may publish into any."""
        return frozenset(
            place
            for place, filters in self._by_place.items()
            for item, _ in filters
            if not item.get("metricTransformations")
            and not self._publishes_nothing(*place, str(item.get("logGroupName")))
        )

    def watching(self, account_id: str, region: str, metric_name: str) -> list[Row]:
        """The alarms that read a metric of this name, in any namespace, of the account and region."""
        return self._alarms_on.get((account_id, region, metric_name), [])

    def astray(self, monitors: Sequence[str], region: str, namespace: str, metric_name: str) -> list[Row]:
        """Alarms of monitoring accounts on a metric of these names that name no account: their own is meant (A14)."""
        by_account = self._on_own_account
        places = [
            place for monitor in monitors for place in by_account.get((monitor, region, namespace, metric_name), ())
        ]
        return [row for _, row in sorted(places, key=lambda place: place[0])]

    @cached_property
    def _on_own_account(self) -> dict[tuple[str, str, str, str], list[tuple[int, Row]]]:
        by_account: dict[tuple[str, str, str, str], list[tuple[int, Row]]] = defaultdict(list)
        for number, row in enumerate(self._watched):
            if row["account_id"] == row["watched_account"]:
                key = (row["account_id"], row["region"], str(row["namespace"]), row["metric_name"])
                by_account[key].append((number, row))
        return dict(by_account)

    @cached_property
    def _watched(self) -> list[Row]:
        names = {row["metric_name"] for rows in self._filters_by_group.values() for row in rows}

        def may_read(item: Item) -> bool:
            return item.get("MetricName") in names or "Metrics" in item

        return watched_metrics(self._lookups.tables.rows(ALARMS, ("MetricAlarms",), may_read))

    @cached_property
    def _alarms_on(self) -> dict[tuple[str, str, str], list[Row]]:
        metrics = {
            (row["account_id"], row["region"], row["metric_name"])
            for rows in self._filters_by_group.values()
            for row in rows
        }
        by_metric: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for row in sorted(self._watched, key=lambda row: (row["alarm_arn"], row["capture"], row["index"])):
            key = (row["watched_account"], row["region"], row["metric_name"])
            if key in metrics:
                by_metric[key].append(row)
        return dict(by_metric)


def _into_one(row: Row, transformation: Item) -> Row:
    """A filter as far as it publishes into one metric; AWS takes one element, and whatever is there is read (L9)."""
    item = {**row["item"], "metricTransformations": [transformation]}
    names = {
        "metric_namespace": transformation.get("metricNamespace"), "metric_name": transformation.get("metricName"),
    }  # fmt: skip
    return {**row, **names, "item": item}


def _group(account_id: str, region: str, name: str) -> str:
    return f"{account_id}/{region}/{name}"


def _metric(account_id: str, region: str, item: Item, transformation: Item) -> Metric:
    """What a filter publishes into; on dimensions, its own or those of the source, it is another metric (M1, L8)."""
    named = (transformation.get("dimensions"), item.get("emitSystemFieldDimensions"))
    names = [name for names in named if isinstance(names, dict | list) for name in names]
    namespace, name = str(transformation.get("metricNamespace")), str(transformation.get("metricName"))
    return Metric(account_id, region, namespace, name, frozenset(map(str, names)))


def _together(origins: Sequence[Origin]) -> Origin:
    """Where the events of several trails come from."""
    regions = {origin.region for origin in origins}
    narrowed = all(origin.selectors for origin in origins)
    return Origin(
        frozenset().union(*(origin.accounts for origin in origins)),
        all(origin.all_accounts for origin in origins),
        regions.pop() if len(regions) == 1 else "",
        origins[0].partition,
        tuple(dict.fromkeys(selectors for origin in origins for selectors in origin.selectors)) if narrowed else (),
    )


def _readable(item: Item) -> bool:
    """Whether an item that breaks its schema tells which metric it publishes into."""
    transformations = item.get("metricTransformations")
    return isinstance(transformations, list) and all(
        isinstance(transformation, dict)
        and isinstance(transformation.get("metricNamespace"), str)
        and isinstance(transformation.get("metricName"), str)
        for transformation in transformations
    )
