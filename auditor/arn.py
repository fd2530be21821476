"""How AWS names what is whose and where: ARNs split once, account ids and region names recognised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

ACCOUNT_DIGITS = "[0-9]{12}"
# As the console shows them, and with blanks or dots
PARTED_ACCOUNT_DIGITS = r"(?:[0-9]{4}-[0-9]{4}-[0-9]{4}|[0-9]{4} [0-9]{4} [0-9]{4}|[0-9]{4}\.[0-9]{4}\.[0-9]{4})"
ACCOUNT_WRITTEN = f"(?:{ACCOUNT_DIGITS}|{PARTED_ACCOUNT_DIGITS})"
# us-east-1, us-gov-west-1, cn-north-1, ap-southeast-7, us-isob-east-1, eusc-de-east-1, mx-central-1
REGION_NAME = "[a-z]{2,4}(?:-[a-z]+){1,3}-[0-9]{1,2}"

ACCOUNT_ID = re.compile(ACCOUNT_DIGITS)
ACCOUNT_ID_IN_TEXT = re.compile(f"(?<![0-9]){ACCOUNT_DIGITS}(?![0-9])")
ACCOUNT_ID_TOKEN = re.compile(f"(?<![0-9A-Za-z]){ACCOUNT_DIGITS}(?![0-9A-Za-z])")
"""An account id as a word of a file's or folder's name."""
ACCOUNT_WRITTEN_IN_TEXT = re.compile(f"(?<![0-9]){ACCOUNT_WRITTEN}(?![0-9])")
REGION = re.compile(REGION_NAME)
REGION_IN_TEXT = re.compile(f"(?<![a-z0-9-]){REGION_NAME}(?![a-z0-9-])")
REGION_TOKEN = re.compile(
    r"(?<![0-9A-Za-z])"
    r"(?:af|ap|ca|cn|eu|eusc|il|me|mx|sa|us)(?:-(?:gov|iso[a-z]?|de))?"
    r"-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-[0-9]{1,2}"
    r"(?![0-9A-Za-z])"
)
"""A region as a word of a name, in which other words may stand before and behind it, by hyphens too."""
_PARTED = re.compile(PARTED_ACCOUNT_DIGITS)
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


def account_named(name: str) -> str:
    """The account that a name is, twelve digits or ``1111-2222-3333`` as the console shows them, with blanks or dots
    instead, too; ``""`` if none."""
    digits = re.sub("[^0-9]", "", name) if _PARTED.fullmatch(name) else name
    return digits if ACCOUNT_ID.fullmatch(digits) else ""


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
