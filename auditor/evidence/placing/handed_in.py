"""Who was handed in: the accounts after which folders, archives and files of a bundle are named, and those of an
organisation's listing, or of entries of it, that cannot be used, and those that name themselves in files which are no
captures (rule X9).

An account of which nothing can be read is among them: the worse the evidence, the worse the report, never the cleaner.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from auditor.arn import ACCOUNT_ID, ACCOUNT_WRITTEN, account_named
from auditor.bundle import is_archive_name
from auditor.errors import Problem
from auditor.evidence.call_ids import LIST_ACCOUNTS, LIST_DELEGATED_ADMINISTRATORS
from auditor.evidence.placing.capture import Capture
from auditor.evidence.placing.identities import identity_accounts
from auditor.evidence.placing.place import Placed, is_time_stamp, path_place, resource_folder
from auditor.evidence.reading import Owners, accounts_in, accounts_in_cell, owners_in_answer

# 444455556666, 4444-5555-6666, 444455556666-prod, account_444455556666; of folders and archives whatever stands before,
# as acme-444455556666 or account=444455556666, but for digits
_ACCOUNT = rf"({ACCOUNT_WRITTEN})(?![0-9A-Za-z])(?P<more>.*)"
_DOTTED = re.compile(r"(?<![0-9])([0-9]{4})\.([0-9]{4})\.([0-9]{4})(?![0-9])")
_FILE_NAMED = re.compile(rf"(?:(?:aws|account|acct|acc)[-_ ]*)*{_ACCOUNT}", re.IGNORECASE)
_FOLDER_NAMED = re.compile(
    rf"(?:aws|account|acct|acc)*(?:[^0-9A-Za-z]*(?:[a-z][a-z0-9]*[^0-9A-Za-z]+)*)?{_ACCOUNT}", re.IGNORECASE
)

# Archives that are not opened: of another kind, encrypted, or called otherwise than they are.
_PACKED = re.compile(
    r"\.(?:7z|rar|cab|iso|tar|zipx|t?bz2|tbz|t?xz|t?zst|gpg|pgp|age|enc|p7m"
    r"|(?:zip|tar\.gz|tgz)(?: ?\([0-9]+\)|\.[0-9a-z]+))$",
    re.IGNORECASE,
)


def accounts_handed_in(
    names: Iterable[str], paths: Iterable[str], problems: Iterable[Problem], placed: Iterable[Placed]
) -> tuple[str, ...]:
    """The accounts that the names of what was given, of its folders, archives and files are, in order.

    ``paths`` are those of the members, ``problems`` those of what could not be opened. Of folders in folders each
    counts, whoever's the answers below are; twelve digits that are a time stamp do only where no folder of the path is
    named otherwise and none of the answers below, ``placed``, is another account's.
    """
    below = _placed_below(placed)
    accounts = {account for name in names if (account := _account_of(name))}
    for path in {*paths, *(problem.file for problem in problems)}:
        *folders, file = path.split("/")
        named = [account for folder in folders if (account := _account_of(folder))]
        stamps = [account for account in named if is_time_stamp(account)]
        accounts |= {*named} - {*stamps}
        if stamps and len(stamps) == len(named) and below.get(stamps[-1], {stamps[-1]}) <= {stamps[-1]}:
            accounts.add(stamps[-1])
        of_folder = is_archive_name(file) or _PACKED.search(file) is not None
        own = "" if resource_folder("/".join(folders)) is not None else _account_of(file, of_folder=of_folder)
        if own and (of_folder or not is_time_stamp(own)):
            accounts.add(own)
    return tuple(sorted(accounts))


def accounts_listed(captures: Iterable[Capture], placed: Iterable[Placed], listed: Iterable[str]) -> tuple[str, ...]:
    """The accounts that unusable answers of list-accounts, unusable entries of others, delegated administrators and
    other listings, ``listed``, name, in order.

    Whatever state these tell is not relied on. Of accounts that usable entries show, those decide.
    """
    accounts = {*listed}
    shown: set[str] = set()
    for answer in placed:
        accounts.update(answer.recognised.accounts)
    for capture in captures:
        if capture.call.id not in (LIST_ACCOUNTS, LIST_DELEGATED_ADMINISTRATORS):
            continue
        if not capture.usable:
            accounts.update(accounts_in(capture.pages))
            continue
        (shown if capture.call.id == LIST_ACCOUNTS else accounts).update(_ids(capture))
        for page, member, number in capture.skipped:
            accounts.update(_accounts_of_entry(capture.pages[page][member][number]))
    return tuple(sorted(accounts - shown))


def _accounts_of_entry(entry: object) -> tuple[str, ...]:
    """The accounts that an unusable entry of a listing names: by its id, by its ARN, which may be another one's, or,
    where neither does, wherever an id stands in it.
    """
    named = entry if isinstance(entry, Mapping) else {}
    last = str(named.get("Arn") or "").rpartition("/")[2]
    by_arn = (last,) if ACCOUNT_ID.fullmatch(last) else ()
    return (*accounts_in_cell(str(named.get("Id") or ""), headed=True), *by_arn) or accounts_in(entry)


def _ids(capture: Capture) -> set[str]:
    """The accounts that the usable entries of a listing are."""
    return {str(item.get("Id")) for entry in capture.call.lists for *_, item in capture.items(entry)}


def accounts_of_texts(texts: Iterable[tuple[str, Owners]], placed: Iterable[Placed], above: str) -> tuple[str, ...]:
    """The accounts whose the files are, in order, that no record, path or answer beside them says to be anybody's.

    ``texts`` are those that are no captures, by their path below ``above``. What is sure counts; what may be of an
    account that another one merely uses does where nothing else in its folder says whose it is. An identity hands its
    account in wherever it lies.
    """
    texts, placed = tuple(texts), tuple(placed)
    shown = {capture.where.account_folder for capture in placed if capture.account_id}
    shown |= {path_place(above + path).account_folder for path, owners in texts if owners.sure}
    accounts: set[str] = set()
    for path, owners in texts:
        where = path_place(above + path)
        if not where.account_id and (owners.sure or where.account_folder not in shown):
            accounts.update(owners.accounts)
    accounts.update(identity_accounts(placed, texts))
    for capture in placed:
        owners = capture.recognised.owners if capture.account_id else _owners_of(capture)
        if not capture.where.account_id and (not capture.account_id or (owners.sure and capture.source != "record")):
            accounts.update(owners.accounts)
    return tuple(sorted(accounts))


def _owners_of(capture: Placed) -> Owners:
    """Whose an answer is of which no account is known: as its text has it, or the ARNs in its pages."""
    entry = capture.recognised
    misplaced = tuple(sorted({account for account, _ in capture.perhaps}))
    if misplaced or not entry.pages:
        return Owners(misplaced, sure=True) if misplaced else entry.owners
    return owners_in_answer(entry.pages, entry.call)


def _placed_below(placed: Iterable[Placed]) -> dict[str, set[str]]:
    """By the account that a folder's name says: the accounts of the answers below it."""
    below: dict[str, set[str]] = defaultdict(set)
    for capture in placed:
        for folder in capture.recognised.spoken.split("/")[:-1]:
            if capture.account_id and (account := _account_of(folder)):
                below[account].add(capture.account_id)
    return below


@lru_cache(maxsize=65536)
def _account_of(name: str, *, of_folder: bool = True) -> str:
    """The account after which a folder, archive or other file is named, ``""`` if none; a time stamp only if it is the
    whole name.
    """
    base = _DOTTED.sub(r"\1-\2-\3", name.lstrip(".")).split(".", 1)[0]
    account_name = (_FOLDER_NAMED if of_folder else _FILE_NAMED).fullmatch(base)
    if account_name is None:
        return ""
    account = account_named(account_name[1])
    return "" if is_time_stamp(account) and base != account_name[1] else account
