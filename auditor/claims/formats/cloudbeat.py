"""cloudbeat's findings in Elastic: one a cycle, told by the benchmark that the rule belongs to.

Source: elastic/cloudbeat internal/transformer, security-policies/bundle/compliance/cis_aws.
"""

from __future__ import annotations

from auditor.claims.formats.form import at, record_of, text_at, word_of
from auditor.claims.json_items import Item
from auditor.claims.rule_ids import control_of_cloudbeat
from auditor.claims.sink import Sink


class Cloudbeat:
    """Reads findings one by one."""

    def item(self, item: Item, sink: Sink) -> bool:
        """As ``JsonFormat``: a finding on an item of the CIS benchmark."""
        record = record_of(item)
        if record is None:
            return False
        benchmark, number = text_at(record, "rule.benchmark.id"), text_at(record, "rule.benchmark.rule_number")
        if not benchmark or at(record, "result.evaluation") is None:
            return False
        if benchmark != "cis_aws":
            sink.ignore(number, "other benchmark")
            return True
        status = text_at(record, "result.evaluation")
        version = text_at(record, "rule.benchmark.version")
        sink.claim(
            "cloudbeat", at(record, "cloud.account.id"), control_of_cloudbeat(text_at(record, "rule.id"), number),
            word_of(status, "PASSED", "FAILED"), status, number, region=at(record, "cloud.region"),
            time=text_at(record, "@timestamp"), pointer=item.pointer, sentence=text_at(record, "message"),
            version=f"CIS {version.removeprefix('v')}" if version else "",
        )  # fmt: skip
        return True
