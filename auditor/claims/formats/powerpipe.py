"""Powerpipe and Steampipe: JSON of nested groups, snapshots, CSV with or without header.

A control that failed is one row or object without account: unknown for every account of the run. Sources:
turbot/powerpipe internal/controldisplay/templates, tests/acceptance/test_data; turbot/steampipe-mod-aws-compliance.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.claims.formats.form import Cells, TableFormat, record_of, text_at, word_of
from auditor.claims.json_items import Item, Json
from auditor.claims.rule_ids import control_of_powerpipe
from auditor.claims.sink import Sink

TOOL = "powerpipe"
_STATUSES = frozenset({"ok", "alarm", "info", "skip", "error"})
_MOST_ROWS = 200_000  # rows of one control; of ours there is one for each account and matching filter
# The columns that every version writes first (severity came later); then dimensions and tags.
_FIXED = (
    "GROUP_ID", "TITLE", "DESCRIPTION", "CONTROL_ID", "CONTROL_TITLE", "CONTROL_DESCRIPTION", "REASON", "RESOURCE",
    "STATUS",
)  # fmt: skip


def claim_row(
    sink: Sink, name: str, status: str, account: object, resource: str, reason: str, place: str, time: str = ""
) -> None:
    """One row of a control, which ``name`` names with or without what stands before its last dot."""
    rule = name.rpartition(".")[2]
    sink.claim(
        TOOL, account, control_of_powerpipe(rule), word_of(status, "OK", "ALARM"), status, rule, ids=(resource,),
        pointer=place, sentence=reason, time=time, of_every_account=status == "error",
    )  # fmt: skip


def _row(row: Cells, sink: Sink) -> None:
    claim_row(
        sink, row["CONTROL_ID"], row["STATUS"].lower(), row["ACCOUNT_ID"], row["RESOURCE"], row["REASON"], row.place
    )


FORMATS = (TableFormat(frozenset({"GROUP_ID", "CONTROL_ID", "STATUS", "REASON"}), _row),)


def headerless(cells: Sequence[str]) -> tuple[str, ...] | None:
    """The columns of a table without header of which this is a row: those that every version writes."""
    if len(cells) < len(_FIXED) or cells[8].strip().lower() not in _STATUSES:
        return None
    return _FIXED if re.fullmatch(r"(?:[\w-]+\.)*(?:control\.)?\w+", cells[3].strip()) else None


class Powerpipe:
    """Reads results before the control that they belong to names itself."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, str, str, str, str]] = []
        self._panels: list[tuple[str, list[tuple[str, str, str, str, str]]]] = []
        self._snapshot = False

    def item(self, item: Item, sink: Sink) -> bool:
        """As ``JsonFormat``: a control's results, or a snapshot's panels."""
        path, record = item.path, record_of(item)
        if record is None:
            return False
        if path.endswith("controls[].results[]"):
            dimensions = record.get("dimensions")
            self._hold(record, _dimension(dimensions, "account_id"), item.pointer)
            return True
        if path.endswith("controls[]") and "control_id" in record:
            self._control(record, item.pointer, sink)
            return True
        if path.endswith("panels.*.data.rows[]"):
            self._hold(record, text_at(record, "account_id"), item.pointer)
            return True
        if path.endswith("panels.*"):
            self._snapshot = self._panel(record, item.pointer) or self._snapshot
            return True
        if self._snapshot and "panels" in record:
            self._end_of_snapshot(text_at(record, "end_time", "start_time"), sink)
            return True
        return path.endswith("groups[]") or (path == "" and "group_id" in record)

    def _hold(self, record: object, account: str, place: str) -> None:
        if len(self._rows) < _MOST_ROWS:
            values = record if isinstance(record, dict) else {}
            self._rows.append((
                text_at(values, "status").lower(), account, text_at(values, "resource"),
                text_at(values, "reason")[:400], place,
            ))  # fmt: skip

    def _control(self, record: object, place: str, sink: Sink) -> None:
        values = record if isinstance(record, dict) else {}
        name, rows, self._rows = text_at(values, "control_id"), self._rows, []
        if not rows and (text_at(values, "run_status") == "8" or text_at(values, "run_error")):
            claim_row(sink, name, "error", "", "", text_at(values, "run_error"), place)
        for status, account, resource, reason, at_ in rows:
            claim_row(sink, name, status, account, resource, reason, at_)

    def _panel(self, record: object, place: str) -> bool:
        """Whether the panel is a control's. Its rows wait for the time of the run, which stands behind them."""
        values = record if isinstance(record, dict) else {}
        name, rows, self._rows = text_at(values, "name") or place.rpartition("/")[2], self._rows, []
        if "panel_type" not in values and "control" not in name and not rows:
            return False
        if ".control." not in f".{name}" and text_at(values, "panel_type") != "control":
            return "panel_type" in values
        rule = name.rpartition(".")[2]
        if not rows and text_at(values, "status", "properties.status") == "error":
            rows = [("error", "", "", text_at(values, "error"), place)]
        if control_of_powerpipe(rule) is None:
            rows = rows[:1]
        self._panels.append((name, rows))
        return True

    def _end_of_snapshot(self, time: str, sink: Sink) -> None:
        for name, rows in self._panels:
            for status, account, resource, reason, place in rows:
                claim_row(sink, name, status, account, resource, reason, place, time)
        self._panels, self._snapshot = [], False

    def end(self, sink: Sink) -> None:
        """After the last record: what a snapshot that broke off held."""
        self._end_of_snapshot("", sink)


def _dimension(dimensions: Json, key: str) -> str:
    for dimension in dimensions if isinstance(dimensions, list) else ():
        if isinstance(dimension, dict) and dimension.get("key") == key:
            return text_at(dimension, "value")
    return ""
