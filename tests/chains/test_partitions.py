"""T4: a chain, and an organisation trail, stay within their partition."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.api import audit
from tests.textbook import REGION, Files, textbook, trail, write

COMMERCIAL, GOVERNMENT, CHINA = "111122223333", "222233334444", "333344445555"
GOV, CN = "us-gov-west-1", "cn-north-1"


def in_partition(account: str, region: str, partition: str) -> Files:
    return dict(json.loads(json.dumps(textbook(account, region)).replace("arn:aws:", f"arn:{partition}:")))


def judged(folder: Path, files: Files) -> dict[str, tuple[str, str]]:
    findings = audit(write(files, folder), controls=["ssm-actions"]).document["findings"]
    return {finding["account_id"]: (finding["verdict"], finding["reason_code"]) for finding in findings}


def test_t4_three_partitions_in_one_bundle(tmp_path: Path) -> None:
    files = textbook(COMMERCIAL)
    files |= in_partition(GOVERNMENT, GOV, "aws-us-gov") | in_partition(CHINA, CN, "aws-cn")
    assert set(judged(tmp_path, files).values()) == {("PASS", "holds")}


@pytest.mark.parametrize("partition", ["aws", "aws-us-gov"])
def test_t4_a_member_of_another_partition_is_not_covered(tmp_path: Path, partition: str) -> None:
    members = [
        {
            "Id": account,
            "State": "ACTIVE",
            "Arn": f"arn:{kind}:organizations::{COMMERCIAL}:account/o-abcdefghij/{account}",
        }
        for account, kind in ((COMMERCIAL, "aws"), (GOVERNMENT, partition))
    ]
    files = textbook(COMMERCIAL, trails=[trail(COMMERCIAL, IsOrganizationTrail=True)])
    files[f"{COMMERCIAL}/{REGION}/organizations-list-accounts.json"] = {"Accounts": members}
    found = judged(tmp_path, files)
    assert found[COMMERCIAL] == ("PASS", "holds")
    assert found[GOVERNMENT] == (("PASS", "holds") if partition == "aws" else ("INCONCLUSIVE", "trails-not-captured"))


def test_t4_a_trail_of_another_partition_in_a_listing_serves_nobody(tmp_path: Path) -> None:
    shared = trail(COMMERCIAL, IsOrganizationTrail=True)
    files = textbook(COMMERCIAL, trails=[shared])
    files[f"{GOVERNMENT}/{GOV}/cloudtrail-describe-trails.json"] = {"trailList": [shared]}
    assert judged(tmp_path, files)[GOVERNMENT] == ("INCONCLUSIVE", "trail-of-another-partition")


def test_t4_regions_of_two_partitions_need_a_trail_in_each(tmp_path: Path) -> None:
    files = textbook(COMMERCIAL) | {f"{COMMERCIAL}/{CN}/cloudtrail-describe-trails.json": {"trailList": []}}
    assert judged(tmp_path / "one", files)[COMMERCIAL] == ("FAIL", "no-trail-in-region")
    both = textbook(COMMERCIAL) | in_partition(COMMERCIAL, CN, "aws-cn")
    assert judged(tmp_path / "both", both)[COMMERCIAL] == ("PASS", "holds-several")
