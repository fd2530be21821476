"""A small account behind a false `aws`, against which the capture script runs: what it answers, and what goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.evidence.operations.registry import calls
from auditor.requests.script import complete_plan, render

ID = "111122223333"
REGION = "eu-west-1"
CALLER = f"arn:aws:iam::{ID}:user/Ada"
SECRET = "wJalrXUtnFEMI/K7MDENG"
_HERE = Path(__file__).parent


def topic(name: str, account_id: str = ID) -> str:
    """The ARN of a topic."""
    return f"arn:aws:sns:{REGION}:{account_id}:{name}"


TRAIL = f"arn:aws:cloudtrail:{REGION}:{ID}:trail/main"
KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
# What is not empty in the account, by the name of the call.
ANSWERS: dict[str, Any] = {
    "sts-get-caller-identity": {"UserId": "AIDAEXAMPLE", "Account": ID, "Arn": CALLER},
    "account-list-regions": {"Regions": [{"RegionName": REGION, "RegionOptStatus": "ENABLED_BY_DEFAULT"}]},
    "organizations-describe-organization": {
        "Organization": {"Id": "o-abcdefghij", "MasterAccountId": "999999999999"}
    },
    "cloudtrail-describe-trails": {"trailList": [{"Name": "main", "TrailARN": TRAIL, "HomeRegion": REGION}]},
    "cloudtrail-get-trail-status": {"IsLogging": True},
    "cloudtrail-get-event-selectors": {"TrailARN": TRAIL, "EventSelectors": []},
    "cloudwatch-describe-alarms": {
        "MetricAlarms": [
            {"AlarmName": 'a "quoted" \\ name', "AlarmActions": [topic("alerts"), topic("Alerts")]},
        ],
        "CompositeAlarms": [{"AlarmName": "c", "AlarmActions": [topic("alerts"), topic("theirs", "444455556666")]}],
        "LogAlarms": [],
    },
    "sns-get-topic-attributes": {"Attributes": {"KmsMasterKeyId": KEY}},
    "kms-get-key-policy": {"Policy": "{}"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FakeAccount:
    """The account's folder: answers, trouble, calls made, and a place to run in."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> FakeAccount:
        """An account that answers everything."""
        made = cls(folder)
        for name in ("answers", "trouble", "bin", "run"):
            (folder / name).mkdir()
        for call in calls().values():
            empty: dict[str, Any] = {entry.member: [] for entry in call.lists} or {"Attributes": {}}
            made.answer(call.name, ANSWERS.get(call.name, empty))
        program = folder / "bin" / "aws"
        program.write_bytes((_HERE / "fake_aws.sh").read_bytes())
        program.chmod(0o700)
        return made

    def answer(self, name: str, answer: Any) -> None:
        """What the CLI prints for a call from now on."""
        (self.folder / "answers" / name).write_text(f"{json.dumps(answer, indent=4)}\n", "utf-8")

    def refuse(self, name: str, code: str, *, times: int = 1_000, exit_code: int = 254) -> None:
        """The call is refused some times, with one of AWS's error codes; without one it breaks off."""
        said = f"\nAn error occurred ({code}) when calling the Any operation: no.\n" if code else ""
        (self.folder / "trouble" / name).write_text(f"{times}\n{exit_code}\n{said}", "utf-8")

    def environment(self) -> dict[str, str]:
        """What the script's process sees."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        path = f"{self.folder / 'bin'}{os.pathsep}{kept['PATH']}"
        return kept | {
            "PATH": path,
            "FAKE": str(self.folder),
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ACCESS_KEY_ID": "A",
        }

    def run(self, *options: str, script: str | None = None) -> subprocess.CompletedProcess[str]:
        """The script, run in the account with bash."""
        return subprocess.run(
            ["bash", "-s", "--", "--pause", "0", *options],
            input=script or render(complete_plan(), "bash"),
            env=self.environment(), cwd=self.folder / "run", capture_output=True, text=True, check=False,
        )  # fmt: skip

    @property
    def calls(self) -> list[str]:
        """The calls made so far, without region and output: ``sns list-topics``."""
        lines = (self.folder / "calls").read_text("utf-8").splitlines()
        return [line.split(" --region ")[0] for line in lines if " --output json" in line]

    @property
    def bag(self) -> Path:
        """The folder that the script leaves."""
        return self.folder / "run" / "aws-evidence"

    def record(self) -> dict[str, dict[str, Any]]:
        """The entries of the capture record by file."""
        return {entry["file"]: entry for entry in json.loads((self.bag / "captures.json").read_text())["captures"]}
