"""The real AWS CLI against the local emulator, free of the user's own settings and of what an earlier call left."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

from tests.emulator.account import Organization
from tests.emulator.aws_call import call

MANAGEMENT_ID = "123456789012"  # moto's own account, to which the keys it takes belong
ROLE_NAME = "Audit"
ROLE_SESSION = "auditor-20260928"
_SECONDS_TO_END = 60.0
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call of the CLI left: bytes on standard output, text on standard error, exit code."""

    stdout: bytes
    stderr: str
    exit_code: int


@dataclass(slots=True)
class AwsCli:
    """The AWS CLI with the emulator as its endpoint. ``account`` chooses by assuming a role, as collectors do.

    ``folder`` holds the program ``aws``, whose calls ``aws_server.py`` answers.
    """

    endpoint: str
    folder: Path
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

    def environment(self, account: str = MANAGEMENT_ID, region: str = "us-east-1") -> dict[str, str]:
        """Environment for a script that runs ``aws`` itself, in an account and region."""
        return _environment(self.endpoint, region, self._credentials(account), self.folder)

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
        environment = _environment(self.endpoint, region, keys, self.folder)
        words = [*arguments, "--output", "json"]
        with Path(os.devnull).open() as nothing, TemporaryFile() as out, TemporaryFile() as error:
            streams = [nothing.fileno(), out.fileno(), error.fileno()]
            code = call(str(self.folder / "socket"), words, environment, str(self.folder), streams)
            if isinstance(code, str):
                raise RuntimeError(code)
            out.seek(0)
            error.seek(0)
            return Answer(out.read(), error.read().decode(), code)


@cache
def cli_version() -> str:
    """The first line of ``aws --version`` as far as it names the CLI and not the machine it runs on."""
    program = [sys.executable, "-m", "awscli", "--version"]
    line = subprocess.run(program, capture_output=True, text=True, check=True).stdout
    return " ".join(part for part in line.split() if part.startswith(("aws-cli/", "botocore/")))


@contextmanager
def emulator(*organizations: Organization) -> Iterator[AwsCli]:
    """The CLI of a fresh emulator that ends with the block and knows the ids of ``organizations`` beforehand."""
    words: list[str] = []
    for organization in organizations:
        management = organization.management
        email = f"aws+{management.name}@{organization.domain}"
        words += ["--organization", management.account_id, organization.organization_id, email]
        for account in organization.accounts:
            words += ["--account", account.name, account.account_id]
    with tempfile.TemporaryDirectory() as name, _server("emulator.py", *words) as endpoint:
        folder = Path(name)
        keys = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
        with _server("aws_server.py", str(folder / "socket"), env=_environment(endpoint, "us-east-1", keys, folder)):
            program = shlex.join([sys.executable, "-I", "-S", str(_HERE / "aws_call.py"), str(folder / "socket")])
            (folder / "aws").write_text(f'#!/bin/sh\nexec {program} "$@"\n', "utf-8")
            (folder / "aws").chmod(0o700)
            yield AwsCli(endpoint, folder)


@contextmanager
def _server(program: str, *words: str, env: dict[str, str] | None = None) -> Iterator[str]:
    """The line that a server beside this module prints when it is ready; it ends with the block."""
    with subprocess.Popen(
        [sys.executable, str(_HERE / program), *words],
        env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as server:  # fmt: skip
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            ready = server.stdout.readline().strip()
            if not ready:
                raise RuntimeError(f"{program} did not start; run {_HERE / program} to see why")
            yield ready
        finally:
            server.stdin.close()
            try:
                server.wait(timeout=_SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                server.kill()


def _environment(endpoint: str, region: str, keys: dict[str, str], folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {
        "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_PAGER": "",
        "AWS_EC2_METADATA_DISABLED": "true",
        **keys,
    }
