"""`auditor verify`: whether a sealed bundle is as it was sealed."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli import options
from auditor.cli.sealed import write_verified


@click.command("verify", short_help="Check that a sealed bundle is as it was sealed.")
@click.argument("path", type=options.FILE, metavar="BUNDLE")
@click.option(
    "--public-key", type=options.FILE, metavar="FILE", help="Check the signature, too: it must be there and fit."
)
@options.as_json
@click.pass_context
def command(ctx: click.Context, path: Path, public_key: Path | None, as_json: bool) -> None:
    """Check that a sealed bundle is as it was sealed: every altered, missing or added file is named.

    Bags (BagIt) of other tools are read, too, in folders and archives, also several in one folder.

    \b
    Examples:
      auditor verify prod-sealed.zip
      auditor verify prod-sealed.zip --public-key firm.key.pub
    """
    ctx.exit(0 if write_verified(path, public_key, as_json) else 1)
