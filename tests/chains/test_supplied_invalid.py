"""X5, T12: a corroborating capture that breaks its schema leaves its link unknown; it is not as if it were absent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from tests.textbook import ACCOUNT, REGION, alarm, textbook, write

PLACE = f"{ACCOUNT}/{REGION}"


@pytest.mark.parametrize(
    ("path", "answer", "link"),
    [
        pytest.param("cloudtrail-get-trail-status/main.json", {"IsLogging": "false"}, "trail", id="T12 text"),
        pytest.param("cloudtrail-get-trail-status/main.json", {"IsLogging": True}, None, id="T12 logging"),
        pytest.param(
            "sns-get-topic-attributes/alerts.json",
            {"Attributes": {"TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts", "KmsMasterKeyId": 5}},
            "topic",
            id="S4 key as number",
        ),
    ],
)
def test_x5_an_unusable_answer_is_not_an_absent_one(
    tmp_path: Path, path: str, answer: dict[str, Any], link: str | None
) -> None:
    files = textbook() | {f"{PLACE}/{path}": answer}
    (finding,) = audit(write(files, tmp_path), controls=["ssm-actions"]).document["findings"]
    assert (finding["verdict"], finding["broken_link"]) == ("INCONCLUSIVE" if link else "PASS", link)


def test_t4_an_alarm_of_another_partition_is_none_of_this_chain(tmp_path: Path) -> None:
    foreign = alarm(AlarmArn=f"arn:aws-cn:cloudwatch:{REGION}:{ACCOUNT}:alarm:ssm-actions")
    files = textbook(alarms=[foreign])
    (finding,) = audit(write(files, tmp_path), controls=["ssm-actions"]).document["findings"]
    assert (finding["verdict"], finding["broken_link"]) == ("FAIL", "alarm")
