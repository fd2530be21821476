"""Whose credentials answered in a folder, where an identity in it is another account's (rules T5, X9).

A script whose ``assume-role`` fails goes on with the credentials that it has, and writes the answers into the folder
of the account that it meant. What names its account there is that account's all the same; whose the rest is, such as
metric filters and empty lists, nobody knows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from auditor.arn import ACCOUNT_ID, REGION, account_named, account_of, parse_arn
from auditor.errors import Problem
from auditor.evidence.call_ids import GET_CALLER_IDENTITY, LIST_ACCOUNTS
from auditor.evidence.operations import calls, operation_called
from auditor.evidence.placing.place import Placed, alias_of, path_place
from auditor.evidence.placing.resource_names import bare, label_of, resources_in
from auditor.evidence.reading import Owners
from auditor.evidence.recognising import Recognised, Record, content_place, place_shown_by_trails, with_own
from auditor.text import listing, one_line
from auditor.verdict import CaptureStatus

_ANSWERS = ("captured", "presence_only", "refused")
_BY_ELIMINATION = ("siblings", "scope")
_DIGIT = re.compile("[0-9]")
_IDENTITY = re.compile(
    r"whoami|who-am-i|identity|caller|account[-_ ]?id", re.IGNORECASE
)  # what people call such a file


@dataclass(frozen=True, slots=True)
class _Identity:
    """Who called, as a file says; ``alias``: the owner's with which its name begins, ``""`` if with none.

    ``recorded``: of one call alone, in its capture record or its refusal, which speaks for others only where nothing
    contradicts it.
    """

    file: str
    account_id: str
    alias: str = ""
    recorded: bool = False


def identity_accounts(placed: Iterable[Placed], texts: Iterable[tuple[str, Owners]]) -> Iterator[str]:
    """The accounts whose identities a bundle holds, in whichever folder these lie (rule X9)."""
    for path, owners in texts:
        if _is_identity(path, owners):
            yield from owners.accounts
    for part in placed:
        if part.recognised.call.id == GET_CALLER_IDENTITY and part.recognised.printed != "made up":
            yield from _callers(part.recognised)


class Identities:
    """The identities in a bundle, by the folder for which each speaks and the account after which that is named."""

    def __init__(
        self,
        placed: Sequence[Placed],
        records: Mapping[str, Record],
        texts: Iterable[tuple[str, Owners]],
        above: str,
    ) -> None:
        """``texts`` are files that are no captures, each with whose it is; paths are read below ``above``."""
        self._records = records
        self._near: dict[tuple[str, str], dict[_Identity, None]] = defaultdict(dict)
        self._home: dict[tuple[str, str], dict[_Identity, None]] = defaultdict(dict)
        known: set[tuple[str, str, str]] = set()
        for part in placed:
            folder = _folder(part.recognised.spoken)
            account = path_place(above + part.recognised.spoken).account_id  # the innermost, whatever the answer says
            for identity in _identities(part, with_own(records.get(part.recognised.path), part.recognised.own)):
                if identity.recorded and (folder, account, identity.account_id) in known:
                    continue  # thousands of calls of one caller
                known.add((folder, account, identity.account_id))
                self._add(identity, folder, account)
        for path, owners in texts:
            if _is_identity(path, owners):
                for caller in owners.accounts:
                    self._add(_Identity(path, caller), _folder(path), path_place(above + path).account_id)

    def _add(self, identity: _Identity, folder: str, account: str) -> None:
        self._near[folder, account][identity] = None
        self._home[_home(folder, account), account][identity] = None

    def disputed(self, placed: Sequence[Placed]) -> tuple[list[Placed], list[Problem]]:
        """The answers, those proving nothing of which their folder alone says whose they are, where the identity in it
        is another account's; and a problem with each such identity.
        """
        doubtful: dict[_Identity, set[str]] = defaultdict(set)
        judged = []
        for part in placed:
            account = part.account_id
            given = part.where.account_id == account or part.source in _BY_ELIMINATION
            other = self._other(part, account) if account and given and part.status in _ANSWERS else None
            if other is None or _names_its_own(part, account):
                judged.append(part)
            else:
                doubtful[other].add(account)
                judged.append(_of_either(part, account, other))
        return judged, [_problem(identity, sorted(accounts)) for identity, accounts in doubtful.items()]

    def _other(self, part: Placed, account: str) -> _Identity | None:
        """The identity of another account than the one that the folder of an answer is of; None if there is none."""
        entry, where = part.recognised, part.where
        if not self._near and not self._records and entry.own is None:
            return None  # nobody says who called
        record = with_own(self._records.get(entry.path), entry.own)
        caller = record.caller_account if record is not None else ""
        if caller:  # it says of this very call who made it
            return _Identity(entry.path, caller, recorded=True) if caller != account else None
        alias = alias_of(where, entry.call)
        identities = [
            identity
            for identity in self._speaking(_folder(entry.spoken), where.account_id)
            if where.account_id or not alias or identity.alias in ("", alias)
        ]
        own = any(identity.account_id == account for identity in identities)
        others = (
            identity
            for identity in identities
            if identity.account_id != account and not (own and (identity.recorded or not where.account_id))
        )
        return next(others, None)

    def _speaking(self, folder: str, account: str) -> Iterable[_Identity]:
        """The identities of the nearest folder that holds some, else of the others that lie in the account's."""
        home = _home(folder, account)
        while True:
            if (account or _home(folder, "") == home) and (near := self._near.get((folder, account))):
                return near
            if not folder:
                return self._home.get((home, account), ())
            folder = folder.rpartition("/")[0]


def _of_either(part: Placed, account: str, other: _Identity) -> Placed:
    """An answer that is of one of two accounts; that it shows what the first names by ARN stands all the same."""
    says = f"{one_line(other.file, 120)} says that account {other.account_id} called, not account {account}"
    if _shows(part.recognised, account):
        status: CaptureStatus = "presence_only" if part.status == "captured" else part.status
        return replace(part, status=status, detail=says)
    perhaps = tuple((either, part.region) for either in sorted({account, other.account_id}))
    return replace(part, status="misplaced", detail=says, perhaps=perhaps)


def _is_identity(path: str, owners: Owners) -> bool:
    """Whether a text that is no capture says who called, by its name."""
    return owners.sure and _IDENTITY.search(path.rpartition("/")[2]) is not None


def _problem(identity: _Identity, accounts: Sequence[str]) -> Problem:
    return Problem(
        identity.file, "",
        f"account {identity.account_id} called, in a place of account {listing(accounts)}: of the answers there that "
        "name no account nobody knows whose they are.",
        f"Capture account {listing(accounts)} again with credentials of its own, or leave out an identity that is not "
        "of these calls.",
        "another-identity",
    )  # fmt: skip


def _identities(part: Placed, record: Record | None) -> Iterator[_Identity]:
    """Who called, as an answer or its capture record says it."""
    entry = part.recognised
    if entry.call.id == GET_CALLER_IDENTITY:
        alias = alias_of(part.where, entry.call)
        yield from (_Identity(entry.path, account, alias) for account in _callers(entry))
        return
    # Of topics others may be asked, and an organisation by its management account alone (N3, T8).
    own = entry.call.place != "resource" and not entry.call.id.startswith("organizations:")
    if own and record is not None and record.caller_account and not record.disputed:
        yield _Identity(entry.path, record.caller_account, recorded=True)
    elif own and part.status == "refused" and entry.owners.sure:  # AWS's message names whom it refused
        yield from (_Identity(entry.path, account, recorded=True) for account in entry.owners.accounts)


def _callers(entry: Recognised) -> list[str]:
    """The accounts that an answer of get-caller-identity names, be it in another format than JSON."""
    accounts = content_place(entry.call, entry.pages)[0] or (entry.owners.accounts if entry.owners.sure else ())
    return sorted(filter(ACCOUNT_ID.fullmatch, accounts))


def _names_its_own(part: Placed, account: str) -> bool:
    """Whether an answer says itself whose it is, or what it is about, or is of no account by itself."""
    entry = part.recognised
    if entry.call.id in (GET_CALLER_IDENTITY, LIST_ACCOUNTS) or entry.about:
        return True
    if entry.call.place != "resource":
        return (
            account in content_place(entry.call, entry.pages)[0]
            or account == (place_shown_by_trails(entry.call, entry.pages)[0])
        )
    if entry.call.resource == "key":  # whose id is nobody else's
        return True
    named = (part.resource, bare(label_of(entry.spoken, entry.call)[0]).replace("_", ":"))
    inside = (name for page in entry.pages if isinstance(page, dict) for name in resources_in(page, entry.call))
    return any(map(parse_arn, (*named, *inside)))


def _shows(entry: Recognised, account: str) -> bool:
    """Whether an answer lists a thing that is an account's by its ARN, though others may be told of it, too."""
    return any(
        account_of(str(item.get(member))) == account
        for listed in entry.call.lists
        for page in entry.pages
        for item in (page.get(listed.member) if isinstance(page.get(listed.member), list) else ())
        if isinstance(item, dict)
        for member in listed.identity
    )


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


@lru_cache(maxsize=65536)
def _home(folder: str, account: str) -> str:
    """A folder without the names of regions, services and calls: that of the account, or the one it is known by.

    Below the folder of the account only what may be a day tells one run of a script from another.
    """
    parts = folder.split("/")
    own = next((number for number, part in enumerate(parts) if account and account_named(part) == account), len(parts))
    return "/".join(
        part
        for number, part in enumerate(parts)
        if not (REGION.fullmatch(part.lower()) or _named_as_call(part) or (number > own and not _DIGIT.search(part)))
    )


def _named_as_call(name: str) -> bool:
    return name.lower() in _services() or operation_called(name.split(".", 1)[0]).call is not None


@cache
def _services() -> frozenset[str]:
    return frozenset(call.name.partition("-")[0] for call in calls().values())
