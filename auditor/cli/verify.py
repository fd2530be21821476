"""`auditor verify`: whether a sealed bundle, or reports, are as they were, and whether reports follow from a bundle."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from auditor.cli import options
from auditor.cli.redaction import redaction_key as redaction_key_option
from auditor.errors import AuditorError


@click.command("verify", short_help="Check a sealed bundle, or reports, against their digests.")
@click.argument("path", type=options.FILE, metavar="BUNDLE|REPORT-DIR")
@click.option(
    "--public-key", type=options.FILE, metavar="FILE", help="Check the signature, too: it must be there and fit."
)
@click.option(
    "--bundle",
    "bundles",
    type=options.FILE,
    multiple=True,
    metavar="BUNDLE",
    help="Audit this bundle again as REPORT-DIR says, and compare every file (repeatable, if it was several).",
)
@options.files_dirs
@redaction_key_option
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    path: Path,
    public_key: Path | None,
    bundles: tuple[Path, ...],
    files: tuple[Path, ...],
    redaction_key: Path | None,
    as_json: bool,
) -> None:
    """Check that a sealed bundle is as it was sealed: every altered, missing or added file is named. Bags (BagIt) of
    other tools are read, too, in folders and archives, also several in one folder.

    Of a folder of reports the digests are checked; with --bundle the audit is made again with the recorded options, and
    it is said whether every file comes out byte for byte.

    \b
    Examples:
      auditor verify prod-sealed.zip --public-key firm.key.pub
      auditor verify report
      auditor verify report --bundle captures
    """
    from auditor.custody import is_report_folder

    if is_report_folder(path):
        if public_key is not None:
            raise AuditorError(
                "is a folder of reports, which has no signature.",
                file=str(path),
                remedy="`auditor package --key` signs reports; verify the package.",
            )
        from auditor.cli.reported import write_reports_verified

        folders = folders_of(path, bundles, files)
        ctx.exit(0 if write_reports_verified(path, bundles, folders, redaction_key, as_json) else 1)
    if bundles:
        raise AuditorError(
            "is no folder of reports, so that --bundle has nothing to be compared with.",
            file=str(path),
            remedy="Give the folder that `auditor audit --out` wrote.",
        )
    from auditor.cli.sealed import write_verified

    ctx.exit(0 if write_verified(path, public_key, as_json) else 1)


def folders_of(reports: Path, bundles: Iterable[Path], named: Iterable[Path]) -> list[Path]:
    """Where files that an audit was given may lie: where it is said, here, and beside reports and bundle."""
    return list(dict.fromkeys([*named, Path(), reports.parent, *(bundle.parent for bundle in bundles)]))
