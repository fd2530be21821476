"""The scope file: which accounts and regions the audit should cover, as the auditor was told (CSV, JSON or YAML)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor.arn import ACCOUNT_ID, REGION
from auditor.documents import check_escapes, column_name, read_text, read_yaml, rows
from auditor.errors import AuditorError
from auditor.text import listing, one_line

MAX_BYTES = 16_000_000  # a hundred thousand accounts with long names
COLUMNS = ("account_id", "name", "path", "owner", "regions", "in_scope", "reason")
_YES = ("", "yes", "true", "1", "in", "y")
_NO = ("no", "false", "0", "out", "n")


@dataclass(frozen=True, slots=True)
class ScopeEntry:
    """One account of the scope. ``regions`` () means: those on by default and those in use."""

    account_id: str
    name: str
    path: str
    owner: str
    regions: tuple[str, ...]
    in_scope: bool
    reason: str


def read_scope(path: str | Path) -> tuple[ScopeEntry, ...]:
    """The accounts of a scope file, ordered by id.

    CSV with a header row (``;`` and tab separate as well), or a list of objects as JSON or YAML; columns
    ``account_id name path owner regions in_scope reason``, of which only ``account_id`` must be there.

    Raises:
        AuditorError: unreadable, an unknown column, an id of other than twelve digits (a spreadsheet drops
            leading zeros), an account named twice, an unknown region; names the line.
    """
    file = str(path)
    entries: dict[str, ScopeEntry] = {}
    for place, row in _rows(path):
        entry = _entry(file, place, row)
        if entry.account_id in entries:
            raise AuditorError(
                f"names account {entry.account_id} twice.", file=file, pointer=place, remedy="Keep one row per account."
            )
        entries[entry.account_id] = entry
    if not entries:
        raise AuditorError("names no account.", file=file, remedy=f"Write a header row: {', '.join(COLUMNS)}.")
    return tuple(entries[account_id] for account_id in sorted(entries))


def _rows(path: str | Path) -> list[tuple[str, Mapping[str, object]]]:
    file = str(path)
    if Path(path).suffix.lower() in (".yaml", ".yml"):
        return _listed(read_yaml(path, MAX_BYTES, "Write one account an item, each member on a line."), file)
    text = read_text(path, MAX_BYTES, "Is it the scope file?")
    if text.lstrip().startswith(("[", "{")):
        check_escapes(text, file)
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise AuditorError(f"is no JSON ({error}).", file=file, remedy="Mend it, or give a CSV file.") from None
        return _listed(document, file)
    table = list(rows(text, file, ("account_id",)))
    header = [column_name(cell) for cell in table[0][1]] if table else []
    unknown = [name for name in header if name and name not in COLUMNS]
    if "account_id" not in header or unknown:
        what = f"has the unknown column {listing(unknown)}" if unknown else "has no column account_id"
        raise AuditorError(f"{what}.", file=file, pointer="line 1", remedy=f"The columns are: {', '.join(COLUMNS)}.")
    return [(f"line {line}", dict(zip(header, cells, strict=False))) for line, cells in table[1:]]


def _listed(document: object, file: str) -> list[tuple[str, Mapping[str, object]]]:
    entries = document.get("accounts") if isinstance(document, dict) else document
    if not isinstance(entries, list) or not all(isinstance(row, dict) for row in entries):
        raise AuditorError("is no list of accounts.", file=file, remedy='Write [{"account_id": "…"}, …].')
    return [(f"/{number}", row) for number, row in enumerate(entries)]


def _entry(file: str, place: str, row: Mapping[str, object]) -> ScopeEntry:
    def text_of(name: str) -> str:
        value = row.get(name)
        return str(value).strip() if value is not None and not isinstance(value, list) else ""

    account = text_of("account_id").replace("-", "")
    if not ACCOUNT_ID.fullmatch(account):
        raise AuditorError(
            f"account id {one_line(text_of('account_id'), 40)!r} has {len(account)} characters and not twelve digits.",
            file=file,
            pointer=place,
            remedy="Write it with its leading zeros; a spreadsheet keeps them in a column formatted as text.",
        )
    listed_regions = row.get("regions")
    regions = (
        tuple(str(region) for region in listed_regions)
        if isinstance(listed_regions, list)
        else tuple(text_of("regions").replace(";", " ").replace(",", " ").replace("|", " ").split())
    )
    wrong = [region for region in regions if not REGION.fullmatch(region)]
    if wrong:
        raise AuditorError(
            f"{one_line(listing(wrong), 80)} is no region.", file=file, pointer=place, remedy="Write them as eu-west-1."
        )
    answer = text_of("in_scope").lower()
    if answer not in (*_YES, *_NO):
        raise AuditorError(
            f"in_scope {one_line(answer, 40)!r} is neither yes nor no.",
            file=file,
            pointer=place,
            remedy="Write yes or no.",
        )
    return ScopeEntry(
        account, text_of("name"), text_of("path"), text_of("owner"), regions, answer in _YES, text_of("reason")
    )
