"""cloud-custodian: ``resources.json`` beside ``metadata.json``; ``check-cloudtrail`` lists the account that is not in
order.

Rules have no ids: the control follows from the filter pattern that the policy asks for, by our own relation to the
patterns that the controls accept. Source: cloud-custodian c7n/ctx.py, c7n/resources/account.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from auditor.catalogue import load_controls
from auditor.claims.accounts import UnreadableAccountError, account_of
from auditor.claims.formats.form import Record, at, record_of, text_at
from auditor.claims.json_items import Item
from auditor.claims.sink import Sink
from auditor.patterns import relate
from auditor.verdict import Relation

TOOL = "cloud-custodian"
RESOURCES, METADATA = "resources.json", "metadata.json"


@dataclass(slots=True)
class _Run:
    """One folder of one policy's run."""

    metadata: dict[str, str] | None = None
    controls: tuple[str, ...] = ()
    why_none: str = ""
    listed: int | None = None  # None: no resources.json
    accounts: tuple[str, ...] = ()


class Custodian:
    """Pairs the two files of each folder; one object reads all files that were given."""

    def __init__(self) -> None:
        self._runs: dict[str, _Run] = {}
        self.sinks: dict[str, Sink] = {}

    def begin(self, file: str) -> None:
        """Before a file is read, perhaps again."""
        folder, _, name = file.rpartition("/")
        if name.removesuffix(".gz") == RESOURCES and folder in self._runs:
            self._runs[folder].listed, self._runs[folder].accounts = None, ()

    def item(self, item: Item, sink: Sink) -> bool:
        """As ``JsonFormat``: metadata of a run, or the list of its resources."""
        folder, _, name = sink.file.rpartition("/")
        name = name.removesuffix(".gz")
        record = record_of(item)
        if name == RESOURCES and item.path in ("", "[]"):
            run = self._runs.setdefault(folder, _Run())
            self.sinks[folder] = sink
            run.listed = run.listed or 0
            if item.path == "[]":
                run.listed += 1
                account = text_at(record, "account_id") if record is not None else ""
                run.accounts = (*run.accounts, account)[:10]
            return record is None or "account_id" in record
        if name == METADATA and record is not None and isinstance(at(record, "policy.filters"), list):
            self._runs.setdefault(folder, _Run())
            self._metadata(self._runs[folder], record)
            self.sinks.setdefault(folder, sink)
            return True
        return False

    def _metadata(self, run: _Run, record: Record) -> None:
        start = text_at(record, "execution.end_time", "execution.start")
        region = text_at(record, "config.region", "policy.region")
        run.metadata = {
            "name": text_at(record, "policy.name"), "account": text_at(record, "config.account_id"), "region": region,
            "time": start, "version": text_at(record, "version"), "pattern": "",
        }  # fmt: skip
        filters = at(record, "policy.filters")
        checks = [
            check for check in (filters if isinstance(filters, list) else ())
            if isinstance(check, dict) and check.get("type") == "check-cloudtrail"
            and "log-metric-filter-pattern" in check
        ]  # fmt: skip
        run.why_none = "other control"
        for check in checks:
            pattern = check["log-metric-filter-pattern"]
            if isinstance(pattern, dict):
                if text_at(pattern, "op", "value_type") not in ("", "eq", "equal"):
                    run.why_none = "pattern is an expression: needs the user's mapping"
                    continue
                pattern = pattern.get("value")
            if isinstance(pattern, str):
                run.metadata["pattern"] = run.metadata["pattern"] or pattern
                run.controls = tuple(dict.fromkeys([*run.controls, *controls_asking_for(pattern)]))

    def end(self) -> None:
        """After the last file: a claim for each folder that has both."""
        for folder, run in self._runs.items():
            if run.metadata is None:
                continue
            sink, facts = self.sinks[folder], run.metadata
            if run.listed is None or not run.controls:
                sink.ignore(
                    facts["name"], run.why_none if run.listed is not None else "no resources.json: the run failed"
                )
                continue
            account: object = facts["account"] or next(iter(run.accounts), "")
            try:
                account = account_of(facts["account"], run.accounts)
            except UnreadableAccountError:
                account = next(iter(run.accounts), account)
            for control in run.controls:
                sink.claim(
                    TOOL, account, control, "FAIL" if run.listed else "PASS", "listed" if run.listed else "empty",
                    facts["name"], region=facts["region"], time=facts["time"], version=facts["version"],
                    sentence=facts["pattern"],
                    pointer="/0" if run.listed else "",
                )  # fmt: skip


@lru_cache(maxsize=4096)
def controls_asking_for(pattern: str) -> tuple[str, ...]:
    """The controls that accept a filter equal in meaning to the pattern."""
    controls = []
    for control in load_controls().values():
        accepted = {
            accepted_pattern.pattern for variant in control.variants.values() for accepted_pattern in variant.patterns
        }
        if any(text == pattern or relate(pattern, text).relation is Relation.EQUAL for text in sorted(accepted)):
            controls.append(control.id)
    return tuple(controls)
