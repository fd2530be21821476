"""An opened bundle as a notebook gets it: tidy tables, the inventory, what its files hold and what is wrong with it."""

from __future__ import annotations

import html
from copy import deepcopy
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.chains import Chains
from auditor.engagement.period import parse_date, parse_period
from auditor.engagement.scope import ScopeEntry, read_scope
from auditor.errors import AuditorError, Problem
from auditor.evidence import CaptureContext, Evidence, InventoryEntry, Members, evidence_of, inventory
from auditor.evidence.frames import frame_of
from auditor.evidence.tables import ALARMS, METRIC_FILTERS, SUBSCRIPTIONS, TRAILS, Table
from auditor.judgement import COUNTS
from auditor.text import count

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What a bundle was opened with, as it was given: an audit of it that is told nothing else takes these."""

    captured_on: str | None = None
    period: str | None = None
    scope: Path | tuple[ScopeEntry, ...] | None = None  # a scope file, or its entries

    def reading(self) -> CaptureContext:
        """How captures are dated and placed. Raises AuditorError: a date or the scope file is none."""
        return CaptureContext(
            captured_on=None if self.captured_on is None else parse_date(self.captured_on, "--captured-on"),
            period=None if self.period is None else parse_period(self.period),
            scope=read_scope(self.scope) if isinstance(self.scope, Path) else self.scope or (),
        )


def chains_of(evidence: Evidence) -> Chains:
    """The join over a bundle's evidence."""
    return Chains(evidence.captures, evidence.responses, COUNTS, evidence.memberships)


class Bundle:
    """An opened evidence bundle: what it holds as tidy tables, and what is wrong with it.

    ``trails``, ``metric_filters``, ``alarms`` and ``subscriptions`` are made anew each time; their columns are
    described in ``auditor.evidence.tables``. ``problems`` are those met while reading. ``paths`` are what was opened,
    by their last names.
    """

    def __init__(
        self, members: Members, paths: tuple[str, ...], opened_with: ReadingOptions, reading: CaptureContext
    ) -> None:
        self.paths = paths
        self.opened_with = opened_with
        self.reading = reading
        self._members = members

    def read_as(self, reading: CaptureContext) -> Bundle:
        """The same members, their captures dated and placed as an audit is told to (itself if it was opened so)."""
        return self if reading == self.reading else Bundle(self._members, self.paths, self.opened_with, reading)

    def __getstate__(self) -> dict[str, object]:
        """What a pickle holds; evidence and chains are made from it again."""
        return {name: value for name, value in vars(self).items() if name not in ("evidence", "chains")}

    @cached_property
    def evidence(self) -> Evidence:
        """Captures, the responses assembled from them and the problems met, read once."""
        return evidence_of(self._members, self.reading)

    @property
    def name(self) -> str:
        """Name of the folder or archive."""
        return self._members.name

    @property
    def sha256(self) -> str:
        """Digest of the archive, or of the folder's sorted ``sha256  path`` lines."""
        return self._members.sha256

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the bundle, ordered by file and place."""
        return self.evidence.problems

    @cached_property
    def chains(self) -> Chains:
        """The join, made once."""
        return chains_of(self.evidence)

    @property
    def trails(self) -> pd.DataFrame:
        """One row per trail: the copy in its own account and region speaks for its shadows.

        Columns: ``account_id region trail_arn name home_region multi_region organization global_events
        log_group_arn custom_selectors capture page member index``.
        """
        frame = self._frame(TRAILS)
        home = frame["region"] != frame["home_region"]
        return (
            frame.assign(_shadow=home)
            .sort_values(["trail_arn", "_shadow", "capture"])
            .drop_duplicates("trail_arn")
            .drop(columns=["_shadow", "item"])
            .reset_index(drop=True)
        )

    @property
    def metric_filters(self) -> pd.DataFrame:
        """One row per metric filter: ``account_id region log_group filter_name filter_pattern metric_namespace
        metric_name metric_value default_value unit transformed selection capture page member index``.
        """
        return self._frame(METRIC_FILTERS).drop(columns="item")

    @property
    def alarms(self) -> pd.DataFrame:
        """One row per alarm of any kind: ``account_id region alarm_arn alarm_name namespace metric_name statistic
        period threshold actions_enabled capture page member index``.
        """
        return self._frame(ALARMS).drop(columns="item")

    @property
    def subscriptions(self) -> pd.DataFrame:
        """One row per subscription and listing: ``account_id region topic_arn subscription_arn protocol endpoint owner
        capture page member index``.
        """
        return self._frame(SUBSCRIPTIONS)

    def _frame(self, table: Table) -> pd.DataFrame:
        return frame_of(table, self.chains.tables.rows(table))

    @property
    def captures(self) -> pd.DataFrame:
        """One row per capture: ``file call account_id region resource status records complete captured_at
        place_source bytes sha256 detail``; ``captured_at`` is a moment in UTC.
        """
        import pandas as pd  # noqa: PLC0415 (keeps `import auditor` quick)

        rows = [
            {
                "file": capture.file,
                "call": capture.call.id,
                "account_id": capture.place.account_id,
                "region": capture.place.region,
                "resource": capture.place.resource,
                "status": capture.status,
                "records": capture.records if capture.usable else 0,
                "complete": capture.complete,
                "captured_at": capture.captured_at,
                "place_source": capture.place_source,
                "bytes": capture.size,
                "sha256": capture.sha256,
                "detail": capture.detail,
            }
            for capture in self.evidence.captures
        ]
        columns = [
            "file", "call", "account_id", "region", "resource", "status", "records", "complete", "captured_at",
            "place_source", "bytes", "sha256", "detail",
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=columns).convert_dtypes()
        frame["captured_at"] = pd.to_datetime(frame["captured_at"], utc=True, format="ISO8601")
        return frame

    def inventory(self) -> pd.DataFrame:
        """Accounts × regions × calls: ``account_id region call required status files``.

        ``status`` is *captured*, *not found* (AWS answered that there is no such thing), or why an answer is not whole
        (*refused*, *truncated*, *invalid* …). What is needed and was not captured stands in the ``gaps`` of an audit.
        """
        import pandas as pd  # noqa: PLC0415

        rows = [asdict(entry) for entry in inventory(self.evidence.responses)]
        return pd.DataFrame(rows, columns=[field.name for field in fields(InventoryEntry)]).convert_dtypes()

    def get(self, file: str, pointer: str = "") -> object:
        """What a capture holds at a JSON pointer, as findings cite it: a copy.

        >>> bundle.get("111122223333/us-east-1/cloudwatch-describe-alarms.json", "/MetricAlarms/0")  # doctest: +SKIP

        Raises:
            AuditorError: no capture is of that file, or it holds nothing there.
        """
        captures = [capture for capture in self.evidence.captures if capture.file == file]
        member = next((value for capture in captures if (value := capture.at(pointer)) is not None), None)
        if member is None:
            near = (
                get_close_matches(file, [capture.file for capture in self.evidence.captures], 1) if not captures else []
            )
            raise AuditorError(
                "holds nothing at this place." if captures else "is no capture of the bundle.",
                file=file,
                pointer=pointer,
                remedy=f"Did you mean {near[0]}?" if near else "`result.evidence` lists files with their pointers.",
            )
        return deepcopy(member)

    def __repr__(self) -> str:
        accounts = {capture.place.account_id for capture in self.evidence.captures} - {""}
        return (
            f"<Bundle {self.name!r}: {count(len(self.evidence.captures), 'capture')} of "
            f"{count(len(accounts), 'account')}, {count(len(self.problems), 'problem')}>"
        )

    def _repr_html_(self) -> str:
        frame = self.inventory()
        table = frame.pivot_table(
            index=["account_id", "region"], columns="call", values="status", aggfunc="first", fill_value="–"
        )
        return f"<p><strong>{html.escape(repr(self)[1:-1])}</strong></p>{table.to_html(escape=True, max_rows=60)}"
