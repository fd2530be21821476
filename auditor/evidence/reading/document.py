"""A member as a document: what its bytes say, with its path and its digest."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.bundle import Member
from auditor.evidence.reading.decode import Decoded, decode
from auditor.evidence.reading.listed_accounts import Membership, accounts_in_document, memberships_in
from auditor.evidence.reading.owners import NO_OWNERS, Owners, owners_of
from auditor.evidence.reading.record_tables import rows_of_record


@dataclass(frozen=True, slots=True)
class Document:
    """A member that was decoded. ``accounts`` are those that it names as a listing of accounts which is no answer of
    list-accounts, ``owners`` those whose it is by what else it says, ``memberships`` the organisations in which it says
    accounts to be, ``rows`` those of a table of files and calls.
    """

    path: str
    sha256: str
    size: int
    decoded: Decoded
    accounts: tuple[str, ...] = ()
    owners: Owners = NO_OWNERS
    memberships: frozenset[Membership] = frozenset()
    rows: tuple[dict[str, str], ...] = ()

    def is_called(self, *names: str) -> bool:
        """Whether the file's own name begins with one of these, case aside."""
        return self.path.rpartition("/")[2].lower().startswith(names)


def document(member: Member) -> Document:
    """What a member's bytes say."""
    decoded = decode(member)
    accounts, owners = accounts_in_document(member, decoded), owners_of(member, decoded)
    memberships = memberships_in(member.data)
    rows = rows_of_record(member, decoded)
    return Document(member.path, member.sha256, member.size, decoded, accounts, owners, memberships, rows)
