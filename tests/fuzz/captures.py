"""Whole bundles drawn from the schemas of the calls: a small world whose names and ARNs meet, then spoilt a little.

Everything is drawn from a ``Random``, so that a law of hypothesis and a loop of plain seeds draw alike.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from auditor.evidence.operations.registry import calls
from tests.fuzz.mutations import mutated
from tests.fuzz.spoiling import OTHERS, TEXTS, spoil, written
from tests.laws.wide import wide
from tests.textbook import ACCOUNT, PATTERN, REGION, textbook

ACCOUNTS = ("111122223333", "444455556666", "000000000000")
REGIONS = ("us-east-1", "eu-west-1")
SCHEMAS = Path(__file__).parents[2] / "schemas"

# What members of these names hold, so that answers speak of each other; any other text comes from its schema.
NAMES: dict[str, tuple[str, ...]] = {
    "accountid": ACCOUNTS, "account": ACCOUNTS, "owner": ACCOUNTS, "id": ACCOUNTS, "region": REGIONS,
    "homeregion": REGIONS, "regionname": REGIONS, "name": ("main", "second"), "loggroupname": ("ct", "other"),
    "filtername": ("ssm-actions", "root"), "metricname": ("SsmActions", "Root"), "metricnamespace": ("Audit", "Other"),
    "namespace": ("Audit", "Other"), "metricvalue": ("1", "0", "$.x", "1e3"), "alarmname": ("ssm-actions", "child"),
    "filterpattern": (PATTERN, "", "{ $.eventName = * }", '{ $.userIdentity.type = "Root" }', "ERROR", "[a, b]", "{"),
    "protocol": ("email", "sms", "https", "sqs", "lambda", "email-json"), "statistic": ("Sum", "Maximum", "p99"),
    "endpoint": ("soc@example.com", "+15555550100", "arn:aws:sqs:us-east-1:111122223333:q"), "actionssuppressor": (
        "child", "arn:aws:cloudwatch:us-east-1:111122223333:alarm:child"),
    "alarmrule": ('ALARM("ssm-actions")', 'ALARM("ssm-actions") AND NOT OK(child)', "AT_LEAST(1, ALARM, (child))", "("),
    "expression": ("m1", "m1 + m2", "SUM(METRICS())", "IF(m1 > 1, 1, 0)", "RATE(", "SEARCH('x', 'Sum', 300)"),
    "statevalue": ("OK", "ALARM", "INSUFFICIENT_DATA"), "errorcode": ("", "AccessDenied", "Throttling"),
    "comparisonoperator": ("GreaterThanOrEqualToThreshold", "LessThanThreshold", "GreaterThanUpperThreshold"),
    "treatmissingdata": ("notBreaching", "missing", "breaching", "ignore"), "unit": ("None", "Count", "Bytes"),
    "readwritetype": ("All", "WriteOnly", "ReadOnly"), "subscriptionarn": ("PendingConfirmation", "Deleted"),
}  # fmt: skip
RESOURCES = {
    "cloudtrail": ("trail/main", "trail/second"),
    "logs": ("log-group:ct:*", "log-group:other:*"),
    "sns": ("alerts", "alerts:5d2e89e6-b579-4b31-bd76-c25f6bb6ce7f", "more.fifo"),
    "cloudwatch": ("alarm:ssm-actions", "alarm:child"),
    "kms": ("key/1234abcd",),
    "oam": ("sink/1", "link/1"),
    "iam": ("role/CloudTrail",),
}
ODD_FOLDERS = (
    "", "export/", "Ünï cödé/", "=cmd|'/C calc'!A1/", "a b#c?d%2e/", "<b>x</b>/", "\u202erev/", "x" * 120 + "/", "con/",
    "AWSLogs/", "acme-20260930T000000Z/", ".hidden/", "-rf/", "a\tb/", "'q\"/",
)  # fmt: skip


@cache
def schema(name: str) -> dict[str, Any]:
    """The schema of a call, or of another document, by its file name."""
    text = (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@dataclass(frozen=True, slots=True)
class Drawing:
    """Values that a schema allows."""

    random: Random
    document: dict[str, Any]
    account: str
    region: str

    def value(self, node: dict[str, Any], name: str = "", depth: int = 0) -> Any:
        """One value; ``name`` is the member's, which tells what texts of other answers it may hold."""
        if "$ref" in node:
            return self.value({**self.document["$defs"][node["$ref"].rpartition("/")[2]], **_beside(node)}, name, depth)
        if "enum" in node:
            return self.random.choice(node["enum"])
        kinds = node.get("type", "string")
        match kinds if isinstance(kinds, str) else self.random.choice(kinds):
            case "object":
                return self.members(node, depth)
            case "array":
                most = 0 if depth > 5 else self.random.choice((1, 1, 1, 2, 3))
                return [self.value(node.get("items", {}), name, depth + 1) for _ in range(most)]
            case "string":
                return self.text(node, name)
            case "integer":
                return int(self.number(node))
            case "number":
                return self.number(node)
            case "boolean":
                return self.random.random() < 0.7
        return None

    def members(self, node: dict[str, Any], depth: int) -> dict[str, Any]:
        """An object: what is required, much of what is known, sometimes what nobody knows."""
        known, needed = node.get("properties", {}), set(node.get("required", ()))
        for choice in node.get("anyOf", ()):
            needed.update(choice["required"])
        share = self.random.choice((0.2, 0.5, 0.9))
        drawn = {
            name: self.value(child, name, depth + 1)
            for name, child in known.items()
            if name in needed or ("oken" not in name and self.random.random() < share)
        }
        if isinstance(further := node.get("additionalProperties"), dict) and self.random.random() < 0.3:
            drawn[self.random.choice(("eventName", "x", "é"))] = self.value(further, "", depth + 1)
        if self.random.random() < 0.05:
            drawn["MemberOfNextYear"] = self.random.choice(OTHERS)
        return drawn

    def text(self, node: dict[str, Any], name: str) -> str:
        """A text: one that others have, an example of the schema's, or any."""
        allowed = re.compile(node.get("pattern", ""))
        kind = name.lower()
        pool = {"accountid": (self.account,), "owner": (self.account,), "region": (self.region,)}.get(
            kind, NAMES.get(kind, ())
        )
        if "arn" in node.get("pattern", "") or kind.endswith(("arn", "actions")):
            pool = (
                *pool,
                *arns(self.account, self.region),
                *(arns(*self.elsewhere()) if self.random.random() < 0.1 else ()),
            )
        fitting = [text for text in pool if allowed.search(text)]
        if fitting and self.random.random() < 0.97:
            return self.random.choice(fitting)
        examples = [str(text) for text in node.get("examples", ())]
        return self.random.choice(examples or [text for text in (*TEXTS, "a", "b") if allowed.search(text)] or [""])

    def elsewhere(self) -> tuple[str, str]:
        """Any account and region of this world."""
        return self.random.choice(ACCOUNTS), self.random.choice(REGIONS)

    def number(self, node: dict[str, Any]) -> float:
        """A number between the bounds, often one of them or one of the usual."""
        least, most = node.get("minimum", -(2**31)), node.get("maximum", 2**31)
        usual = [number for number in (1, 60, 300, 1_795_560_385, *node.get("examples", ())) if _between(number, node)]
        number: float = self.random.choice([least, most, *usual, *usual])
        return number


def _beside(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if key not in ("$ref", "description")}


def _between(number: Any, node: dict[str, Any]) -> bool:
    return isinstance(number, int) and node.get("minimum", number) <= number <= node.get("maximum", number)


@cache
def arns(account: str, region: str) -> tuple[str, ...]:
    """The ARNs of all that a place has."""
    return tuple(
        f"arn:aws:{service}:{region}:{account}:{resource}"
        for service, resources in RESOURCES.items()
        for resource in resources
    )


@cache
def usual() -> dict[str, tuple[str, tuple[str, ...]]]:
    """By the name of the call: the path below its place, and answers as texts; with the first of each, chains hold."""
    answers: dict[str, tuple[str, tuple[str, ...]]] = {}
    for path, content in [*textbook().items(), *wide().items()]:
        below = path.removeprefix(f"{ACCOUNT}/").removeprefix(f"{REGION}/").removesuffix(".json")
        name = below.partition("/")[0]
        answers[name] = (below, (*answers.get(name, ("", ()))[1], json.dumps(content)))
    return answers


def answer(random: Random, call: str, account: str, region: str) -> Any:
    """One answer of a call: mostly the usual one with some members drawn anew, else drawn altogether."""
    document = schema(call)
    drawn = Drawing(random, document, account, region).value(document)
    if call not in usual() or random.random() < 0.15:
        return drawn
    texts = usual()[call][1]
    known = json.loads(random.choice((*texts[:1] * 4, *texts)).replace(ACCOUNT, account).replace(REGION, region))
    share = random.choice((0, 0, 0.03, 0.2))
    for name, value in drawn.items():
        items = known.get(name)
        if isinstance(value, list) and value and isinstance(items, list) and items and isinstance(items[0], dict):
            items[0].update({key: item for key, item in value[0].items() if random.random() < share})
            items.extend(value[1:] if random.random() < share else ())
        elif random.random() < share:
            known[name] = value
    return known


@dataclass(frozen=True, slots=True)
class DrawnBundle:
    """The files of a bundle, and the accounts in whose folders they lie."""

    files: dict[str, bytes]
    accounts: tuple[str, ...]


def bundle(random: Random) -> DrawnBundle:
    """A bundle of one to three accounts, with a few changes."""
    answers = answers_in(random)
    for _ in range(random.randint(0, 6)):
        spoil(random, answers)
    return packed(random, answers)


def answers_in(random: Random) -> dict[str, Any]:
    """The answers of one to three accounts by path, as the schemas allow them."""
    answers: dict[str, Any] = {}
    accounts = ACCOUNTS[: random.choice((1, 2, 2, 3))]
    regions = REGIONS[: random.choice((1, 1, 2))]
    folder = random.choice(ODD_FOLDERS)
    for account, region, call in product(accounts, regions, calls().values()):
        if call.required or random.random() < 0.12:
            path = folder + _path(random, call.name, call.place, account, region)
            answers[path] = answer(random, call.name, account, region)
    if random.random() < 0.2:
        records = [record(random, path.removeprefix(folder), accounts[0], regions[0]) for path in sorted(answers)]
        answers[f"{folder}captures.json"] = random.choice((records, {"captures": records}))
    return answers


def packed(random: Random, answers: dict[str, Any]) -> DrawnBundle:
    """The answers as files, now and then with bytes changed."""
    files = {path: written(random, content) for path, content in answers.items()}
    if random.random() < 0.15:
        file = random.choice(sorted(files))
        files[file] = mutated(files[file], random)
    return DrawnBundle(files, tuple(account for account in ACCOUNTS if any(account in path for path in files)))


def _path(random: Random, call: str, place: str, account: str, region: str) -> str:
    resource = f"/{random.choice(('alerts', 'main', 'é ü'))}" if place == "resource" else ""
    below = usual()[call][0] if call in usual() else call + resource
    return f"{account}/{below}.json" if place == "account" else f"{account}/{region}/{below}.json"


def record(random: Random, path: str, account: str, region: str) -> dict[str, Any]:
    """The entry of a capture record about a file: mostly what is so, some members drawn."""
    document = schema("captures")
    drawn: dict[str, Any] = Drawing(random, document, account, region).value(document["$defs"]["capture"])
    name = next((call for call in calls().values() if call.name in path), None)
    true = {
        "file": path, "call": name.id if name else "x:Y", "exit_code": 0, "error_code": "",
        "account_id": next((one for one in ACCOUNTS if one in path), ""),
        "region": next((one for one in REGIONS if one in path), ""),
    }  # fmt: skip
    for name in ("topic_arn", "resource", "sha256", "arguments", "caller_arn"):
        if random.random() < 0.8:
            drawn.pop(name, None)
    return {**drawn, **{key: value for key, value in true.items() if key == "file" or random.random() < 0.98}}
