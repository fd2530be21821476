"""Whose a text is that cannot be read as an answer: another output format, cut JSON, a refused call (rules X5, X9).

Whole ARNs name the account as plainly as JSON would. A text counts if it is named as an AWS operation's answer, begins
as one does, or is a refusal; notes that mention an ARN say nothing of whose evidence it is. Nothing tells the account
ids of a documentation from real ones, so that these count too; ``arn:aws:iam::aws:…`` names none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

import orjson

from auditor.arn import ACCOUNT_DIGITS
from auditor.bundle import Member
from auditor.evidence.call_ids import GET_CALLER_IDENTITY
from auditor.evidence.operations import NO_OPERATION, Call, NamedOperation, calls, operation_named
from auditor.evidence.reading.decode import Decoded
from auditor.evidence.reading.file_kind import ANSWER_ENDINGS, FileKind
from auditor.evidence.reading.owners_in_json import places_in_cut_json, places_in_json
from auditor.evidence.reading.text_encoding import read_text

_LOOKED_AT = 1 << 20  # characters of a text: what it holds behind them is not another account's
_MOST_ARNS = 10_000
_LONGEST_CHARACTER = 4  # bytes
_BEGINNING = 400
_MOST_ERRORS = 3  # documents of a file that keeps what went wrong
_SHORT = 100  # bytes of a file that holds an account id alone
_INDENT = 40
# An ARN or id that is all of a cell, a value or a quoted text; not a word of a sentence.
_OPENED = re.compile(r"(?:[\t\r\n|,;'\[>=]|(?<!\\)\"|: |- ) *\Z")
_CLOSED = r"(?= *(?:$|[\t\r\n|,;\"'\]<}]))"
_ARN = re.compile(
    rf"arn:aws[a-z-]*:(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9-]*):(?P<account>{ACCOUNT_DIGITS}):"
    rf"[^\s\"'|,;<>]{{1,600}}{_CLOSED}"
)
_ID = re.compile(rf"(?<![0-9])(?P<account>{ACCOUNT_DIGITS}){_CLOSED}")
# Who was refused: in IAM's message the caller, in CloudTrail's the account.
_CALLER = re.compile(
    rf"User: arn:aws[a-z-]*:(?:iam|sts)::(?P<caller>{ACCOUNT_DIGITS}):\S+ is not authorized to perform: "
    rf"(?P<action>\S+)(?: on resource: arn:aws[a-z-]*:iam::(?P<target>{ACCOUNT_DIGITS}):)?"
)
_FOR_USER = re.compile(rf"for the user: ({ACCOUNT_DIGITS})\b")
_IDENTITY = re.compile(
    rf"\s*(?:{ACCOUNT_DIGITS}\tarn:aws[a-z-]*:(?:iam|sts)::|-+\s*\|\s*GetCallerIdentity\s*\||\{{\s*\"(?:UserId|Account)\"\s*:"
    r"|(?:Account|UserId|Arn):[^\n]*\n(?:Account|UserId|Arn):)"
)
# Of the text, table and YAML output of the CLI, and of JSON: what names the answer.
_FORM = re.compile(
    r"\s*(?:(?P<text>[A-Z][A-Z0-9]+)\t|-+\s*\|\s*(?P<operation>[A-Z]\w+)\s*\||\{\s*\"(?P<json>\w+)\"\s*:\s*[\[{]"
    r"|(?P<yaml>[A-Za-z]\w*):(?:\s*\[\]|\s*\n\s*(?:- |\w)))"
)
# What a terminal shows: commands behind their prompts, and their answers
_TRANSCRIPT = re.compile(r"^(?:[^\n]{0,80}[$#>%+] ?)aws (?:--\S+ \S+ )*[a-z][a-z0-9-]+ [a-z][a-z0-9-]+", re.MULTILINE)
_FIRST_COMMANDS = 4_096
_IDENTITY_MEMBER = re.compile(rf"\bAccount[\"']?\s*[:|]\s*[\"']?({ACCOUNT_DIGITS})\b")
# What people save who ask for the id alone
_ONLY_ID = re.compile(
    rf"\s*(?:account[ _-]?(?:id|number)?\s*[:=]?\s*)?[\"']?({ACCOUNT_DIGITS})[\"']?\s*", re.IGNORECASE
)
_NAMES_OF_ID = re.compile(r"account|acct|konto|whoami|identity|caller", re.IGNORECASE)
_SHOULD_BE_JSON = (FileKind.BROKEN_JSON, FileKind.CUT_JSON, FileKind.DEEP_JSON)
_OWNERS_OF_NOBODY = ("organizations",)  # an organisation's ARNs are its management account's, whoever asks


@dataclass(frozen=True, slots=True)
class Owners:
    """The accounts and regions that a text names as its own, in order.

    ``sure``: by what only an account itself is told of, as its alarms or who it is; else by ARNs that may be of what it
    merely uses, as another account's trail.
    """

    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    sure: bool = False


NO_OWNERS = Owners()


def owners_of(member: Member, decoded: Decoded) -> Owners:
    """Whose a member is that is no JSON, or the JSON of an operation whose answers are no evidence."""
    named = operation_named(member.path)
    only_id = _ONLY_ID.fullmatch(member.data[:100].decode("utf-8", "replace")) if len(member.data) < _SHORT else None
    if only_id is not None and _NAMES_OF_ID.search(member.path.rpartition("/")[2]):
        return Owners((only_id[1],), sure=True)
    if decoded.kind.binary or (decoded.shape != "none" and not named.other):
        return NO_OWNERS
    if decoded.shape != "none" and (of_json := owners_in_json(decoded, member.path)).accounts:
        return of_json
    if decoded.kind is FileKind.TEXT and not member.path.lower().endswith(ANSWER_ENDINGS):
        named = NO_OPERATION  # a script, or notes, on the call
    text = read_text(member.data[: _LONGEST_CHARACTER * _LOOKED_AT])
    if text is None:
        return NO_OWNERS
    owners = owners_in(text.text[:_LOOKED_AT], named, decoded.kind)
    if owners.accounts or decoded.kind not in _SHOULD_BE_JSON:
        return owners
    places, sure = places_in_cut_json(text.text[:_LOOKED_AT], member.path)
    return _owners(places, sure=sure)


def owners_in_json(decoded: Decoded, path: str) -> Owners:
    """Whose JSON is that is no answer of a call, as exports of other tools are."""
    places, sure = places_in_json(decoded.pages, path)
    return _owners(places, sure=sure)


def owners_in_answer(pages: object, call: Call) -> Owners:
    """Whose JSON is that cannot be used as the answer of a call, or that does not tell where it is from."""
    try:
        text = orjson.dumps(pages, default=str)[:_LOOKED_AT].decode("utf-8", "replace")
    except orjson.JSONEncodeError:
        return NO_OWNERS
    return owners_in(text, NamedOperation(call), FileKind.JSON)


def owners_refused(pages: Sequence[object]) -> Owners:
    """Who was refused, as an error that a program kept as JSON has it: a text, or an object of a few."""
    if len(pages) > _MOST_ERRORS:
        return NO_OWNERS
    texts = [text for page in pages for text in (page.values() if isinstance(page, Mapping) else [page])]
    inner = [text for part in texts if isinstance(part, Mapping) for text in part.values()]
    accounts = {
        account for text in (*texts, *inner) if isinstance(text, str) for account in _callers(text[:_LOOKED_AT])
    }
    return Owners(tuple(sorted(accounts)), sure=True) if len(accounts) == 1 else NO_OWNERS


def owners_in(text: str, named: NamedOperation, kind: FileKind) -> Owners:
    """Whose a text is that a name calls the answer of an operation, or that begins as one."""
    call = named.call or _call_by_form(text)
    several = kind is FileKind.REFUSAL or (call is None and _TRANSCRIPT.search(text[:_FIRST_COMMANDS]) is not None)
    if call is None and not named.other and not several:
        return NO_OWNERS
    if callers := _callers(text):
        return Owners(callers, sure=True)
    if call is not None and call.service in _OWNERS_OF_NOBODY:
        return NO_OWNERS
    arns = _arns(text)
    if call is not None and call.id == GET_CALLER_IDENTITY:
        ids = {(place["account"], "") for place in _ID.finditer(text) if _is_opened(text, place.start())}
        return _owners(arns.get("sts", set()) | arns.get("iam", set()) or ids, sure=True)
    if several and (own := _identities(text) or arns.get("cloudwatch", set())):
        return _owners(own, sure=True)
    own = arns.get(call.service, set()) if call is not None else set()
    if own and call is not None:
        return _owners(own, sure=call.place != "resource" and any(entry.arn for entry in call.lists))
    places = {place for service, of_service in arns.items() if service not in _OWNERS_OF_NOBODY for place in of_service}
    return _owners(places) if len({account for account, _ in places}) == 1 else NO_OWNERS


def _identities(text: str) -> set[tuple[str, str]]:
    """Who asked, as answers of get-caller-identity among others have it."""
    return {(account, "") for account in _IDENTITY_MEMBER.findall(text)} if "UserId" in text else set()


def _arns(text: str) -> Mapping[str, set[tuple[str, str]]]:
    """By service the accounts and regions of the whole ARNs in a text."""
    places: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for arn in islice(_ARN.finditer(text), _MOST_ARNS):
        if _is_opened(text, arn.start()):
            places[arn["service"]].add((arn["account"], arn["region"]))
    return places


def _is_opened(text: str, start: int) -> bool:
    """Whether a cell, a value or a quoted text begins at a place."""
    return start == 0 or _OPENED.search(text[max(0, start - _INDENT) : start]) is not None


def _owners(places: set[tuple[str, str]], *, sure: bool = False) -> Owners:
    accounts = sorted({account for account, _ in places})
    regions = sorted({region for _, region in places if region})
    return Owners(tuple(accounts), tuple(regions), sure) if accounts else NO_OWNERS


def _callers(text: str) -> tuple[str, ...]:
    """The accounts in which calls were refused, and those into which nobody was let."""
    accounts = set(_FOR_USER.findall(text))
    for refused in _CALLER.finditer(text):
        entering = refused["action"].lower().startswith("sts:assumerole") and refused["target"]
        accounts.add(entering or refused["caller"])
    return tuple(sorted(accounts))


def _call_by_form(text: str) -> Call | None:
    """The call of which a text is the answer by how it begins."""
    if _IDENTITY.match(text):
        return calls()[GET_CALLER_IDENTITY]
    form = _FORM.match(text[:_BEGINNING])
    if form is None:
        return None
    word = form["text"] or form["operation"] or form["json"] or form["yaml"]
    return _calls_by_word().get(word)


@cache
def _calls_by_word() -> Mapping[str, Call]:
    """The calls by their operation's name and by their lists, as JSON, YAML and the text output write these."""
    by_word: dict[str, Call] = {}
    for call in calls().values():
        by_word.setdefault(call.operation, call)
        for entry in call.lists:
            by_word.setdefault(entry.member, call)
            by_word.setdefault(entry.member.upper(), call)
    return by_word
