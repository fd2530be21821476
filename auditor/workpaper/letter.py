"""What the client is asked for, as a letter: who, by when, a block per account, grouped by who owns the accounts.

Markdown and Word are made from it. It says nothing about verdicts: the reader is an engineer of the client.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType

from auditor.evidence.call_ids import (
    DESCRIBE_ALARM_HISTORY,
    DESCRIBE_METRIC_FILTERS,
    DESCRIBE_TRAILS,
    GET_ALARM_MUTE_RULE,
    GET_KEY_POLICY,
    GET_TRANSFORMER,
    LIST_SUBSCRIPTIONS_BY_TOPIC,
)
from auditor.result import PopulationAccount, Request, ResultDocument, sets_of
from auditor.text import count, listing, one_line
from auditor.workpaper.alike import Block, Item, joined_alike
from auditor.workpaper.capture_block import PREPARATION, capture_block

REGIONS_SHOWN = 4
STRENGTHENING_SHOWN = 20
NO_OWNER = "Owner not known"


@dataclass(frozen=True, slots=True)
class Letter:
    """``facts`` are label and value, ``overview`` a row for each block (:data:`OVERVIEW`; one for many that only
    strengthen), ``settling`` and ``strengthening`` the blocks by owner.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    opening: str
    overview: tuple[tuple[str, str, str, str], ...]
    how: tuple[str, ...]
    preparation: str
    settling: Mapping[str, Sequence[Block]]
    strengthening: Mapping[str, Sequence[Block]]


OVERVIEW = ("No.", "Account", "Owner", "What")
PREPARATION_TITLE = "Preparation, once in each shell:"
CONCLUDE = "To conclude"
STRENGTHEN = "To strengthen conclusions already reached"
STRENGTHEN_WHY = (
    "Nothing depends on these as far as the captures show. Those marked as material may change a conclusion; of the "
    "others the usual is assumed."
)
# What an answer may be the first to name, by the call that is then needed.
_AFTERWARDS: Mapping[str, str] = MappingProxyType(
    {
        DESCRIBE_TRAILS: "the trails of a further region that is switched on",
        DESCRIBE_METRIC_FILTERS: "metric filters and alarms of a log group in another account",
        LIST_SUBSCRIPTIONS_BY_TOPIC: "the subscriptions of an SNS topic in another account",
        GET_KEY_POLICY: "the policy of a key that encrypts a topic",
        GET_TRANSFORMER: "the transformer of a log group whose metric filters run on transformed events",
        GET_ALARM_MUTE_RULE: "the targets of an alarm mute rule",
        DESCRIBE_ALARM_HISTORY: "the history of an alarm whose settings alone do not decide",
    }
)


def letter(document: ResultDocument) -> Letter:
    """The letter that asks for what a result lacks."""
    engagement, period = document["engagement"], document["period"]
    requests, more = document["requests"], document.get("strengthening", [])
    facts: list[tuple[str, str]] = []
    if engagement:
        facts += [
            ("Client", engagement["client"]),
            ("Engagement", engagement["engagement"]),
            ("From", engagement["firm"]),
            ("Needed by", engagement.get("requests_due", "")),
            ("Send to", engagement.get("requests_to", "")),
            ("Confidentiality", engagement["confidentiality"]),
        ]
    if period:
        facts.append(("Control period", f"{period['start']} to {period['end']}"))
    client = f" – {engagement['client']}" if engagement and engagement["client"] else ""
    settling, strengthening = _blocks(requests, document), _blocks(more, document)
    asks = any(request["command"] for request in chain(requests, more))
    permissions = {request["permission"] for request in chain(requests, more) if request.get("permission")}
    return Letter(
        title=f"Evidence requested{client}",
        facts=tuple((label, value) for label, value in facts if value),
        opening=_opening(requests, more),
        how=tuple(_how(permissions)) if asks else (),
        preparation=PREPARATION if asks else "",
        overview=(*_overview(settling), *_in_short(_overview(strengthening), len(more))),
        settling=settling,
        strengthening=strengthening,
    )


def _overview(blocks: Mapping[str, Sequence[Block]]) -> list[tuple[str, str, str, str]]:
    return [
        (number, account, owner or "–", block.extent or count(len(block.questions), "question"))
        for owner, of_owner in blocks.items()
        for number, account, block in sorted(
            ((number, account, block) for block in of_owner for number, account in block.rows), key=_by_number
        )
    ]


def _by_number(row: tuple[str, *tuple[object, ...]]) -> tuple[int, str]:
    """``R-999`` before ``R-1000``."""
    return len(row[0]), row[0]


def _in_short(rows: Sequence[tuple[str, str, str, str]], exports: int) -> Sequence[tuple[str, str, str, str]]:
    """The rows of what only strengthens, so many in one: they would stand between the reader and what to do."""
    if len(rows) <= STRENGTHENING_SHOWN:
        return rows
    numbers = [number for number, *_ in sorted(rows, key=_by_number)]
    extent = f"{count(exports, 'export')}: see {STRENGTHEN}"
    return [(f"{numbers[0]} … {numbers[-1]}", count(len(rows), "account"), "–", extent)]


def _opening(requests: Sequence[Request], more: Sequence[Request]) -> str:
    exports = sum(bool(request["command"]) for request in requests)
    questions = len(requests) - exports
    accounts = len({request["account_id"] for of_set in sets_of(requests) for request in of_set[:1]})
    kinds = [count(exports, "export")] if exports else []
    kinds += [count(questions, "answer")] if questions else []
    words = f"To conclude the test of controls we need {listing(kinds)} from {count(accounts, 'account')}."
    if not requests:
        return (
            "Nothing more is needed to conclude the test of controls; these exports would strengthen its conclusions."
        )
    return (
        f"{words} {count(len(more), 'further export')} would strengthen conclusions already reached." if more else words
    )


def _how(permissions: Iterable[str]) -> Iterable[str]:
    yield (
        "Each account has one block of commands, and many that lack the same share one. Open AWS CloudShell, or any "
        "bash or zsh with the AWS CLI, paste the preparation below once, sign in to the account with read access and "
        "paste its block; then zip the folder named like the account and send it to us. None of the commands changes "
        "anything. If AWS refuses one, a file keeps the refusal: please send that, too. If you would rather run one "
        "script, or have only Windows PowerShell, ask us: there is one for either that asks for the same."
    )
    yield (
        "Please keep names and contents as they are. The path tells which account and region an answer is from, and a "
        "file that was opened and saved again by an editor or a spreadsheet can no longer be relied on."
    )
    yield (
        "The files hold configuration, and with it the e-mail addresses and telephone numbers of subscribers. They "
        "hold no credentials."
    )
    if permissions:
        yield (
            f"IAM actions needed: {', '.join(sorted(permissions))}. The AWS managed policy SecurityAudit contains the "
            "usual ones of CloudTrail, CloudWatch, CloudWatch Logs and SNS."
        )


def _blocks(requests: Sequence[Request], document: ResultDocument) -> dict[str, list[Block]]:
    """The blocks by owner of the account, those without one last."""
    people = {account["account_id"]: account for account in document["population"]["accounts"]}
    by_owner: dict[str, list[Block]] = defaultdict(list)
    for of_set in sets_of(requests):
        first = of_set[0]
        number, person = first.get("set") or f"{first['account_id']} {first['number']}", people.get(first["account_id"])
        by_owner[person["owner"] if person else ""].append(_block(number, of_set, people))
    owners = sorted(by_owner, key=lambda owner: (not owner, owner))
    return {owner: joined_alike(by_owner[owner]) for owner in owners}


def _block(number: str, requests: Sequence[Request], people: Mapping[str, PopulationAccount]) -> Block:
    account_id = requests[0]["account_id"]
    exports = [request for request in requests if request["command"]]
    waiting = dict.fromkeys(finding.partition("/")[0] for request in requests for finding in request["settles"])
    others = [_named(waiting_id, people) for waiting_id in waiting if waiting_id != account_id]
    return Block(
        number=number,
        account=_named(account_id, people),
        extent=count(len(exports), "export") if exports else "",
        remark=" ".join(_remarks(people.get(account_id), others)),
        faults=tuple(
            dict.fromkeys(
                (replaced["file"], replaced["fault"])
                for request in requests
                for replaced in request.get("replaces", ())
            )
        ),
        items=tuple(_items(exports)),
        questions=tuple((request["number"], request["why"]) for request in requests if not request["command"]),
        afterwards=_afterwards(exports),
        script=capture_block(number, account_id, exports) if exports else "",
    )


def _named(account_id: str, people: Mapping[str, PopulationAccount]) -> str:
    """``444455556666 web-prod``."""
    name = people[account_id]["name"] if account_id in people else ""
    return f"{account_id} {name}" if name else account_id


def _remarks(person: PopulationAccount | None, others: Sequence[str]) -> Iterator[str]:
    if person is not None and not person["captures"]:
        yield "We have received nothing from this account so far."
    if others:
        yield f"Needed for {'accounts' if others[1:] else 'account'} {listing(others, limit=6)}, too."


def _items(exports: Sequence[Request]) -> Iterable[Item]:
    """One item for each kind of export, its regions together."""
    kinds: dict[tuple[str, str], list[Request]] = defaultdict(list)
    for request in exports:
        kinds[request["call"], request["what"].removesuffix(f" ({request['region']})")].append(request)
    for (_, what), requests in kinds.items():
        regions = [export["region"] for export in requests if export["region"]]
        place = f" ({listing(regions, limit=REGIONS_SHOWN)})" if regions else ""
        needed = next((export for export in requests if export.get("purpose") == "missing"), requests[0])
        mark = "Material. " if any(export.get("material") for export in requests) else ""
        mark += "Optional. " if needed.get("purpose") == "optional" else ""
        numbers = (
            requests[0]["number"] if len(requests) == 1 else f"{requests[0]['number']} and {len(requests) - 1} more"
        )
        yield Item(numbers, f"{what}{place}", one_line(f"{mark}{_sentence(needed['why'])}", 600))


def _afterwards(exports: Sequence[Request]) -> str:
    leads = dict.fromkeys(call for request in exports for call in request.get("leads_to", ()))
    words = [_AFTERWARDS[call] for call in _AFTERWARDS if call in leads]
    if not words:
        return ""
    return f"What only the answers can name, we may have to ask for afterwards: {listing(words, 'or')}."


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."
