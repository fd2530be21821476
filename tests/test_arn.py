"""Account ids and region names, recognised alone, in running text and in names."""

from __future__ import annotations

import re

import pytest

from auditor.arn import (
    ACCOUNT_ID,
    ACCOUNT_ID_IN_TEXT,
    ACCOUNT_ID_TOKEN,
    ACCOUNT_WRITTEN_IN_TEXT,
    REGION,
    REGION_IN_TEXT,
    REGION_TOKEN,
    account_named,
)

ACCOUNT, DASHED = "111122223333", "1111-2222-3333"
ARABIC = "\u0661" * 12  # digits, but not those of an account id


@pytest.mark.parametrize(
    ("pattern", "text", "hits"),
    [
        (ACCOUNT_ID_IN_TEXT, f"arn:aws:iam::{ACCOUNT}:root x{ACCOUNT}y", [ACCOUNT, ACCOUNT]),
        (ACCOUNT_ID_IN_TEXT, f"{ACCOUNT}4 {ARABIC} {DASHED}", []),
        (ACCOUNT_ID_TOKEN, f"trails-{ACCOUNT}_old", [ACCOUNT]),
        (ACCOUNT_ID_TOKEN, f"x{ACCOUNT} {ACCOUNT}4 {ARABIC}", []),
        (ACCOUNT_WRITTEN_IN_TEXT, f"acme-{DASHED}, {ACCOUNT}", [DASHED, ACCOUNT]),
        (ACCOUNT_WRITTEN_IN_TEXT, f"4{DASHED} {DASHED}4 {ARABIC}", []),
        (REGION_IN_TEXT, '"us-east-1" eusc-de-east-1', ["us-east-1", "eusc-de-east-1"]),
        (REGION_IN_TEXT, "us-east-1a x-us-east-1 us-east-1-x", []),
        (REGION_TOKEN, "trails-us-gov-west-1-old eusc-de-east-1", ["us-gov-west-1", "eusc-de-east-1"]),
        (REGION_TOKEN, "bus-east-1 us-nowhere-1 us-east-1a", []),
    ],
)
def test_each_form_is_recognised_within_its_bounds(pattern: re.Pattern[str], text: str, hits: list[str]) -> None:
    assert pattern.findall(text) == hits


def test_a_whole_text_is_one_or_is_not() -> None:
    assert all(map(ACCOUNT_ID.fullmatch, (ACCOUNT, "012345678901")))
    assert not any(map(ACCOUNT_ID.fullmatch, (ARABIC, DASHED, f"{ACCOUNT}4", f"{ACCOUNT}\n")))
    assert all(map(REGION.fullmatch, ("us-east-1", "ap-southeast-7", "us-isob-east-1", "mx-central-1")))
    assert not any(map(REGION.fullmatch, ("global", "us-east", "US-EAST-1", "us-east-1a")))
    assert [account_named(text) for text in (ACCOUNT, DASHED, "1111-22223333", "prod")] == [ACCOUNT, ACCOUNT, "", ""]
