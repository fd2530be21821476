"""Every finding of the page as data: what the search looks at, and the row that the CSV download writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
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
# Columns that name evidence, patterns or regions of the account, by the group in which they stand.
_ALONE = {"deciding": "1", "open_points": "2", "evidence_no": "3", "evidence": "3", "as_published_because": "4"}
# What chains name: one for all controls of an account, and one for a control in many accounts.
_OF_ACCOUNT = ("trail_arn", "home_region", "log_group", "topic_arn", "subscription_arn", "protocol", "endpoint")
_OF_CONTROL = ("filter_name", "metric", "alarm_arn")


def findings_data(
    view: View, ledger: Ledger, store: Store, accounts: Mapping[str, int], anchors: Mapping[str, str]
) -> list[list[object]]:
    """Per finding: number, positions of account and control, anchor of its entry, position of its row, base.

    The row holds groups of cells, a text for each column, and last what is searched besides: regions, names of the
    chains, events. What differs in every account is a group of its own, so that accounts share the others.
    """
    controls = {f"{control['id']}@{control['variant']}": place for place, control in enumerate(view.controls)}
    groups = [tuple(group) for _, group in groupby(RESULT_COLUMNS, lambda column: _ALONE.get(column.name, ""))]
    rows: list[list[object]] = []
    for row in finding_rows(view):
        finding = row.finding
        base = min(map(ledger.locate, finding["evidence"]), default=0)
        entry = [[_cell(column, row, finding, store) for column in group] for group in groups]
        entry += [["\n".join(dict.fromkeys(terms(finding)))] for terms in (_searched_of_account, _searched_of_control)]
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
    parts: list[object] = []
    for place, part in enumerate(_EVIDENCE.split(text)):
        # Positions in the table of evidence, which counts from 0; lines, since some are alike in all accounts.
        parts += [int(part[2:]) - 1] if place % 2 else part.splitlines(keepends=True)
    return parts if len(parts) > 1 else text


def _searched_of_account(finding: Finding) -> Iterator[str]:
    yield from finding["regions"]
    for chain in finding["chains"]:
        yield from (str(chain[name]) for name in _OF_ACCOUNT)  # type: ignore[literal-required]


def _searched_of_control(finding: Finding) -> Iterator[str]:
    yield finding["resource"]
    yield finding["reason_code"]
    for chain in finding["chains"]:
        yield from (str(chain[name]) for name in _OF_CONTROL)  # type: ignore[literal-required]
        yield from chain["composite_arns"]
        yield from chain["missed"]
        yield from chain["added"]
        yield from chain["covers"]["events"]
        if chain["witness"] is not None:
            yield orjson.dumps(chain["witness"]).decode()
        yield from (facts["code"] for facts in chain["links"].values())
    yield from (point["code"] for point in finding["open_points"])
