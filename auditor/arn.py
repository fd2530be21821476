"""Amazon Resource Names as this product needs them: split once, compared by their parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

ACCOUNT_ID = re.compile(r"[0-9]{12}")
# us-east-1, us-gov-west-1, cn-north-1, ap-southeast-7, us-isob-east-1, eusc-de-east-1, mx-central-1
REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+){1,3}-[0-9]{1,2}")
_PARTITION = re.compile(r"aws[a-z-]*")
_PARTS = 6


@dataclass(frozen=True, slots=True)
class Arn:
    """``arn:partition:service:region:account_id:resource``; region and account may be empty."""

    partition: str
    service: str
    region: str
    account_id: str
    resource: str


@lru_cache(maxsize=65536)
def parse_arn(text: str) -> Arn | None:
    """The parts of an ARN, or None if ``text`` is none (rule T4: partitions are ``aws[a-z-]*``)."""
    parts = text.split(":", _PARTS - 1)
    if len(parts) != _PARTS or parts[0] != "arn" or not _PARTITION.fullmatch(parts[1]):
        return None
    return Arn(*parts[1:])


def account_of(text: str) -> str:
    """The account that an ARN names, ``""`` if it is none or names none."""
    arn = parse_arn(text)
    return arn.account_id if arn is not None and ACCOUNT_ID.fullmatch(arn.account_id) else ""


def log_group_of(text: str) -> tuple[str, str, str, str] | None:
    """Partition, account, region and name of a log group ARN, with or without the trailing ``:*`` (rule T4)."""
    arn = parse_arn(text)
    if arn is None or arn.service != "logs" or not arn.resource.startswith("log-group:"):
        return None
    name = arn.resource.removeprefix("log-group:").removesuffix(":*")
    if not name or ":" in name or not ACCOUNT_ID.fullmatch(arn.account_id) or not arn.region:
        return None
    return arn.partition, arn.account_id, arn.region, name


def partition_of(region: str) -> str:
    """The partition a region belongs to (rule T4: ``aws``, ``aws-cn``, ``aws-us-gov`` and the isolated ones)."""
    for prefix, partition in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc")):
        if region.startswith(prefix):
            return partition
    if "-iso" in region:
        return f"aws-{region.split('-')[1]}"
    return "aws"
