"""The real AWS CLI against the local emulator, one process per call, free of the user's own settings."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.emulator.account import Organization

MANAGEMENT_ID = "123456789012"  # moto's own account, to which the keys it takes belong
ROLE_NAME = "Audit"
ROLE_SESSION = "auditor-20260928"
_READY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call of the CLI left: bytes on standard output, text on standard error, exit code."""

    stdout: bytes
    stderr: str
    exit_code: int


@dataclass(slots=True)
class AwsCli:
    """The AWS CLI with the emulator as its endpoint. ``account`` chooses by assuming a role, as collectors do."""

    endpoint: str
    _keys: dict[str, dict[str, str]] = field(default_factory=dict)

    def run(self, arguments: Sequence[str], account: str = MANAGEMENT_ID, region: str = "us-east-1") -> Answer:
        """The answer to ``aws ARGUMENTS`` in an account and region; a refusal is an answer too."""
        return self._call(arguments, region, self._credentials(account))

    def set_up(self, arguments: Sequence[str], account: str = MANAGEMENT_ID, region: str = "us-east-1") -> str:
        """The text that ``aws ARGUMENTS`` prints. Raises ``RuntimeError`` if the call is refused."""
        answer = self.run(arguments, account, region)
        if answer.exit_code:
            raise RuntimeError(f"aws {' '.join(arguments)} ({account}, {region}): {answer.stderr.strip()}")
        return answer.stdout.decode()

    def set_up_all(self, calls: Iterable[Sequence[str]], account: str, region: str) -> None:
        """As ``set_up`` for each call in turn, in one process of the CLI. Raises ``RuntimeError`` if one is refused."""
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("aws_calls.py"))],
            env=self.environment(account, region),
            input=json.dumps([[*words, "--output", "json"] for words in calls]),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{done.stderr.strip()} ({account}, {region})")

    def environment(self, account: str = MANAGEMENT_ID, region: str = "us-east-1") -> dict[str, str]:
        """Environment for a script that runs ``aws`` itself, in an account and region."""
        return _environment(self.endpoint, region, self._credentials(account))

    def _credentials(self, account: str) -> dict[str, str]:
        if account not in self._keys:
            role = f"arn:aws:iam::{account}:role/{ROLE_NAME}"
            command = ["sts", "assume-role", "--role-arn", role, "--role-session-name", ROLE_SESSION]
            own = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
            answer = self._call(command, "us-east-1", own)
            keys = json.loads(answer.stdout)["Credentials"]
            self._keys[account] = {
                "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
                "AWS_SESSION_TOKEN": keys["SessionToken"],
            }
        return self._keys[account]

    def _call(self, arguments: Sequence[str], region: str, keys: dict[str, str]) -> Answer:
        done = subprocess.run(
            [aws_program(), *arguments, "--output", "json"],
            env=_environment(self.endpoint, region, keys),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return Answer(done.stdout, done.stderr.decode(), done.returncode)


def aws_program() -> str:
    """Path of the AWS CLI, the one beside this interpreter first. Raises ``FileNotFoundError``."""
    found = shutil.which("aws", path=str(Path(sys.executable).parent)) or shutil.which("aws")
    if found is None:
        raise FileNotFoundError("the AWS CLI (aws) is not installed")
    return found


def cli_version() -> str:
    """The first line of ``aws --version`` as far as it names the CLI and not the machine it runs on."""
    line = subprocess.run([aws_program(), "--version"], capture_output=True, text=True, check=True).stdout
    return " ".join(part for part in line.split() if part.startswith(("aws-cli/", "botocore/")))


@contextmanager
def emulator(*organizations: Organization) -> Iterator[AwsCli]:
    """The CLI of a fresh emulator that ends with the block and knows the ids of ``organizations`` beforehand."""
    command = [sys.executable, str(Path(__file__).with_name("emulator.py"))]
    for organization in organizations:
        management = organization.management
        email = f"aws+{management.name}@{organization.domain}"
        command += ["--organization", management.account_id, organization.organization_id, email]
        for account in organization.accounts:
            command += ["--account", account.name, account.account_id]
    server = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        endpoint = server.stdout.readline().strip()
        if not endpoint:
            raise RuntimeError("the emulator did not start; run tests/emulator/emulator.py to see why")
        yield AwsCli(endpoint)
    finally:
        server.stdin.close()
        try:
            server.wait(timeout=_READY_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
        server.stdout.close()


def _environment(endpoint: str, region: str, keys: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_PAGER": "",
        "AWS_EC2_METADATA_DISABLED": "true",
        **keys,
    }
