"""Findings in the Security Finding Format: Security Hub's own, and those that Prowler and Powerpipe send there.

An export of Security Hub holds the findings of all products; each row says itself whose it is. Sources: AWS Security
Hub User Guide (controls-findings-create-update, asff-changes-consolidation), prowler-cloud/prowler lib/outputs/asff,
turbot/powerpipe internal/controldisplay/templates/asff.json.
"""

from __future__ import annotations

from auditor.claims.formats.form import Record, at, record_of, text_at, word_of
from auditor.claims.json_items import Item
from auditor.claims.rule_ids import control_of_powerpipe, control_of_prowler, control_of_security_hub, security_hub_id
from auditor.claims.sink import Sink
from auditor.verdict import ClaimWord

LEFT_OVER = "NextToken left over: later pages are missing"
_LISTS = ("Findings", "EvaluationResults", "ConformancePackRuleEvaluationResults")


class Asff:
    """Reads findings one by one, and what stands around a list of them."""

    def __init__(self) -> None:
        self._token = ""

    def item(self, item: Item, sink: Sink) -> bool:
        """As ``JsonFormat``: a finding of the format, Security Hub's own or another product's."""
        record = record_of(item)
        if record is None:
            return False
        if any(isinstance(record.get(name), list) for name in _LISTS):
            self._token = text_at(record, "NextToken")  # of pages one after the other the last one counts
            return True
        if not (record.get("SchemaVersion") == "2018-10-08" or _trimmed(record)):
            return False
        _finding(record, item.pointer, sink)
        return True

    def end(self, sink: Sink) -> None:
        """After the last record: pages may be missing."""
        if self._token:
            remedy = "Ask for the export again, without --max-items or --no-paginate."
            sink.problem("/NextToken", LEFT_OVER, remedy, "claims-next-token", broken=True)


def _trimmed(record: Record) -> bool:
    """Whether it is a finding of which ``--query`` left only a part."""
    named = isinstance(record.get("GeneratorId"), str) or at(record, "Compliance.SecurityControlId") is not None
    return named and isinstance(record.get("Compliance"), dict)


def _finding(record: Record, place: str, sink: Sink) -> None:
    generator = text_at(record, "GeneratorId")
    provider = text_at(_fields(record), "ProviderName").casefold()
    if provider == "prowler" or generator.startswith("prowler-"):
        _prowler(record, generator, place, sink)
    elif provider in ("powerpipe", "steampipe"):
        _powerpipe(record, place, sink)
    elif _is_security_hub(record, generator):
        _security_hub(record, generator, place, sink)
    else:
        sink.ignore(generator or text_at(record, "ProductName"), "other product")


def _fields(record: Record) -> Record:
    fields = record.get("ProductFields")
    return fields if isinstance(fields, dict) else {}


def _is_security_hub(record: Record, generator: str) -> bool:
    product = text_at(record, "ProductArn")
    if product:
        return product.endswith(":product/aws/securityhub")
    return (
        bool(at(record, "Compliance.SecurityControlId"))
        or "securityhub" in generator
        or "security-control/" in generator
    )


def _word(status: str) -> ClaimWord:
    return word_of(status, "PASSED", "FAILED")


def _security_hub(record: Record, generator: str, place: str, sink: Sink) -> None:
    number = text_at(record, "Compliance.SecurityControlId")
    control = control_of_security_hub(number) if number else control_of_security_hub(generator)
    status = text_at(record, "Compliance.Status")
    rule = number or generator
    if control is not None and text_at(record, "RecordState").upper() == "ARCHIVED":
        sink.ignore(rule, "archived")
        return
    identifier = text_at(record, "Id")
    parts = identifier.split(":")
    reason = text_at(record, "Compliance.StatusReasons.ReasonCode")
    sink.claim(
        "security-hub", at(record, "AwsAccountId"), control, _word(status), status,
        (number or security_hub_id(control)) if control else rule, ids=(identifier,),
        region=text_at(record, "Region") or (parts[3] if len(parts) > 4 else ""),
        muted=text_at(record, "Workflow.Status").upper() == "SUPPRESSED",
        time=text_at(record, "UpdatedAt", "LastObservedAt"), pointer=place,
        sentence=text_at(record, "Compliance.StatusReasons.Description"), reason_code=reason,
        version=_standard(record, generator),
    )  # fmt: skip


def _standard(record: Record, generator: str) -> str:
    """Which benchmark a finding of a standard belongs to; ``""`` for consolidated ones."""
    for standard in ("cis-aws-foundations-benchmark/v/", "pci-dss/v/"):
        if standard in generator:
            name = "CIS" if standard.startswith("cis") else "PCI DSS"
            return f"{name} {generator.partition(standard)[2].partition('/')[0]}"
    return ""


def _prowler(record: Record, generator: str, place: str, sink: Sink) -> None:
    """MANUAL is left out by Prowler; what is muted lost its status, except in version 2, where only a FAIL can."""
    check = generator.removeprefix("prowler-")
    control = control_of_prowler(check)
    status = text_at(record, "Compliance.Status")
    if control is not None and text_at(record, "RecordState").upper() == "ARCHIVED":
        sink.ignore(check, "archived")
        return
    plain = status.upper()
    old = check.startswith(("check", "extra"))
    muted = plain in ("WARNING", "WARNINGED", "MUTED")
    word: ClaimWord = "FAIL" if muted and old else _word(status)
    if plain in ("PASS", "FAIL"):
        word = "PASS" if plain == "PASS" else "FAIL"
    sink.claim(
        "prowler", at(record, "AwsAccountId"), control, word, status, check,
        ids=(text_at(record, "Id"), text_at(record, "Resources.Id")),
        region=text_at(record, "Resources.Region", "Region"),
        muted=muted or text_at(record, "Workflow.Status").upper() == "SUPPRESSED",
        time=text_at(record, "UpdatedAt"), pointer=place,
        sentence=text_at(record, "Description", "Compliance.StatusReasons.Description"),
        version=text_at(_fields(record), "ProviderVersion"),
    )  # fmt: skip


def _powerpipe(record: Record, place: str, sink: Sink) -> None:
    """The id is the control's name, the same for all accounts."""
    name = text_at(record, "Id", "GeneratorId").rpartition(".")[2]
    status = text_at(record, "Compliance.Status")
    sink.claim(
        "powerpipe", at(record, "AwsAccountId"), control_of_powerpipe(name), _word(status), status, name,
        of_every_account=status.upper() == "WARNING",
        ids=(text_at(record, "Resources.Id"),), muted=text_at(record, "Workflow.Status").upper() == "SUPPRESSED",
        time=text_at(record, "UpdatedAt", "CreatedAt"), pointer=place, sentence=text_at(record, "Description"),
        version=text_at(_fields(record), "ProviderVersion"),
    )  # fmt: skip
