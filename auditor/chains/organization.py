"""Organisations: who is listed where, which accounts manage, which accounts monitor others (T6–T8)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from auditor.arn import parse_arn
from auditor.evidence import Tables

_METRIC = "AWS::CloudWatch::Metric"  # the kind of data that a link must share for an alarm to see it


@dataclass(frozen=True, slots=True)
class Member:
    """An account of an organisation listing. ``active`` by ``State`` or, in older answers, ``Status`` (T8)."""

    account_id: str
    name: str
    organization: str
    management: str
    active: bool
    state: str
    partition: str


class Organizations:
    """The organisation listings of a bundle."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    @cached_property
    def members(self) -> dict[str, Member]:
        """Listed accounts by id, in the order of their ids."""
        found = {}
        for row in self._tables.accounts.sort_values(["member_id", "capture"]).to_dict("records"):
            arn = parse_arn(str(row["arn"]))
            organization = arn.resource.split("/")[1] if arn and arn.resource.count("/") >= 2 else ""
            state = next((str(row[key]) for key in ("state", "status") if not pd.isna(row[key])), "ACTIVE")
            found[str(row["member_id"])] = Member(
                account_id=str(row["member_id"]),
                name="" if pd.isna(row["name"]) else str(row["name"]),
                organization=organization,
                management=arn.account_id if arn else "",
                active=state == "ACTIVE",
                state=state,
                partition=arn.partition if arn else "aws",
            )
        return found

    def same_organization(self, account_id: str) -> list[str]:
        """The account itself and those listed in its organisation."""
        own = self.members.get(account_id)
        if own is None:
            return [account_id]
        return [member.account_id for member in self.members.values() if member.organization == own.organization]

    def managements_of(self, account_id: str) -> frozenset[str]:
        """The management account of the organisation that lists an account as active."""
        member = self.members.get(account_id)
        return frozenset({member.management}) if member is not None and member.active else frozenset()

    @cached_property
    def _monitors(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for capture in self._tables.captures:
            if capture.call.id != "oam:ListLinks" or not capture.usable or not capture.placed:
                continue
            for _, _, link in capture.items(capture.call.lists[0]):
                sink = parse_arn(str(link.get("SinkArn", "")))
                if sink is not None and _METRIC in (link.get("ResourceTypes") or (_METRIC,)):
                    found[(capture.place.account_id, capture.place.region)].add(sink.account_id)
        return {(account, region): sorted(sinks - {account}) for (account, region), sinks in found.items()}

    def monitors_of(self, account_id: str, region: str) -> list[str]:
        """Accounts that captured OAM links show as seeing this one's metrics: their alarms may watch it (V3, A14)."""
        return self._monitors.get((account_id, region), [])
