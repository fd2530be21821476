"""Makes ``samples/`` anew: ``python -m tests.emulator.make_samples [--out FOLDER]``.

The AWS CLI sets up the sample organisations in a local emulator and captures them; nothing leaves the machine.
Two runs give the same files. ``expected.json``, ``README.md`` and the scope file are written by hand.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from tests.emulator.account import Account, Organization
from tests.emulator.build import build, create_organization
from tests.emulator.cli import cli_version, emulator
from tests.emulator.collect import Collection, Edit, collect_account
from tests.emulator.edits import QUARTERLY
from tests.emulator.input_forms import make_cloudmapper, make_loose, make_mailed
from tests.emulator.next_quarter import make_next_quarter
from tests.emulator.organizations import ACCOUNTS, ORGANIZATIONS
from tests.emulator.quarterly import MERIDIAN

SAMPLES = Path(__file__).parents[2] / "samples"


def make_bundle(
    folder: Path, organizations: tuple[Organization, ...], accounts: tuple[Account, ...], edits: dict[str, Edit]
) -> None:
    """Build ``accounts``, those first that others use, and capture them into ``folder`` in their order."""
    with emulator(*organizations) as aws:
        for organization in organizations:
            create_organization(aws, organization)
        for account in sorted(accounts, key=lambda account: account.archive is None):
            build(aws, account)
        managements = [organization.management for organization in organizations]
        collection = Collection(aws, folder, cli_version(), edits)
        for account in accounts:
            if account.regions:
                print(f"{account.account_id} {account.name}", flush=True)
                collect_account(collection, account, management=account in managements)
        collection.write_record()


def main() -> None:
    """Replace the samples below ``--out``."""
    options = argparse.ArgumentParser(description="Makes the sample bundles with the AWS CLI and a local emulator.")
    options.add_argument("--out", type=Path, default=SAMPLES, help="folder of the samples")
    out = options.parse_args().out
    for name in ("quarterly", "loose", "cloudmapper", "mailed", "organization"):
        if (out / name).exists():
            shutil.rmtree(out / name)
    make_bundle(out / "quarterly", (MERIDIAN,), MERIDIAN.accounts, QUARTERLY)
    make_loose(out / "quarterly", out / "loose")
    make_cloudmapper(out / "quarterly", out / "cloudmapper")
    make_mailed(out / "quarterly", out / "mailed")
    make_next_quarter(out / "quarterly", out / "quarterly-next.zip")
    make_bundle(out / "organization", ORGANIZATIONS, ACCOUNTS, {})


if __name__ == "__main__":
    main()
