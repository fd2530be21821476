"""Regions on by default, held against the partitions of botocore (a dependency of the tests only)."""

from __future__ import annotations

import json

import botocore.loaders
import pytest

from auditor.arn import REGION
from auditor.catalogue import default_regions


@pytest.mark.parametrize(("partition", "number"), [("aws", 17), ("aws-cn", 2), ("aws-us-gov", 2)])
def test_the_default_regions_belong_to_their_partition(partition: str, number: int) -> None:
    regions = default_regions(partition)
    endpoints = botocore.loaders.create_loader().load_data("endpoints")
    known = next(each["regions"] for each in endpoints["partitions"] if each["partition"] == partition)
    assert len(regions) == number
    assert list(regions) == sorted(set(regions))
    assert set(regions) <= set(known)
    assert all(REGION.fullmatch(region) for region in regions)


def test_opt_in_regions_are_not_among_them() -> None:
    # AWS Account Management guide: to be enabled before use
    assert not {"af-south-1", "ap-east-1", "eu-south-1", "me-south-1", "il-central-1"} & set(default_regions("aws"))


def test_a_partition_without_public_defaults_has_none() -> None:
    assert default_regions("aws-iso") == ()


def test_the_table_says_where_it_is_from() -> None:
    from auditor.resources import PACKAGE

    document = json.loads((PACKAGE / "catalogue" / "regions.json").read_text(encoding="utf-8"))
    assert "https://docs.aws.amazon.com/accounts/" in document["source"]
