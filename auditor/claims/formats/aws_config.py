"""AWS Config: the process checks of the CIS conformance packs, which hold a person's word and no test.

There is no managed rule for filter and alarm. Source: AWS Config Developer Guide (process checks), API reference
ExternalEvaluation.
"""

from __future__ import annotations

from auditor.claims.formats.form import record_of, text_at, word_of
from auditor.claims.json_items import Item
from auditor.claims.rule_ids import control_of_config
from auditor.claims.sink import Sink

_AT = "EvaluationResultIdentifier.EvaluationResultQualifier"


class AwsConfig:
    """Reads evaluation results one by one."""

    def item(self, item: Item, sink: Sink) -> bool:
        """As ``JsonFormat``: an evaluation result of a Config rule."""
        record = record_of(item)
        if record is None:
            return False
        rule = text_at(record, f"{_AT}.ConfigRuleName")
        if not rule or "ComplianceType" not in record:
            return False
        status = text_at(record, "ComplianceType")
        of_account = text_at(record, f"{_AT}.ResourceType") == "AWS::::Account"
        sink.claim(
            "aws-config", text_at(record, f"{_AT}.ResourceId") if of_account else "",
            control_of_config(rule) if of_account else None,
            word_of(status, "COMPLIANT", "NON_COMPLIANT"), status, rule,
            time=text_at(record, "ResultRecordedTime", "ConfigRuleInvokedTime"), pointer=item.pointer,
            sentence=text_at(record, "Annotation"), attested=True,
        )  # fmt: skip
        return True
