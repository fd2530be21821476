"""Whose JSON is that is no answer of a call, as exports of PowerShell, Steampipe, Config or Terraform are (rule X9): by
whole ARNs of alarms, log groups, topics or trails, or by an account id where it says whose it is.

Findings of scanners, events and policies are about accounts, and are no evidence of any: they name nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

import orjson

from auditor.arn import ACCOUNT_ID, Arn, parse_arn
from auditor.evidence.item import letters_of
from auditor.evidence.reading.account_cells import accounts_in_cell

_MOST_VALUES = 200_000  # of a document
_MOST_PLACES = 10_000
_MOST_EMBEDDED = 2_000  # documents that stand in texts, as results of AWS Config's queries do
_LONGEST_EMBEDDED = 1 << 16

_ACCOUNT_KEYS = {"accountid", "ownerid", "awsaccountid"}
# Under which a thing says what it is itself; others say what it uses.
_OWN_KEYS = {
    "arn", "arns", "akas", "id", "resourcearn", "resourceid", "physicalresourceid", "alarmarn", "trailarn", "topicarn",
    "loggrouparn", "alarmarns", "trailarns", "topicarns", "loggrouparns", "alarms", "metricalarms", "trails", "topics",
    "loggroups",
}  # fmt: skip
_OF_TOPICS = {"arns", "topicarn", "topicarns", "topics"}  # under which topics may stand that are merely used
_PAIR = re.compile(r'"(?P<key>[A-Za-z_]{1,40})"\s*:\s*(?:"(?P<text>[^"\\]{0,700})"|(?P<other>[0-9]{0,12}))')
_MOST_PAIRS = 100_000
_SURE_SERVICES = ("cloudwatch", "logs", "sns")  # a trail may be its organisation's
_RESOURCES = {
    "cloudwatch": re.compile(r"alarm:."),
    "logs": re.compile(r"log-group:."),
    "sns": re.compile(r"[A-Za-z0-9_.-]+\Z"),
    "cloudtrail": re.compile(r"trail/."),
}
_RESOURCE_TYPE = re.compile(r"AWS::(?:CloudWatch|CloudTrail|SNS|Logs)::")
_TABLE = re.compile(r"(?<![a-z0-9])aws_(?:cloudwatch|cloudtrail|sns)_")
# What scanners and this program write of accounts, and logs of what happened in them
FINDINGS = {
    "checkid", "checktitle", "statusextended", "findinginfo", "findinguniqueid", "generatorid", "productarn",
    "compliancetype", "complianceresourcetype", "evaluationresults", "evaluationresultidentifier", "controlid",
    "verdict", "findings", "lastrun", "testentities", "servicelist", "eventversion", "useridentity", "outputdir",
}  # fmt: skip
_IMAGE = "imageid"  # its owner is whoever published it
OF_CUSTODIAN = "resources.json"  # what a policy of Cloud Custodian found


@dataclass(slots=True)
class _Names:
    """The accounts that a document names, by how: with regions where ARNs do."""

    sure: set[tuple[str, str]] = field(default_factory=set)
    perhaps: set[tuple[str, str]] = field(default_factory=set)
    headed: set[str] = field(default_factory=set)

    def places(self, file: str) -> tuple[set[tuple[str, str]], bool]:
        """Those that count of a file of this name, and whether for sure."""
        if self.sure or self.perhaps:
            return self.sure or self.perhaps, bool(self.sure)
        alone = len(self.headed) == 1 and file != OF_CUSTODIAN
        return ({(account, "") for account in self.headed} if alone else set()), False


def places_in_json(pages: Sequence[object], path: str) -> tuple[set[tuple[str, str]], bool]:
    """The accounts and regions that a document names as its own, and whether for sure.

    Sure are alarms, log groups and topics by ARN, and whatever of CloudWatch, CloudTrail, SNS and Logs stands beside an
    account id that is headed so. A trail or a topic that may be another account's is not, and neither is an id headed
    so beside anything else, which counts only if the document names no other.
    """
    names = _Names()
    file = path.rpartition("/")[2].lower()
    of_table = _TABLE.search(file) is not None
    for keys in _objects(pages):
        if not FINDINGS.isdisjoint(keys):
            return set(), False
        _add(names, keys, of_table=of_table)
        if max(len(names.sure), len(names.perhaps), len(names.headed)) >= _MOST_PLACES:
            break
    return names.places(file)


def places_in_cut_json(text: str, path: str) -> tuple[set[tuple[str, str]], bool]:
    """The same of a text that should be JSON of another kind, as far as it goes; it is read member by member."""
    names = _Names()
    for pair in islice(_PAIR.finditer(text), _MOST_PAIRS):
        key = _plain(pair["key"])
        if key in FINDINGS:
            return set(), False
        if key in _OWN_KEYS or key in _ACCOUNT_KEYS:
            _add(names, {key: pair["text"] or pair["other"], "": None}, of_table=False)
    return names.places(path.rpartition("/")[2].lower())


def _objects(pages: Sequence[object]) -> Iterator[Mapping[str, object]]:
    """The members, by plain name, of each object of a document and of those in its texts."""
    waiting: list[object] = [*reversed(pages)]
    embedded = 0
    if arns := [text for page in pages for text in _texts(page)]:
        yield {"arns": arns}  # what --query leaves
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, dict):
            keys = {_plain(str(key)): child for key, child in value.items()}
            if keys.get("mode") == "data" and keys.get("type") != "aws_caller_identity":
                continue  # Terraform looked it up, whosever it is
            yield keys
            if arns := [key for key in value if key.startswith("arn:")]:
                yield {"arns": arns}
            waiting.extend(child for child in reversed(value.values()) if isinstance(child, dict | list | str))
        elif isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, str) and embedded < _MOST_EMBEDDED and value[:1] in ("{", "["):
            embedded += 1
            waiting.append(_parsed(value))


def _add(names: _Names, keys: Mapping[str, object], *, of_table: bool) -> None:
    headed = {account for key in _ACCOUNT_KEYS & keys.keys() for account in _accounts(keys[key])}
    if _IMAGE in keys:
        return
    own = {(key, arn) for key in _OWN_KEYS & keys.keys() for text in _texts(keys[key]) if (arn := _own_arn(text))}
    typed = of_table or any(_RESOURCE_TYPE.match(str(keys.get(key))) for key in ("resourcetype", "type"))
    if headed and (own or typed):
        regions = {arn.region for _, arn in own if arn.account_id in headed} or {""}
        names.sure |= {(account, region) for account in headed for region in regions}
        return
    for key, arn in own:
        used = arn.service == "sns" and key in _OF_TOPICS and (key != "topicarn" or len(keys) > 1)
        sure = arn.service in _SURE_SERVICES and not used
        (names.sure if sure else names.perhaps).add((arn.account_id, arn.region))
    names.headed |= headed
    stack = parse_arn(str(keys.get("stackid")))
    if stack is not None and stack.service == "cloudformation" and ACCOUNT_ID.fullmatch(stack.account_id):
        names.headed.add(stack.account_id)


def _own_arn(text: str) -> Arn | None:
    """The ARN of an alarm, log group, topic or trail, None if a text is none."""
    arn = parse_arn(text) if text.startswith("arn:") else None
    pattern = _RESOURCES.get(arn.service) if arn is not None else None
    if arn is None or pattern is None or not ACCOUNT_ID.fullmatch(arn.account_id):
        return None
    return arn if pattern.match(arn.resource) and "*" not in arn.resource.removesuffix(":*") else None


def _accounts(value: object) -> tuple[str, ...]:
    is_cell = isinstance(value, str | int) and not isinstance(value, bool)
    return accounts_in_cell(str(value), headed=True) if is_cell else ()


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]


def _parsed(text: str) -> object:
    try:
        return orjson.loads(text) if len(text) <= _LONGEST_EMBEDDED else None
    except orjson.JSONDecodeError:
        return None


@lru_cache(maxsize=4096)
def _plain(key: str) -> str:
    return letters_of(key[:80])
