"""Amazon Resource Names (T4): parts by position."""

from __future__ import annotations

from typing import NamedTuple


class Arn(NamedTuple):
    """Parts of an ARN; ``name`` is the rest behind the account."""

    partition: str
    service: str
    region: str
    account: str
    name: str


def split(text: str) -> Arn | None:
    """The parts of ``text``, or None where it is no ARN."""
    parts = text.split(":", 5)
    return Arn(*parts[1:6]) if len(parts) == 6 and parts[0] == "arn" else None


def log_group(text: str) -> tuple[str, str, str] | None:
    """Account, region and name of a log group ARN, with or without the ending ``:*`` (T4)."""
    arn = split(text)
    if arn is None:
        return None
    return arn.account, arn.region, arn.name.removeprefix("log-group:").removesuffix(":*")


def partition_of(region: str) -> str:
    """The partition that ``region`` belongs to."""
    if "-iso" in region:
        return "aws-" + region.split("-")[1]
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
