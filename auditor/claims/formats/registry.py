"""Every format that is read. The first whose signs are there reads; the plain table comes last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from auditor.claims.formats import (
    asff,
    aws_config,
    cloudbeat,
    cloudguard,
    generic,
    powerpipe,
    powerpipe_nunit,
    prowler_records,
    prowler_tables,
    scoutsuite,
    security_hub_exports,
)
from auditor.claims.formats.form import JsonFormat, TableFormat, TextFormat

TABLES: Final[tuple[TableFormat, ...]] = (
    *prowler_tables.FORMATS,
    *security_hub_exports.FORMATS,
    *powerpipe.FORMATS,
    *generic.FORMATS,
)

TEXTS: Final[tuple[TextFormat, ...]] = (scoutsuite.FORMAT, powerpipe_nunit.FORMAT)

RECORDS: Final[tuple[Callable[[], JsonFormat], ...]] = (
    prowler_records.ProwlerRecords,
    cloudbeat.Cloudbeat,
    cloudguard.CloudGuard,
    aws_config.AwsConfig,
    powerpipe.Powerpipe,
    asff.Asff,
    security_hub_exports.SecurityHubV2,
)
