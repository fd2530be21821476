"""Makes ``samples/`` anew: ``python -m tests.emulator.make_samples [--out FOLDER]``.

The AWS CLI sets up the sample organisation in a local emulator and captures it; nothing leaves the machine.
Two runs give the same files. ``samples/expected.json`` and ``samples/README.md`` are written by hand.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from tests.emulator.build import build, create_organisation
from tests.emulator.cli import cli_version, emulator
from tests.emulator.collect import Collection, collect_account
from tests.emulator.edits import QUARTERLY
from tests.emulator.input_forms import make_cloudmapper, make_loose, make_mailed
from tests.emulator.organisation import ACCOUNTS, DOMAIN, MANAGEMENT_NAME, Account

SAMPLES = Path(__file__).parents[2] / "samples"
IDS = {account.name: account.account_id for account in ACCOUNTS}


def make_quarterly(folder: Path, accounts: tuple[Account, ...] = ACCOUNTS) -> None:
    """Build ``accounts`` of the sample organisation and capture them into ``folder``."""
    with emulator(MANAGEMENT_NAME, DOMAIN, IDS) as aws:
        create_organisation(aws)
        collection = Collection(aws, folder, cli_version(), QUARTERLY)
        for account in accounts:
            if account.captured:
                print(f"{account.account_id} {account.name}")
                build(aws, account)
                collect_account(collection, account)
        collection.write_record()


def main() -> None:
    """Replace the samples below ``--out``."""
    options = argparse.ArgumentParser(description="Makes the sample bundles with the AWS CLI and a local emulator.")
    options.add_argument("--out", type=Path, default=SAMPLES, help="folder of the samples")
    out = options.parse_args().out
    for name in ("quarterly", "loose", "cloudmapper", "mailed"):
        if (out / name).exists():
            shutil.rmtree(out / name)
    make_quarterly(out / "quarterly")
    make_loose(out / "quarterly", out / "loose")
    make_cloudmapper(out / "quarterly", out / "cloudmapper")
    make_mailed(out / "quarterly", out / "mailed")


if __name__ == "__main__":
    main()
