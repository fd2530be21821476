"""Makes ``samples/claims``: Prowler, ScoutSuite and cloud-custodian run over the accounts of ``samples/quarterly``.

``python -m tests.emulator.make_claims --prowler PROGRAM --scout PROGRAM --custodian PROGRAM``; each is installed from
the package index into an environment of its own, since their requirements contradict ours. The tools ask the same
emulator from which the captures come. What depends on the hour or the machine (times, run ids, temporary paths) is
replaced afterwards by that of the captures; nothing else is.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.emulator.account import Account
from tests.emulator.build import build, create_organization
from tests.emulator.cli import AwsCli, emulator
from tests.emulator.quarterly import MERIDIAN, REGIONS

OUT = Path(__file__).parents[2] / "samples" / "claims"
CONTROLS = Path(__file__).parents[2] / "auditor" / "claims" / "rule_ids.json"
NOON = "2026-09-28T09:30:00"
SECONDS = 1790587800  # the same
_MUTELIST = """Mutelist:
  Accounts:
    "700080009000":
      Checks:
        "cloudwatch_changes_to_vpcs_alarm_configured":
          Regions: ["*"]
          Resources: ["*"]
          Description: "sandbox, accepted by the platform team"
"""
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?")


def prowler(program: str, aws: AwsCli, account: Account, work: Path) -> str:
    """The CSV of one account: the fifteen checks of the family."""
    ids = json.loads(CONTROLS.read_text("utf-8"))["controls"].values()
    checks = [one["prowler"] for one in ids if "prowler" in one]
    mutelist = work / "mutelist.yaml"
    mutelist.write_text(_MUTELIST, "utf-8")
    words = [
        program, "aws", "-c", *checks, "-f", *REGIONS, "-M", "csv", "-o", str(work), "-F", account.account_id, "-b",
        "-z", "--mutelist-file", str(mutelist),
    ]  # fmt: skip
    subprocess.run(words, env=aws.environment(account.account_id), cwd=work, capture_output=True, check=False)
    return _TIME.sub(NOON.replace("T", " "), (work / f"{account.account_id}.csv").read_text("utf-8"))


def scout(program: str, aws: AwsCli, account: Account, work: Path) -> str:
    """The results of one account under the rules of CIS 1.2.0, which alone hold the family."""
    words = [
        program, "aws", "--services", "cloudwatch", "-r", *REGIONS, "--ruleset", "cis-1.2.0.json", "--no-browser",
        "--report-dir", str(work / "scout"), "--report-name", account.account_id, "-f",
    ]  # fmt: skip
    subprocess.run(words, env=aws.environment(account.account_id), cwd=work, capture_output=True, check=False)
    path = next((work / "scout").rglob(f"scoutsuite_results*{account.account_id}*.js"))
    head, body = path.read_text("utf-8").split("\n", 1)
    results = json.loads(body)
    kept = ("account_id", "partition", "provider_code", "provider_name", "last_run")
    results = {name: results[name] for name in kept} | {"services": {"cloudwatch": results["services"]["cloudwatch"]}}
    results["last_run"]["time"] = f"{NOON.replace('T', ' ')}+0000"
    results["last_run"].pop("run_parameters", None)
    return f"{head}\n{json.dumps(results)}\n"


def policies() -> str:
    """One policy for each text that CIS 1.2.0 prescribes."""
    found = []
    for path in sorted((CONTROLS.parents[1] / "catalogue" / "controls").glob("*.json")):
        control = json.loads(path.read_text("utf-8"))
        variants = control["variants"]
        if any(name.startswith("CIS 1.2.0") for name in control["aliases"].get("CIS AWS Foundations", ())):
            pattern = variants.get("cis-1.2.0", variants["default"])["patterns"][0]["pattern"]
            check = {"type": "check-cloudtrail", "multi-region": True, "running": True}
            # custodian formats every text of a policy, so that braces are doubled
            check["log-metric-filter-pattern"] = pattern.replace("{", "{{").replace("}", "}}")
            found.append({"name": f"cis-{control['id']}", "resource": "account", "filters": [check]})
    return json.dumps({"policies": found})


def custodian(program: str, aws: AwsCli, account: Account, work: Path) -> Iterator[tuple[str, str]]:
    """Path and text of the two files of each policy's run."""
    (work / "policies.json").write_text(policies(), "utf-8")
    out = work / "custodian" / account.name
    words = [program, "run", "-s", str(out), "--region", account.home, "--cache-period", "0", "policies.json"]
    subprocess.run(
        words, env=aws.environment(account.account_id, account.home), cwd=work, capture_output=True, check=False
    )
    for path in sorted(out.rglob("*.json")):
        text = path.read_text("utf-8")
        if path.name == "metadata.json":
            metadata = json.loads(text)
            execution = {"id": "x", "start": float(SECONDS), "end_time": float(SECONDS), "duration": 0.0}
            wanted = ("region", "account_id")
            config = {name: metadata["config"][name] for name in wanted}
            text = json.dumps(
                {"policy": metadata["policy"], "version": metadata["version"], "execution": execution, "config": config}
            )
        else:
            text = json.dumps([{"account_id": one["account_id"]} for one in json.loads(text)])
        name = path.relative_to(work / "custodian").as_posix()
        yield name, text


def main() -> None:
    """Run the tools over every captured account and pack what they say."""
    options = argparse.ArgumentParser(description="Makes the sample claims by running scanners on the local emulator.")
    for tool in ("prowler", "scout", "custodian"):
        options.add_argument(f"--{tool}", required=True, help=f"the program of {tool}")
    options.add_argument("--out", type=Path, default=OUT, help="folder of the claims")
    given = options.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    tables: list[str] = []
    members: dict[str, dict[str, str]] = {"scoutsuite.zip": {}, "custodian.zip": {}}
    with emulator(MERIDIAN) as aws, tempfile.TemporaryDirectory() as name:
        work = Path(name)
        create_organization(aws, MERIDIAN)
        for account in MERIDIAN.accounts:
            build(aws, account)
        for account in MERIDIAN.accounts:
            if account.regions:
                print(account.account_id, account.name, flush=True)
                tables.append(prowler(given.prowler, aws, account, work))
                report = f"scoutsuite_results_aws-{account.account_id}.js"
                members["scoutsuite.zip"][report] = scout(given.scout, aws, account, work)
                members["custodian.zip"] |= dict(custodian(given.custodian, aws, account, work))
    _write_gzip(given.out / "prowler-output-meridian-20260928093000.csv.gz", "".join(tables))
    for archive, texts in members.items():
        _write_zip(given.out / archive, texts)


def _write_gzip(path: Path, text: str) -> None:
    with path.open("wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
        packed.write(text.encode())


def _write_zip(path: Path, texts: dict[str, str]) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(texts.items()):
            archive.writestr(zipfile.ZipInfo(name, (2026, 9, 28, 9, 30, 0)), text, zipfile.ZIP_DEFLATED)
    path.write_bytes(made.getvalue())


if __name__ == "__main__":
    main()
