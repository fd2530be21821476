"""The metric filter link, apart from the pattern's meaning: which filters a group has, what they run on (L4–L9)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.chains.model import LinkState, LogGroup, Need, Source, broken, joined, ok, unknown
from auditor.chains.testimony import Testimony
from auditor.chains.trail import moment_of
from auditor.evidence import Lack, Response, Responses
from auditor.evidence.call_ids import DESCRIBE_ACCOUNT_POLICIES, DESCRIBE_METRIC_FILTERS, GET_TRANSFORMER
from auditor.evidence.item import Item
from auditor.text import listing


@dataclass(frozen=True, slots=True)
class Transformers:
    """What the bundle holds about the transformation of a log group's events (L6).

    ``own`` is what get-transformer says of the group, ``account`` the account's transformer policies: their
    processors and where they stand. ``policies`` is the listing of the latter.
    """

    own: Testimony
    account: Sequence[tuple[Sequence[Any], Source]]
    policies: Response


def processors_in(document: Any) -> list[Any]:
    """The processors in a transformer policy's document, which is JSON in a string; one of no kind if it is not."""
    try:
        processors = json.loads(document)
    except (TypeError, ValueError, RecursionError):
        processors = None
    return processors if isinstance(processors, list) else [{}]


def metric_filter_link(item: Item, group: LogGroup, source: Source, transformers: Transformers) -> LinkState:
    """Whether the pattern runs on plain CloudTrail events and on all of them (L6, L7)."""
    facts = {
        "filter": str(item.get("filterName", "")),
        "log_group": group.name,
        "account": group.account_id,
        "region": group.region,
    }
    criteria = str(item.get("fieldSelectionCriteria") or "").strip()
    selected = unknown("filter-selects-sources", source, criteria=criteria, **facts) if criteria else ok(source)
    if item.get("applyOnTransformedLogs"):
        return joined(_transformed(group, source, transformers, facts), selected)
    return selected


def created_on(item: Item) -> str:
    """The day on which a filter was created, ISO 8601 in UTC, before which it counts nothing (L5), or ``""``."""
    created = item.get("creationTime")
    moment = moment_of(created / 1000) if isinstance(created, int | float) else None  # milliseconds always (X4)
    return "" if moment is None else moment[:10]


def _transformed(group: LogGroup, source: Source, transformers: Transformers, facts: Mapping[str, str]) -> LinkState:
    """A filter on transformed events: the group's transformer decides, else the account's (L6)."""
    needs = [Need(GET_TRANSFORMER, group.account_id, group.region, group.name)]
    if not transformers.policies.complete:
        needs.append(Need(DESCRIBE_ACCOUNT_POLICIES, group.account_id, group.region))
    if transformers.own.dispute:
        words = f", and what captures say of the group's transformer cannot be relied on ({transformers.own.dispute})"
        where = (source, *transformers.own.sources)
        return unknown("filter-on-transformed-logs", *where, transformer=words, **facts).needing(needs[0])
    own = _own(transformers.own)
    statements = [own] if own is not None else list(transformers.account)
    changing = [(processors, where) for processors, where in statements if not _keeps_the_event(processors)]
    if changing:
        processors, place = changing[0]
        names = listing(
            [str(next(iter(processor), "")) for processor in processors if isinstance(processor, dict)], limit=6
        )
        return unknown("filter-on-transformed-logs", source, place, transformer=f", made by {names}", **facts)
    if own is None:  # the account's may keep the event, but one of the group's own would go before it
        words = ", and the transformer of the log group is not shown"
        return unknown("filter-on-transformed-logs", source, transformer=words, **facts).needing(*needs)
    return ok(source, own[1])


def _own(testimony: Testimony) -> tuple[Sequence[Any], Source] | None:
    if testimony.answer is None:
        return None
    capture, answer = testimony.answer
    return list(answer.get("transformerConfig") or ()), Source(
        capture.number, f"{capture.page_pointers[0]}/transformerConfig"
    )


def _keeps_the_event(processors: Sequence[Any]) -> bool:
    """Whether a transformer only parses the event as JSON, into the same fields in the same places."""
    if len(processors) != 1 or not isinstance(processors[0], dict) or set(processors[0]) != {"parseJSON"}:
        return False
    settings = processors[0]["parseJSON"]
    return (
        isinstance(settings, dict)
        and settings.get("source", "@message") == "@message"
        and len(settings) <= (1 if "source" in settings else 0)
    )


def copied(group: LogGroup, rules: Sequence[tuple[Item, Source]], responses: Responses) -> LinkState | None:
    """A centralisation rule that may copy the group's events to where filters see them (L12); None if none may.

    ``rules`` are those of the group's organisation.
    """
    for rule, where in rules:
        account, region = str(rule.get("DestinationAccountId") or ""), str(rule.get("DestinationRegion") or "")
        if (account, region) == (group.account_id, group.region) or rule.get("RuleHealth") == "Unhealthy":
            continue
        filters = responses.get(DESCRIBE_METRIC_FILTERS, account, region)
        facts = {
            "rule": str(rule.get("RuleName") or rule.get("RuleArn")),
            "log_group": group.name,
            "destination": account,
            "destination_region": region,
        }
        needs = () if filters.complete else (Need(DESCRIBE_METRIC_FILTERS, account, region),)
        return unknown("filters-on-copy", where, **facts).needing(*needs)
    return None


def no_filter(group: LogGroup, response: Response, twin: str) -> LinkState:
    """No metric filter on the trail's log group; ``twin`` names a group of the same name elsewhere (T5)."""
    sources = [Source(number, "/metricFilters") for number in response.captures]
    facts = {"log_group": group.name, "account": group.account_id, "region": group.region}
    if twin:
        return broken("no-metric-filter-twin", *sources, twin=twin, **facts)
    return broken("no-metric-filter", *sources, **facts)


def none_counted(group: LogGroup, where: Source) -> LinkState:
    """describe-log-groups counts no metric filter on the group, so that no listing of filters is missed (L3)."""
    return broken(
        "no-metric-filter-counted", where, log_group=group.name, account=group.account_id, region=group.region
    )


def gap_code(what: str, lack: Lack) -> str:
    """The reason code of an answer that is not complete: ``filters-not-captured``, ``alarms-truncated`` …"""
    suffixes: dict[Lack, str] = {
        "not_captured": "not-captured",
        "truncated": "truncated",
        "refused": "refused",
        "contradictory": "contradictory",
        "narrowed": "narrowed",
        "out_of_period": "out-of-period",
        "altered": "altered",
        "lost": "altered",
        "added": "altered",
    }
    return f"{what}-{suffixes.get(lack, 'unusable')}"


def filters_gap(group: LogGroup, response: Response) -> LinkState:
    """The filters of the group's account and region are not (all) in the bundle (V3)."""
    sources = [Source(number, "") for number in response.captures]
    need = Need(DESCRIBE_METRIC_FILTERS, group.account_id, group.region)
    return unknown(
        gap_code("filters", response.code),
        *sources,
        log_group=group.name,
        account=group.account_id,
        region=group.region,
        detail=response.detail,
    ).needing(need)
