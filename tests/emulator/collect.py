"""Captures an account as a collector does: the CLI's own bytes in the canonical layout, with a capture record."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.emulator.account import Account
from tests.emulator.cli import ROLE_NAME, ROLE_SESSION, Answer, AwsCli

Edit = Callable[[bytes], bytes]

FIRST_CALL = datetime(2026, 9, 28, 8, 0, tzinfo=UTC)  # the clock of the capture record, still in each run
LEADING = "us-east-1"  # where the events of global services are recorded
_ERROR = re.compile(r"An error occurred \((\w+)\) when calling the (\w+) operation")


@dataclass(slots=True)
class Collection:
    """A bundle being collected into ``folder``; ``edits`` change single files after their capture."""

    aws: AwsCli
    folder: Path
    cli_version: str
    edits: dict[str, Edit] = field(default_factory=dict)
    record: list[dict[str, Any]] = field(default_factory=list)
    _clock: datetime = FIRST_CALL
    _asked: set[tuple[str, ...]] = field(default_factory=set)

    def call(
        self,
        account_id: str,
        region: str,
        words: Iterable[str],
        options: Iterable[str] = (),
        resource: str = "",
    ) -> Answer:
        """Make one call and keep its answer, or its refusal as ``.err``, under the canonical name."""
        words, options = list(words), list(options)
        answer = self.aws.run([*words, *options, "--region", region], account_id, region)
        name = "-".join(words) + (f"/{re.split('[:/]', resource)[-1]}" if resource else "")
        ending, data = (".err", answer.stderr.encode()) if answer.exit_code else (".json", answer.stdout)
        path = f"{account_id}/{region}/{name}{ending}"
        data = self.edits.get(path, bytes)(data)
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        self.record.append(self._entry(path, words, [*options, "--region", region], resource, answer, data))
        return answer

    def ask_owner(self, words: Iterable[str], option: str, arn: str) -> dict[str, Any]:
        """The answer to a call about the ARN's resource in its account and region; empty if refused or asked before."""
        asked = (*words, arn)
        if asked in self._asked:
            return {}
        self._asked.add(asked)
        _, _, _, region, account_id, _ = arn.split(":", 5)
        answer = self.call(account_id, region, words, (option, arn), arn)
        found: dict[str, Any] = json.loads(answer.stdout or "{}")
        return found

    def write_record(self) -> None:
        """Write ``captures.json``, one line per capture."""
        lines = ",\n".join(json.dumps(entry) for entry in self.record)
        (self.folder / "captures.json").write_text(f'{{"captures": [\n{lines}\n]}}\n', "utf-8", newline="\n")

    def _entry(
        self, path: str, words: list[str], options: list[str], resource: str, answer: Answer, data: bytes
    ) -> dict[str, Any]:
        account_id, region, _ = path.split("/", 2)
        refused = _ERROR.search(answer.stderr)
        started, self._clock = self._clock, self._clock + timedelta(seconds=2)
        operation = "".join(part.capitalize() for part in words[1].split("-"))
        topic = "topic" in words[1]
        return {
            "file": path,
            "call": f"{words[0]}:{operation}",
            "arguments": options,
            "account_id": account_id,
            "region": region,
            "topic_arn": resource if topic else "",
            "resource": "" if topic else resource,
            "caller_arn": f"arn:aws:sts::{account_id}:assumed-role/{ROLE_NAME}/{ROLE_SESSION}",
            "cli_version": self.cli_version,
            "started_at": f"{started:%Y-%m-%dT%H:%M:%SZ}",
            "ended_at": f"{started + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}",
            "exit_code": answer.exit_code,
            "error_code": refused.group(1) if refused else "",
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "script_version": "1",
            "host_clock_note": "synchronised by NTP",
        }


def collect_account(collection: Collection, account: Account, *, management: bool = False) -> None:
    """All captures of one account: who, then each region, then what the answers point at.

    A trail is asked about in the account of its ARN, which for an organisation trail is the management account;
    a topic in the account that owns it, once, whoever's alarm names it.
    """
    collection.call(account.account_id, LEADING, ("sts", "get-caller-identity"))
    if management:
        for operation in ("describe-organization", "list-accounts", "list-delegated-administrators"):
            collection.call(account.account_id, LEADING, ("organizations", operation))
    trails: dict[str, None] = {}
    topics: dict[str, None] = {}
    for region in account.regions:
        answers = collect_region(collection, account, region)
        found = [trail["TrailARN"] for trail in answers["cloudtrail-describe-trails"]["trailList"]]
        trails |= dict.fromkeys(arn for arn in found if arn.split(":")[3:5] == [region, account.account_id])
        alarms = answers["cloudwatch-describe-alarms"]
        for alarm in alarms["MetricAlarms"] + alarms["CompositeAlarms"]:
            topics |= dict.fromkeys(action for action in alarm["AlarmActions"] if ":sns:" in action)
    if account.leading and account.regions and LEADING not in account.regions:
        collection.call(account.account_id, LEADING, ("cloudtrail", "describe-trails"))
    for words, option, arns in (
        (("cloudtrail", "get-trail-status"), "--name", trails),
        (("cloudtrail", "get-event-selectors"), "--trail-name", trails),
        (("sns", "list-subscriptions-by-topic"), "--topic-arn", topics),
        (("sns", "get-topic-attributes"), "--topic-arn", topics),
    ):
        if "-".join(words) not in account.without:
            for arn in arns:
                answer = collection.ask_owner(words, option, arn)
                if account.settling:
                    collect_filter_policies(collection, answer.get("Subscriptions", ()))


def collect_filter_policies(collection: Collection, subscriptions: Iterable[dict[str, str]]) -> None:
    """Attributes of the confirmed ones among ``subscriptions``: whether a filter policy drops messages (N6)."""
    for subscription in subscriptions:
        arn = subscription["SubscriptionArn"]
        if arn.startswith("arn:"):
            collection.ask_owner(("sns", "get-subscription-attributes"), "--subscription-arn", arn)


def collect_region(collection: Collection, account: Account, region: str) -> dict[str, Any]:
    """Trails, filters, groups, alarms and topics of one region, one call after the other; the answers by call."""
    answers = {}
    for words, options in (
        (("cloudtrail", "describe-trails"), ()),
        (("logs", "describe-metric-filters"), ()),
        (("logs", "describe-log-groups"), ()),
        (("cloudwatch", "describe-alarms"), account.alarm_options),
        (("sns", "list-topics"), ()),
        *([(("cloudwatch", "list-alarm-mute-rules"), ())] if account.settling else []),
    ):
        answers["-".join(words)] = json.loads(collection.call(account.account_id, region, words, options).stdout)
    return answers
