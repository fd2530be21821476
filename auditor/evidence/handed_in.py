"""Who was handed in: the accounts after which folders, archives and files of a bundle are named (rule X9).

An account of which nothing can be read is among them: the worse the evidence, the worse the report, never the cleaner.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from auditor.bundle import is_archive_name
from auditor.errors import Problem
from auditor.evidence.place import Placed, account_named, is_time_stamp, resource_folder

# 444455556666, 4444-5555-6666, 444455556666-prod, account_444455556666
_NAMED = re.compile(
    r"(?:(?:aws|account|acct|acc)[-_ ]*)*([0-9]{12}|[0-9]{4}-[0-9]{4}-[0-9]{4})(?![0-9A-Za-z])(?P<more>.*)",
    re.IGNORECASE,
)


def accounts_handed_in(
    names: Iterable[str], paths: Iterable[str], problems: Iterable[Problem], placed: Iterable[Placed]
) -> tuple[str, ...]:
    """The accounts that the names of what was given, of its folders, archives and files are, in order.

    ``paths`` are those of the members, ``problems`` those of what could not be opened. Of folders in folders the
    innermost that is named after an account counts; a time stamp does where none of what lies below, ``placed``, is
    another account's.
    """
    found = {account for name in names if (account := _account_of(name))}
    stamped: dict[str, set[str]] = defaultdict(set)
    for path in {*paths, *(problem.file for problem in problems)}:
        *folders, file = path.split("/")
        inside = [account for folder in reversed(folders) if (account := _account_of(folder))]
        accounts = [account for account in inside if not is_time_stamp(account)]
        own = "" if resource_folder("/".join(folders)) is not None else _account_of(file)
        if own and (is_archive_name(file) or not is_time_stamp(own)):
            accounts.append(own)
        found.update(accounts[:1], accounts[-1:] if own else ())
        if not accounts:
            stamped.update({account: stamped[account] for account in inside[:1]})
    for one in placed:
        for folder in one.recognised.spoken.split("/")[:-1] if stamped else ():
            if (account := _account_of(folder)) in stamped:
                stamped[account].add(one.account_id)
    found.update(stamp for stamp, accounts in stamped.items() if not accounts - {"", stamp})
    return tuple(sorted(found))


def _account_of(name: str) -> str:
    """The account after which a folder or file is named, ``""`` if none; a time stamp only if it is the whole name."""
    base = name.split(".", 1)[0]
    found = _NAMED.fullmatch(base)
    if found is None:
        return ""
    account = account_named(found[1])
    return "" if is_time_stamp(account) and base != found[1] else account
