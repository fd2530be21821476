"""Which control a scanner's rule is about. Ids are text: 3.1 is not 3.10."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import TypedDict

from auditor.resources import PACKAGE


class ScoutSuiteIds(TypedDict):
    """ScoutSuite's finding and its check of the pattern."""

    finding: str
    pattern_check: str


class RuleIds(TypedDict, total=False):
    """The names of one control, by scanner; absent where a scanner does not know the control."""

    cis: int
    prowler: str
    security_hub: str
    security_hub_generators: list[str]
    powerpipe: str
    scoutsuite: ScoutSuiteIds
    cloudbeat: dict[str, str]
    aws_config: str
    cloudguard: dict[str, str]


@cache
def rule_ids() -> Mapping[str, RuleIds]:
    """Control id → how the scanners name it (``rule_ids.json``)."""
    document: dict[str, dict[str, RuleIds]] = json.loads((PACKAGE / "claims/rule_ids.json").read_text("utf-8"))
    return document["controls"]


@cache
def _by_cis() -> Mapping[int, str]:
    return {ids["cis"]: control for control, ids in rule_ids().items() if "cis" in ids}


def control_of_item(number: str, sections: tuple[str, ...] = ("3", "4", "5")) -> str | None:
    """The control of a benchmark item: ``4.10``, ``3.01``; None if it is another one."""
    match = re.fullmatch(r"(\d)\.(\d{1,2})", number)
    return _by_cis().get(int(match[2])) if match and match[1] in sections else None


def control_of_prowler(check: str) -> str | None:
    """``cloudwatch_…`` of Prowler 3 to 5, ``check310`` and ``extra7197`` of Prowler 2."""
    if legacy := re.fullmatch(r"check3(\d{1,2})", check):
        return _by_cis().get(int(legacy[1])) if legacy[1] != "15" else None
    if check == "extra7197":
        return "organizations-changes"
    return _named()["prowler"].get(check)


def control_of_security_hub(identifier: str) -> str | None:
    """``CloudWatch.5``, or the generator of a finding in any partition."""
    generators = _security_hub()
    plain = re.sub(r"^arn:aws[a-z-]*:", "arn:aws:", identifier).removeprefix("security-control/")
    return generators.get(plain)


def security_hub_id(control: str) -> str:
    """``CloudWatch.5``; ``""`` for a control that Security Hub does not know."""
    return rule_ids()[control].get("security_hub", "")


def control_of_powerpipe(rule: str) -> str | None:
    """``cis_v300_4_10`` or ``log_metric_filter_…``, without what stands before the last dot."""
    if match := re.fullmatch(r"cis_v(\d{3})_(\d)_(\d{1,2})", rule):
        section = "3" if match[1] < "130" else "4" if match[1] < "600" else "5"
        return control_of_item(f"{match[2]}.{match[3]}", (section,))
    return _named()["powerpipe"].get(rule)


def control_of_cloudbeat(rule_id: str, number: str) -> str | None:
    """By the rule's own id, else by its number in CIS 1.5.0."""
    controls = {ids["cloudbeat"]["rule_id"]: control for control, ids in rule_ids().items() if "cloudbeat" in ids}
    return controls.get(rule_id) or control_of_item(number, ("4",))


def control_of_config(rule: str) -> str | None:
    """``alarm-vpc-change``, with the suffix that a conformance pack adds or without."""
    return _named()["aws_config"].get(re.sub(r"-conformance-pack-[0-9a-z]+$", "", rule))


def control_of_cloudguard(rule_id: str) -> tuple[str | None, bool]:
    """The control of ``D9.AWS.MON.23``, and whether its number was seen in a publication."""
    for control, ids in rule_ids().items():
        if "cloudguard" in ids and ids["cloudguard"]["rule_id"] == rule_id:
            return control, ids["cloudguard"]["known"] == "seen"
    return None, False


def control_of_scoutsuite(finding: str) -> str | None:
    """``logs-no-alarm-root-usage``."""
    for control, ids in rule_ids().items():
        if "scoutsuite" in ids and ids["scoutsuite"]["finding"] == finding:
            return control
    return None


def known_to(tool: str) -> tuple[str, ...]:
    """The controls on which the scanner has a rule at all; none of a tool that is not known here."""
    key = {
        "prowler": "prowler", "security-hub": "security_hub", "powerpipe": "powerpipe", "scoutsuite": "scoutsuite",
        "cloudbeat": "cloudbeat",
    }.get(tool)  # fmt: skip
    return tuple(control for control, ids in rule_ids().items() if key in ids) if key else ()


@cache
def _named() -> Mapping[str, Mapping[str, str]]:
    """Scanner → its name of a rule → control, for scanners with one name a control."""
    named: dict[str, dict[str, str]] = {"prowler": {}, "powerpipe": {}, "aws_config": {}}
    for control, ids in rule_ids().items():
        for scanner, names in named.items():
            if isinstance(name := ids.get(scanner), str):
                names[name] = control
    return named


@cache
def _security_hub() -> Mapping[str, str]:
    controls = {}
    for control, ids in rule_ids().items():
        if "security_hub" in ids:
            controls[ids["security_hub"]] = control
            controls |= dict.fromkeys(ids["security_hub_generators"], control)
    return controls
