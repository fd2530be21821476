"""Security Hub's other exports: findings of its second version (OCSF, JSON lines or CSV), and CSV Manager's table.

The CSV's columns are paths that the exporter chose. Sources: AWS API reference StartExportJobV2; aws-samples/
aws-security-hub-csv-manager csvObjects.py.
"""

from __future__ import annotations

from auditor.claims.formats.form import Cells, TableFormat, at, record_of, text_at, word_of
from auditor.claims.json_items import Item
from auditor.claims.rule_ids import control_of_security_hub, security_hub_id
from auditor.claims.sink import Sink

TOOL = "security-hub"


class SecurityHubV2:
    """Reads findings of class 2003 that Security Hub itself made."""

    def item(self, item: Item, sink: Sink) -> bool:
        """As ``JsonFormat``: a finding that Security Hub exported."""
        record = record_of(item)
        if record is None or "class_uid" not in record:
            return False
        product, uid = text_at(record, "metadata.product.name"), text_at(record, "metadata.product.uid")
        of_security_hub = product == "Security Hub" or uid.endswith(":productv2/aws/securityhub")
        rule = text_at(record, "compliance.control", "compliance.control_parameters.name")
        if not of_security_hub or text_at(record, "class_uid") != "2003":
            sink.ignore(rule or product, "other product")
            return True
        status, identifier = text_at(record, "compliance.status"), text_at(record, "finding_info.uid")
        region = text_at(record, "cloud.region", "resources.region") or _region(identifier)
        sink.claim(
            TOOL, at(record, "cloud.account.uid"), control_of_security_hub(rule), word_of(status, "PASS", "FAIL"),
            status, rule, ids=(identifier, text_at(record, "resources.uid")), region=region,
            muted=text_at(record, "status").casefold() == "suppressed",
            time=text_at(record, "finding_info.modified_time_dt", "time_dt", "time"), pointer=item.pointer,
            sentence=text_at(record, "status_detail", "compliance.status_detail"), version="v2",
        )  # fmt: skip
        return True


def _region(identifier: str) -> str:
    parts = identifier.split(":")
    return parts[3] if len(parts) > 4 and parts[2] == "securityhub" else ""


def _v2_row(row: Cells, sink: Sink) -> None:
    product, uid = row["METADATA.PRODUCT.NAME"], row["METADATA.PRODUCT.UID"]
    rule, status, identifier = row["COMPLIANCE.CONTROL"], row["COMPLIANCE.STATUS"], row["FINDING_INFO.UID"]
    if (product and product != "Security Hub") or (uid and not uid.endswith(":productv2/aws/securityhub")):
        sink.ignore(rule or product, "other product")
        return
    sink.claim(
        TOOL, row["CLOUD.ACCOUNT.UID"], control_of_security_hub(rule), word_of(status, "PASS", "FAIL"), status, rule,
        ids=(identifier,), region=row["CLOUD.REGION"] or _region(identifier),
        muted=row["STATUS"].casefold() == "suppressed", pointer=row.place,
        time=row.first("FINDING_INFO.MODIFIED_TIME_DT", "TIME_DT", "TIME"), version="v2",
    )  # fmt: skip


def _csv_manager(row: Cells, sink: Sink) -> None:
    generator, number, status = row["GENERATORID"], row["CONTROLID"], row["COMPLIANCESTATUS"]
    control = control_of_security_hub(generator) or control_of_security_hub(number)
    rule = (security_hub_id(control) if control else "") or generator or number
    if control is not None and row["RECORDSTATE"].upper() == "ARCHIVED":
        sink.ignore(rule, "archived")
        return
    identifier = row.first("FINDINGID", "ID")
    product = row["PRODUCTARN"]
    if generator.startswith("prowler-") or (product and not product.endswith(":product/aws/securityhub")):
        sink.ignore(generator, "other product")
        return
    sink.claim(
        TOOL, row["AWSACCOUNTID"], control, word_of(status, "PASSED", "FAILED"), status, rule, ids=(identifier,),
        region=row["REGION"] or _region(identifier), muted=row["WORKFLOW"].upper() == "SUPPRESSED",
        time=row["UPDATEDAT"], pointer=row.place,
    )  # fmt: skip


FORMATS = (
    TableFormat(frozenset({"CLOUD.ACCOUNT.UID", "COMPLIANCE.CONTROL", "COMPLIANCE.STATUS"}), _v2_row),
    TableFormat(frozenset({"FINDING_INFO.UID", "COMPLIANCE.CONTROL", "COMPLIANCE.STATUS"}), _v2_row),
    TableFormat(frozenset({"COMPLIANCESTATUS", "GENERATORID", "AWSACCOUNTID"}), _csv_manager),
)
