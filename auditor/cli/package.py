"""`auditor package`: reports and evidence in one sealed archive."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli import options
from auditor.cli.destination import check_destination
from auditor.cli.output import note, write_json, write_text
from auditor.cli.redaction import key_path, redact_options
from auditor.errors import AuditorError
from auditor.text import count, one_line, path_name


@click.command("package", short_help="Pack reports and evidence into one sealed archive.")
@click.argument("reports", type=options.FILE, metavar="REPORT-DIR")
@click.option(
    "--bundle",
    "bundles",
    type=options.FILE,
    multiple=True,
    required=True,
    metavar="BUNDLE",
    help="The bundle that the reports were made from (repeatable, if it was several).",
)
@click.option("--out", type=options.FILE, metavar="FILE.zip", help="The archive; ./REPORT-DIR-package.zip without it.")
@click.option("--without-evidence", is_flag=True, help="Pack the digests of the evidence in the place of its files.")
@redact_options
@options.files_dirs
@click.option("--key", type=options.FILE, metavar="FILE", help="Sign with this private key (`auditor keygen`).")
@options.as_json
def command(
    reports: Path,
    bundles: tuple[Path, ...],
    out: Path | None,
    without_evidence: bool,
    redact: bool,
    redaction_key: Path | None,
    files: tuple[Path, ...],
    key: Path | None,
    as_json: bool,
) -> None:
    """Pack reports and the evidence that they follow from into one sealed archive, with a cover letter.

    First it is checked that the reports are as the audit wrote them, and that their result was made from the bundle.
    --redact leaves the evidence out, since it names the subscribers.

    \b
    Examples:
      auditor package report --bundle captures
      auditor package report --bundle prod.zip --redact --key firm.key
    """
    from auditor.cli.verify import folders_of
    from auditor.custody import is_report_folder, pack
    from auditor.redaction import RedactionKey

    if not is_report_folder(reports):
        raise AuditorError(
            "is no folder of reports.", file=str(reports), remedy="Give what `auditor audit --out` wrote."
        )
    target = out or Path(f"{path_name(reports)}-package.zip")
    if target.suffix.lower() != ".zip":
        raise AuditorError("is no name of a zip.", file=str(target), remedy="Give --out FILE.zip.")
    check_destination(target.parent, [*bundles, reports])
    path = key_path(target, redaction_key, [*bundles, reports]) if redact else None
    redaction = None if path is None else RedactionKey.at(path)
    packed = pack(
        reports,
        bundles,
        target,
        evidence=not without_evidence,
        redaction=redaction,
        folders=folders_of(reports, bundles, files),
        key=key,
    )
    if redaction is not None and path is not None:
        redaction.save(path)
        note(f"Redacted; the key is {one_line(str(path))}. Keep it, and do not send it.")
    for words in packed.left_out:
        note(f"warning: left out: {words}.")
    if as_json:
        write_json(
            {
                "path": str(packed.path),
                "sha256": packed.sha256,
                "files": packed.files,
                "bytes": packed.bytes,
                "left_out": list(packed.left_out),
                "key_fingerprint": packed.fingerprint or None,
            }
        )
    else:
        write_text(f"{one_line(str(packed.path))}: {count(packed.files, 'file')} of {packed.bytes:,} bytes, sealed.")
        write_text(f"SHA-256: {packed.sha256}")
        if packed.fingerprint:
            write_text(f"Signed; fingerprint of the key: {packed.fingerprint}.")
