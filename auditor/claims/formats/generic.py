"""Any other scanner as a plain table: ``account, control, status``, optional ``region, tool, muted, time``.

A control goes by its id, by an alias, or as ``tool:id`` with the id that the tool gives it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from auditor.catalogue import load_controls, resolve_control
from auditor.claims import rule_ids
from auditor.claims.formats.form import Cells, TableFormat, said_yes
from auditor.claims.sink import Sink
from auditor.errors import AuditorError
from auditor.verdict import ClaimWord

_PASSES = frozenset({"PASS", "PASSED", "OK", "COMPLIANT", "SUCCESS"})
_FAILS = frozenset({"FAIL", "FAILED", "ALARM", "NON_COMPLIANT", "NON-COMPLIANT", "NONCOMPLIANT", "FAILURE"})
_TOOLS: dict[str, Callable[[str], str | None]] = {
    "prowler": rule_ids.control_of_prowler,
    "security-hub": rule_ids.control_of_security_hub,
    "securityhub": rule_ids.control_of_security_hub,
    "powerpipe": rule_ids.control_of_powerpipe,
    "steampipe": rule_ids.control_of_powerpipe,
    "aws-config": rule_ids.control_of_config,
    "cloudguard": lambda rule: rule_ids.control_of_cloudguard(rule)[0],
    "cloudbeat": lambda rule: rule_ids.control_of_cloudbeat(rule, rule),
    "scoutsuite": rule_ids.control_of_scoutsuite,
}


def _row(row: Cells, sink: Sink) -> None:
    name, status = row.first("CONTROL", "CONTROL_ID"), row.first("STATUS", "RESULT")
    tool = row["TOOL"].casefold()
    prefix, colon, rule = name.partition(":")
    if colon and prefix.strip().casefold() in _TOOLS:
        tool = tool or prefix.strip().casefold()
        control = _TOOLS[prefix.strip().casefold()](rule.strip())
    else:
        control, why = _control(name)
        if why:
            sink.problem(row.place, f"{why} The row is no claim.", "", "claims-control")
            return
    plain = status.upper()
    word: ClaimWord = "PASS" if plain in _PASSES else "FAIL" if plain in _FAILS else "UNDECIDED"
    sink.claim(
        tool.replace(" ", "-") or "generic", row.first("ACCOUNT", "ACCOUNT_ID", "ACCOUNTID"), control, word, status,
        name, region=row["REGION"], muted=said_yes(row["MUTED"]) or plain == "MUTED", time=row["TIME"],
        pointer=row.place,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _control(name: str) -> tuple[str | None, str]:
    """The control that a name means, or None with the reason if it may be one of ours and is not clear."""
    try:
        return resolve_control(name, load_controls()).id, ""
    except AuditorError as error:
        return None, error.problem.line() if error.problem.code == "ambiguous-control" else ""


FORMATS = tuple(
    TableFormat(frozenset({account, control, status}), _row)
    for account in ("ACCOUNT", "ACCOUNT_ID", "ACCOUNTID")
    for control in ("CONTROL", "CONTROL_ID")
    for status in ("STATUS", "RESULT")
)
