"""Every finding of the page as data: what the search looks at, and the row that the CSV download writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from auditor.reports.html.store import Store
from auditor.reports.html.tables import Ledger
from auditor.result import Finding
from auditor.workpaper.finding_rows import finding_rows
from auditor.workpaper.model import Column
from auditor.workpaper.results import RESULT_COLUMNS
from auditor.workpaper.view import View, control_of

_EVIDENCE = re.compile(r"(E-\d{5,})")
NUMBER, NAME = "#", "n"  # behind the mark: cells that differ in every row
_CHAIN = (
    "trail_arn", "home_region", "log_group", "filter_name", "metric", "alarm_arn", "topic_arn", "subscription_arn",
    "protocol", "endpoint",
)  # fmt: skip


def findings_data(
    view: View, ledger: Ledger, store: Store, accounts: Mapping[str, int], anchors: Mapping[str, str]
) -> list[list[object]]:
    """Per finding: number, positions of account and control, anchor of its entry, position of its row, base.

    The row holds a text for each column, and last what is searched besides: regions, names of the chains, events.
    """
    controls = {f"{control['id']}@{control['variant']}": place for place, control in enumerate(view.controls)}
    shown = RESULT_COLUMNS
    rows: list[list[object]] = []
    for row in finding_rows(view):
        finding = row.finding
        base = min(map(ledger.locate, finding["evidence"]), default=0)
        cells = [_cell(column, row, finding, store) for column in shown]
        entry = [*cells, "\n".join(dict.fromkeys(_searched(finding)))]
        rows.append(
            [
                finding["number"],
                accounts[finding["account_id"]],
                controls[control_of(finding)],
                anchors.get(finding["number"], ""),
                store.add(entry, finding["account_id"], base),
                base,
            ]
        )
    return rows


def _cell(column: Column, row: Any, finding: Finding, store: Store) -> object:
    value = column.value(row)
    if value == finding["number"]:
        return store.mark + NUMBER
    if column.name == "account_name":
        return store.mark + NAME
    if value is None:
        return ""
    text = {True: "Yes", False: "No"}[value] if isinstance(value, bool) else str(value)
    parts = _EVIDENCE.split(text)
    if len(parts) == 1:
        return text
    # Positions in the table of evidence, which counts from 0.
    return [int(part[2:]) - 1 if place % 2 else part for place, part in enumerate(parts)]


def _searched(finding: Finding) -> Iterator[str]:
    yield from finding["regions"]
    yield finding["resource"]
    yield finding["reason_code"]
    for chain in finding["chains"]:
        yield from (str(chain[name]) for name in _CHAIN)  # type: ignore[literal-required]
        yield from chain["composite_arns"]
        yield from chain["missed"]
        yield from chain["added"]
        yield from chain["covers"]["events"]
        if chain["witness"] is not None:
            yield orjson.dumps(chain["witness"]).decode()
        yield from (facts["code"] for facts in chain["links"].values())
    yield from (point["code"] for point in finding["open_points"])
