"""`auditor keygen`: a pair of keys to sign sealed bundles with."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli import options
from auditor.cli.output import write_json, write_text
from auditor.errors import AuditorError
from auditor.text import one_line


@click.command("keygen", short_help="Write a pair of keys to sign sealed bundles with.")
@click.option(
    "--out",
    type=options.FILE,
    default=Path("auditor.key"),
    show_default=True,
    metavar="FILE",
    help="The private key; the public one is written beside it as FILE.pub.",
)
@options.as_json
def command(out: Path, as_json: bool) -> None:
    """Write a pair of Ed25519 keys: a private one, readable by you alone, and a public one for those who verify.

    Send the public key by another way than the sealed bundle, and compare its fingerprint. Needs the extra `seal`.

    \b
    Example:
      auditor keygen --out firm.key
    """
    from auditor.seal import new_keys

    if not out.name or out.is_dir():
        raise AuditorError("is a folder.", file=str(out), remedy="Give --out the name of a file.")
    public = out.with_name(f"{out.name}.pub")
    printed = new_keys(out, public)
    if as_json:
        write_json({"private_key": str(out), "public_key": str(public), "fingerprint": printed})
    else:
        write_text(f"Private key: {one_line(str(out))} (keep it to yourself)")
        write_text(f"Public key:  {one_line(str(public))}")
        write_text(f"Fingerprint: {printed}")
