"""The block of commands in the letter, pasted into a shell: files and record as an auditor wants them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from auditor.api import audit
from auditor.resources import validator
from auditor.result import AuditResult
from auditor.workpaper.capture_block import PREPARATION, capture_block
from auditor.workpaper.completeness import tests as completeness
from auditor.workpaper.view import view
from tests.textbook import ACCOUNT, REGION, Files, textbook, write

OTHER_TOPIC = f"arn:aws:sns:{REGION}:444455556666:theirs"

# Answers from files named after the call, region and resource; refuses what there is none of.
AWS = f"""#!/bin/sh
case $1 in
  --version) echo 'aws-cli/2.31.0 Python/3.13.7 Linux/6.1'; exit;;
  sts) case "$*" in *--query*) echo "arn:aws:sts::${{AS:-{ACCOUNT}}}:assumed-role/Audit/me";;
       *) echo '{{"UserId": "A", "Account": "{ACCOUNT}", "Arn": "arn:aws:sts::{ACCOUNT}:assumed-role/Audit/me"}}';; esac
       exit;;
esac
region= name=
for word; do
  case $before in --region) region=$word;; --topic-arn|--name|--trail-name) name=/${{word##*[:/]}};; esac
  before=$word
done
file=$WORLD/{ACCOUNT}/$region/$1-$2$name.json
if [ -e "$file" ]; then cat "$file"; else
  echo "An error occurred (AccessDeniedException) when calling the Any operation: no \\"$2\\" today" >&2; exit 254
fi
"""

BASH = [shell for shell in ("bash", "dash", "zsh") if shutil.which(shell)]


def paste(folder: Path, world: Files, text: str, shell: str = "bash", account: str = ACCOUNT) -> str:
    """What a block prints on standard error; it leaves its files in ``folder / "sent"``."""
    write(world, folder / "world")
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin" / "aws").write_text(AWS, encoding="utf-8")
    (folder / "bin" / "aws").chmod(0o755)
    (folder / "sent").mkdir(exist_ok=True)
    done = subprocess.run(
        [shutil.which(shell) or shell],
        input=f"{PREPARATION}\n{text}\n", text=True, capture_output=True, check=False, cwd=folder / "sent",
        env={"PATH": f"{folder / 'bin'}:/usr/bin:/bin", "WORLD": str(folder / "world"), "AS": account},
    )  # fmt: skip
    return done.stderr


def judged(bundle: Path) -> AuditResult:
    """Judged for one region, which keeps the blocks short."""
    scope = bundle.parent / "scope.csv"
    scope.write_text(f"account_id,regions\n{ACCOUNT},{REGION}\n", encoding="utf-8")
    return audit(bundle, controls=["ssm-actions"], frameworks=["iso27001-2022"], scope=scope)


def asked(folder: Path, files: Files) -> str:
    """The block that an audit of some files leads to."""
    document = judged(write(files, folder / "bundle")).document
    (one,) = document["request_sets"]
    return capture_block(one["number"], one["account_id"], document["requests"])


@pytest.mark.parametrize("shell", BASH)
def test_one_paste_settles_an_account_of_which_nothing_was_captured(tmp_path: Path, shell: str) -> None:
    nothing: Files = {f"{ACCOUNT}/{REGION}/notes.txt": "nothing yet"}
    said = paste(tmp_path, textbook(), asked(tmp_path, nothing), shell)
    assert "AccessDenied" in said  # what there is none of is refused, and told
    result = judged(tmp_path / "sent")
    (finding,) = result.document["findings"]
    assert (finding["verdict"], result.document["requests"]) == ("PASS", [])
    sent = {path.name for path in (tmp_path / "sent" / ACCOUNT / REGION).iterdir()}
    assert {"cloudtrail-describe-trails.json", "sns-list-topics.err"} <= sent
    assert "sns-list-topics.json" not in sent
    assert (tmp_path / "sent" / ACCOUNT / REGION / "sns-list-subscriptions-by-topic" / "alerts.json").exists()
    assert not [
        one for one in result.document["problems"] if one["code"] in ("capture-record", "recorded-file-missing")
    ]


def test_answers_as_asked_pass_the_tests_of_completeness(tmp_path: Path) -> None:
    nothing: Files = {f"{ACCOUNT}/{REGION}/notes.txt": "nothing yet"}
    paste(tmp_path, textbook(), asked(tmp_path, nothing))
    for record in (tmp_path / "sent").rglob("captures*.json"):
        validator("captures").validate(json.loads(record.read_text(encoding="utf-8")))
    result = judged(tmp_path / "sent")
    seen = view(result, "iso27001-2022")
    told = {test.test: test.difference for test in completeness(seen)}
    for test in ("Who ran the call is recorded", "The arguments of the call are recorded",
                 "The time of the capture is recorded", "Account and region of the capture are known"):  # fmt: skip
        assert told[test] == 0, test
    assert not result.document["findings"][0]["assumptions"]


def test_it_stops_where_somebody_is_signed_in_elsewhere(tmp_path: Path) -> None:
    nothing: Files = {f"{ACCOUNT}/{REGION}/notes.txt": "nothing yet"}
    said = paste(tmp_path, textbook(), asked(tmp_path, nothing), account="999999999999")
    assert f"Sign in to account {ACCOUNT} first" in said
    assert not list((tmp_path / "sent").iterdir())


def test_a_topic_of_another_account_is_told_and_not_asked(tmp_path: Path) -> None:
    world = textbook()
    world[f"{ACCOUNT}/{REGION}/cloudwatch-describe-alarms.json"]["MetricAlarms"][0]["AlarmActions"] = [OTHER_TOPIC]
    given = {path: content for path, content in world.items() if "alarms" not in path}
    said = paste(tmp_path, world, asked(tmp_path, given))
    assert f"Its subscriptions must come from its own account: {OTHER_TOPIC}" in said
    assert not list((tmp_path / "sent").rglob("theirs.*"))


def test_an_answer_replaces_what_could_not_be_used(tmp_path: Path) -> None:
    """The old record speaks of the old bytes: it is no second opinion on the new ones."""
    alarms = f"{ACCOUNT}/{REGION}/cloudwatch-describe-alarms.json"
    entry = {"file": alarms, "call": "cloudwatch:DescribeAlarms", "account_id": ACCOUNT, "region": REGION,
             "arguments": ["--alarm-names", "x"], "ended_at": "2026-09-01T10:00:00Z", "sha256": "0" * 64}  # fmt: skip
    files = textbook() | {alarms: "[table]", "captures.json": {"captures": [entry]}}
    block = asked(tmp_path, files)
    write(files, tmp_path / "sent")
    paste(tmp_path, textbook(), block)
    document = judged(tmp_path / "sent").document
    assert document["findings"][0]["verdict"] == "PASS"
    assert document["requests"] == []
