"""`auditor seal`: a sealed copy of a bundle."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli import options
from auditor.cli.destination import check_destination
from auditor.cli.output import note, write_json, write_text
from auditor.text import count, one_line


@click.command("seal", short_help="Write a sealed copy of a bundle.")
@options.one_bundle
@click.option(
    "--out",
    type=options.FILE,
    metavar="FILE.zip|DIR",
    help="Where the copy goes; ./BUNDLE-sealed.zip without it (a folder if the bundle is one that holds archives).",
)
@click.option("--key", type=options.FILE, metavar="FILE", help="Sign with this private key (`auditor keygen`).")
@options.as_json
@click.pass_context
def command(ctx: click.Context, bundle: Path, out: Path | None, key: Path | None, as_json: bool) -> None:
    """Write a sealed copy of a bundle: a BagIt 1.0 bag (RFC 8493) by which `auditor verify` shows later that no file
    was altered, lost or added. The bundle stays as it is.

    Exit code 1 if the bundle holds links, pipes or devices, which are not copied.

    \b
    Examples:
      auditor seal captures
      auditor seal prod.zip --out sealed/prod.zip --key firm.key
    """
    from auditor.seal import default_out, seal

    target = out or default_out(bundle)
    check_destination(target.parent, [bundle])
    sealed = seal(bundle, target, key)
    for problem in sealed.left_out:
        note(f"warning: {problem.line()}")
    if as_json:
        write_json(
            {
                "path": str(sealed.path),
                "files": sealed.files,
                "bytes": sealed.bytes,
                "left_out": [problem.file for problem in sealed.left_out],
                "key_fingerprint": sealed.fingerprint or None,
            }
        )
    else:
        signed = f" Signed; fingerprint of the key: {sealed.fingerprint}." if sealed.fingerprint else ""
        written = f"{one_line(str(sealed.path))}: {count(sealed.files, 'file')} of {sealed.bytes:,} bytes"
        write_text(f"{written}, sealed and verified.{signed}")
    ctx.exit(1 if sealed.left_out else 0)
