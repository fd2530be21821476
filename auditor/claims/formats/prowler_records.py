"""Prowler's JSON files: OCSF of 3.7 to 5, with the framework form, and the plain objects of versions 3 and 2.

Sources: prowler-cloud/prowler, lib/outputs/ocsf and json of 3.16.17, 4.0.0 to 5.46, include/outputs of 2.12.1.
"""

from __future__ import annotations

from auditor.claims.accounts import check_of
from auditor.claims.formats.form import Record, at, record_of, text_at, word_of
from auditor.claims.formats.prowler_tables import TOOL, version_2_check, version_2_word
from auditor.claims.json_items import Item
from auditor.claims.rule_ids import control_of_prowler
from auditor.claims.sink import Sink
from auditor.verdict import ClaimWord

_CLASS_2001: dict[str, ClaimWord] = {"SUCCESS": "PASS", "FAILURE": "FAIL"}


class ProwlerRecords:
    """Reads one record after the other; each says itself which version wrote it."""

    def item(self, item: Item, sink: Sink) -> bool:
        """As ``JsonFormat``: a record of Prowler's, of any version."""
        record = record_of(item)
        if record is None:
            return False
        if text_at(record, "metadata.product.name").casefold() == "prowler":
            _ocsf(record, item.pointer, sink)
        elif "CheckID" in record and "Status" in record:
            _version_3(record, item.pointer, sink)
        elif "Control ID" in record and "Account Number" in record:
            _version_2(record, item.pointer, sink)
        else:
            return False
        return True


def _ocsf(record: Record, place: str, sink: Sink) -> None:
    stable = text_at(record, "finding_info.uid", "finding.uid")
    framework = text_at(record, "compliance.checks.uid")
    check = framework or text_at(record, "metadata.event_code", "metadata.product.feature.uid") or check_of(stable)
    if text_at(record, "unmapped.provider", "cloud.provider").casefold() not in ("", "aws"):
        sink.ignore(check, "other provider")
        return
    if check.casefold() in ("", "manual") and framework:
        sink.ignore(check, "requirement without a check")
        return
    workflow = text_at(record, "status")
    if framework:
        status = text_at(record, "compliance.checks.status", "status_code")
        word, muted = word_of(status, "PASS", "FAIL"), workflow.casefold() == "suppressed"
    elif "status_code" in record:
        status = text_at(record, "status_code")
        word = word_of(status, "PASS", "FAIL")
        muted = workflow.casefold() == "suppressed" or status.upper() == "MUTED"
    else:  # class 2001: the mute took the place of the answer
        status = workflow
        word, muted = _CLASS_2001.get(status.upper(), "UNDECIDED"), status.casefold() == "other"
    sink.claim(
        TOOL, text_at(record, "cloud.account.uid", "unmapped.cloud.account.uid", "unmapped.provider_uid"),
        control_of_prowler(check), word, status, check, ids=(stable, text_at(record, "resources.uid")),
        region=text_at(record, "cloud.region", "unmapped.cloud.region", "resources.region"), muted=muted,
        time=text_at(record, "time", "time_dt", "finding_info.created_time"), pointer=place,
        sentence=text_at(record, "status_detail", "message"), version=text_at(record, "metadata.product.version"),
        remark="from a framework's table: a copy of the run's findings" if framework else "",
    )  # fmt: skip


def _version_3(record: Record, place: str, sink: Sink) -> None:
    check, status = text_at(record, "CheckID"), text_at(record, "Status")
    if text_at(record, "Provider").casefold() not in ("", "aws"):
        sink.ignore(check, "other provider")
        return
    sink.claim(
        TOOL, at(record, "AccountId"), control_of_prowler(check), word_of(status, "PASS", "FAIL"), status, check,
        ids=(text_at(record, "FindingUniqueId"), text_at(record, "ResourceArn")), region=at(record, "Region"),
        muted=status.upper() == "WARNING", time=text_at(record, "AssessmentStartTime"), pointer=place,
        sentence=text_at(record, "StatusExtended"), version="3",
    )  # fmt: skip


def _version_2(record: Record, place: str, sink: Sink) -> None:
    check = version_2_check(text_at(record, "Control"), text_at(record, "Control ID"))
    status = text_at(record, "Status")
    word, muted = version_2_word(status)
    sink.claim(
        TOOL, at(record, "Account Number"), control_of_prowler(check), word, status, check,
        region=at(record, "Region"), muted=muted, time=text_at(record, "Timestamp"), pointer=place,
        sentence=text_at(record, "Message"), version="2",
    )  # fmt: skip
