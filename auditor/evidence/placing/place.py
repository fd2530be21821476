"""Where a capture comes from: the capture record, its content, its path, its siblings, in this order."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from auditor.arn import ACCOUNT_ID_TOKEN, REGION, REGION_TOKEN, account_named
from auditor.evidence.operations import Call, is_place, operation_called
from auditor.evidence.recognising import Recognised
from auditor.verdict import CaptureStatus, PlaceSource

_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_HOUR = r"(?:[01][0-9]|2[0-3])"
_TIME_STAMP = re.compile(
    f"(?:19[7-9][0-9]|20[0-9][0-9]){_DAY}{_HOUR}[0-5][0-9]|[23][0-9]{_DAY}{_HOUR}(?:[0-5][0-9]){{2}}"
)


@dataclass(frozen=True, slots=True)
class PathPlace:
    """What a path says: account and region (``""`` if nothing), whether a whole folder name said so.

    ``candidates`` are all accounts that whole folder names say, the nearest last; content chooses among them (rule X9).
    ``stamp`` are twelve digits that are a time stamp and that stand where an account could.
    """

    account_id: str
    region: str
    firm: bool  # a whole path component, not a token inside a name
    folder: str  # group of siblings for the region
    account_folder: str  # group of siblings for the account
    stem: str  # name without what names the call
    candidates: tuple[str, ...] = ()
    stamp: str = ""

    def choosing(self, accounts: Iterable[str]) -> PathPlace:
        """The same path, read as naming the only one of its candidates that is among ``accounts``."""
        chosen = {*self.candidates, *filter(None, [self.stamp])} & set(accounts)
        if len(chosen) != 1 or self.account_id in chosen:
            return self
        return replace(self, account_id=chosen.pop(), firm=True, stamp="")


@dataclass(frozen=True, slots=True)
class Placed:
    """A recognised answer and where it comes from.

    ``label`` is what its path calls the resource of a call about one where that fits none that is shown (rule T12).
    ``perhaps`` are the further accounts and regions of which one may be that is misplaced, or whose path names several
    accounts that nothing chooses among; ``rivals`` the further resources. ``speaker`` is who tells its place beside
    content and path.
    """

    recognised: Recognised
    where: PathPlace
    account_id: str = ""
    region: str = ""
    resource: str = ""
    label: str = ""
    source: PlaceSource = ""
    status: CaptureStatus = "captured"
    detail: str = ""
    perhaps: tuple[tuple[str, str], ...] = ()
    rivals: tuple[str, ...] = ()
    speaker: str = "the capture record"


def is_time_stamp(digits: str) -> bool:
    """Whether twelve digits are a time, ``YYYYMMDDhhmm`` or ``YYMMDDhhmmss`` of these decades (rule X9).

    >>> is_time_stamp("202609301015"), is_time_stamp("111122223333")
    (True, False)
    """
    return _TIME_STAMP.fullmatch(digits) is not None


def _only(tokens: Iterable[str]) -> tuple[str, str]:
    """The only account among tokens, and the only time stamp among them where there is no account."""
    accounts = {token for token in tokens if not is_time_stamp(token)}
    stamps = set(tokens) - accounts
    return (accounts.pop() if len(accounts) == 1 else "", stamps.pop() if len(stamps) == 1 and not accounts else "")


@lru_cache(maxsize=65536)
def _folder_place(folder: str, resource_folder: bool) -> PathPlace:
    parts = folder.split("/") if folder else []
    if resource_folder:
        naming = max(number for number, part in enumerate(parts) if not is_place(part))
        parts = parts[:naming] + parts[naming + 1 :]
    whole = [account for part in parts if (account := account_named(part))]
    region = next((part.lower() for part in reversed(parts) if REGION.fullmatch(part.lower())), "")
    accounts = [account for account in whole if not is_time_stamp(account)]
    account = accounts[-1] if accounts else ""
    stamp = "" if account else next(reversed(whole), "")
    if not account:
        for part in parts:
            token, other = _only(set(ACCOUNT_ID_TOKEN.findall(part)))
            account, stamp = account or token, stamp or other
    if not region:
        for part in parts:
            tokens = set(REGION_TOKEN.findall(part))
            if len(tokens) == 1:
                region = tokens.pop()
    account_folder = "/".join(part for part in parts if not REGION.fullmatch(part.lower()))
    stamp = "" if account else stamp
    return PathPlace(account, region, bool(accounts), "/".join(parts), account_folder, "", tuple(whole), stamp)


@lru_cache(maxsize=65536)
def resource_folder(folder: str) -> Call | None:
    """The call about one resource whose name a folder has, so that the files in it are named after resources (X7).

    Folders of accounts and regions may lie between.
    """
    naming = next((part for part in reversed(folder.split("/")) if not is_place(part)), "")
    call = operation_called(naming.split(".", 1)[0]).call
    return call if call is not None and call.place == "resource" else None


@lru_cache(maxsize=65536)
def path_place(path: str) -> PathPlace:
    """The account and region that a path names: whole folder names first, then parts of names.

    A resource's own file name (``…/sns-list-subscriptions-by-topic/NAME.json``) names no place.
    """
    folder, _, name = path.rpartition("/")
    in_resource_folder = resource_folder(folder) is not None
    folder_place = _folder_place(folder, in_resource_folder)
    if in_resource_folder and not names_place(path):
        return folder_place
    base, words = name.split(".", 1)[0], re.sub("[_.]", " ", name)
    account, stamp, region = folder_place.account_id, folder_place.stamp, folder_place.region
    if not account:
        account, other = _only({account_named(base)} - {""} or set(ACCOUNT_ID_TOKEN.findall(words)))
        stamp = "" if account else stamp or other
    if not region:
        tokens = set(REGION_TOKEN.findall(words))
        region = tokens.pop() if len(tokens) == 1 else ""
    stem = re.split(r"[-_ .]", base)[0] if re.search(r"[-_ .]", base) else ""
    stem = f"{folder_place.folder}/{stem}" if stem else ""
    return replace(folder_place, account_id=account, region=region, stem=stem, stamp=stamp)


def names_place(path: str) -> bool:
    """Whether what lies in a folder of files named after resources is named after its place alone: a member of an
    object of answers by region or account, or a file where no folder says as much.
    """
    folder, _, name = path.rpartition("/")
    if is_place(name):
        return True
    base = re.sub("[_.]", " ", name.split(".", 1)[0]).lower()
    if re.search("[a-z0-9]", ACCOUNT_ID_TOKEN.sub(" ", REGION_TOKEN.sub(" ", base))):
        return False
    of_folder = _folder_place(folder, True)
    regions, accounts = set(REGION_TOKEN.findall(base)), set(ACCOUNT_ID_TOKEN.findall(base))
    return regions <= {of_folder.region or max(regions, default="")} and accounts <= {
        of_folder.account_id or max(accounts, default="")
    }


def named_beside(path: str, call: Call, where: PathPlace) -> tuple[str, str]:
    """The account and the region that a file's own name says beside those of its folders, ``""`` if none.

    A name that says more than call and place may be that of anything, as of a log group.
    """
    folder, _, name = path.rpartition("/")
    if call.place == "resource" or resource_folder(folder) is not None:
        return "", ""
    base = re.sub("[_.]", " ", name.split(".", 1)[0]).lower()
    of_folder = _folder_place(folder, False)
    regions = set(REGION_TOKEN.findall(base)) if call.place == "region" and of_folder.region else set()
    ids = ACCOUNT_ID_TOKEN.findall(base) if of_folder.firm else []
    words = re.findall("[a-z]+", ACCOUNT_ID_TOKEN.sub(" ", REGION_TOKEN.sub(" ", base)))
    if not {*words} <= {*call.name.split("-"), "aws", "account", "region", "page", "part"}:
        return "", ""
    accounts = {account for account in ids if not is_time_stamp(account)}
    return _another(accounts, where.account_id), _another(regions, where.region)


def _another(names: set[str], own: str) -> str:
    return names.pop() if len(names) == 1 and own not in names else ""


def alias_of(where: PathPlace, call: Call) -> str:
    """The word with which a file's name begins where it is none of the call's: an owner's, as ``prod`` is."""
    word = where.stem.rpartition("/")[2].lower()
    return word if word.isalpha() and word not in call.name.split("-") and call.name.find(word) < 0 else ""


class Siblings:
    """Places of captures that lie together; a group whose members disagree tells nothing."""

    def __init__(self) -> None:
        self._accounts: dict[str, set[str]] = defaultdict(set)
        self._regions: dict[str, set[str]] = defaultdict(set)
        self._owners: dict[str, set[str]] = defaultdict(set)

    def add(self, where: PathPlace, call: Call, account_id: str, region: str) -> None:
        """Remember a placed capture for those that lie beside it."""
        if account_id and (alias := alias_of(where, call)):
            self._owners[where.account_folder].add(alias)
        if account_id:
            self._accounts[f"a:{where.account_folder}"].add(account_id)
            if where.stem:
                self._accounts[f"s:{where.stem}"].add(account_id)
        if region:
            self._regions[f"f:{where.folder}"].add(region)
            if where.stem:
                self._regions[f"s:{where.stem}"].add(region)

    def account(self, where: PathPlace, call: Call) -> str:
        """The account that all placed siblings agree on: those with the same name stem, else the folder's. A file that
        begins with another owner's alias than they do (``dev_`` beside ``prod_``) is not theirs."""
        alias, owners = alias_of(where, call), self._owners.get(where.account_folder, set())
        if alias and owners and alias not in owners:
            return ""
        return self._agreed(self._accounts, f"s:{where.stem}" if where.stem else "", f"a:{where.account_folder}")

    def region(self, where: PathPlace) -> str:
        """The region that all placed siblings agree on."""
        return self._agreed(self._regions, f"s:{where.stem}" if where.stem else "", f"f:{where.folder}")

    def know_accounts(self, where: PathPlace) -> bool:
        """Whether the account of any sibling is known, be it that they disagree."""
        return bool(self._accounts.get(f"a:{where.account_folder}"))

    @staticmethod
    def _agreed(places_of_group: dict[str, set[str]], *groups: str) -> str:
        for group in groups:
            places = places_of_group.get(group, set()) if group else set()
            if len(places) == 1:
                return next(iter(places))
        return ""
