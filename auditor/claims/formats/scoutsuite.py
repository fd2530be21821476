"""ScoutSuite: a script of one assignment; per region, whether a filter has the one text that the check compares.

A region without filters was not looked at, though the page shows it green. Source: nccgroup/ScoutSuite
output/result_encoder.py, core/processingengine.py, core/exceptions.py.
"""

from __future__ import annotations

import re

from auditor.claims.formats.form import Record, TextFormat, at, text_at
from auditor.claims.json_items import Builder, DamagedJsonError, whole_items
from auditor.claims.rule_ids import rule_ids
from auditor.claims.sink import Sink
from auditor.claims.text_stream import TextStream
from auditor.verdict import ClaimWord

TOOL = "scoutsuite"
_BEGINS = re.compile(r"\s*(?:var\s+)?scoutsuite_results\s*=")
# The rest is hundreds of megabytes.
_KEPT = re.compile(
    r"|account_id|partition|last_run(\..*)?|services|services\.cloudwatch|services\.cloudwatch\.findings(\..*)?"
    r"|services\.cloudwatch\.regions|services\.cloudwatch\.regions\.[^.]+"
    r"|services\.cloudwatch\.regions\.[^.]+\.(metric_filters|metric_filters_pattern_checks|metric_filters\.[^.]+)"
)
_BUDGET = 1 << 26
_ITEM = re.compile(r"cloudwatch\.regions\.([^.]+)\.metric_filters\..*")


def _begins(head: str) -> bool:
    if _BEGINS.match(head):
        return True
    return head.lstrip().startswith("{") and '"last_run"' in head and '"ruleset_name"' in head


def _read(text: TextStream, sink: Sink) -> None:
    start = _BEGINS.match(text.head())
    text.drop(start.end() if start else 0)
    builder = Builder(kept=_KEPT, budget=_BUDGET)
    for item in whole_items(text.pieces(), builder):
        if item.path == "" and isinstance(item.value, dict):
            _results(item.value, sink)
            return  # what follows is a semicolon, or a script that somebody added
    raise DamagedJsonError("holds no results")


def _results(results: Record, sink: Sink) -> None:
    account = at(results, "account_id")
    findings, regions = at(results, "services.cloudwatch.findings"), at(results, "services.cloudwatch.regions")
    if text_at(results, "provider_code").casefold() not in ("", "aws") or not isinstance(findings, dict):
        return
    for control, ids in rule_ids().items():
        if "scoutsuite" not in ids:
            continue
        names = ids["scoutsuite"]
        finding = findings.get(names["finding"])
        if not isinstance(finding, dict):
            continue
        items = finding.get("items")
        flagged = {
            match[1] for item in (items if isinstance(items, list) else ()) if (match := _ITEM.fullmatch(str(item)))
        }
        for region, facts in sorted(regions.items() if isinstance(regions, dict) else ()):
            word, muted, status = _answer(facts, region in flagged, names["pattern_check"])
            sink.claim(
                TOOL, account, control, word, status, names["finding"], region=region, muted=muted,
                time=text_at(results, "last_run.time"), version=text_at(results, "last_run.version"),
                pointer=f"/services/cloudwatch/findings/{names['finding']}", sentence=text_at(finding, "description"),
            )  # fmt: skip


def _answer(facts: object, flagged: bool, check: str) -> tuple[ClaimWord, bool, str]:
    """Claim, mute and status of one region; a check that failed and is not flagged was taken out by an exception."""
    if flagged:
        return "FAIL", False, "flagged"
    values = facts if isinstance(facts, dict) else {}
    filters, number = values.get("metric_filters"), values.get("metric_filters_count")
    if not (len(filters) if isinstance(filters, dict) and filters else number):
        return "UNDECIDED", False, "no metric filter in region"
    if at(values, f"metric_filters_pattern_checks.{check}") is False:
        return "FAIL", True, "not flagged"
    return "PASS", False, "not flagged"


FORMAT = TextFormat(_begins, _read)
