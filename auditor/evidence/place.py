"""Where a capture comes from: the capture record, its content, its path, its siblings, in this order."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from auditor.arn import ACCOUNT_ID, REGION, parse_arn
from auditor.evidence.registry import Call, calls

_ACCOUNT_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9]{12}(?![0-9A-Za-z])")
_REGION_TOKEN = re.compile(
    r"(?<![0-9A-Za-z])"
    r"(?:af|ap|ca|cn|eu|eusc|il|me|mx|sa|us)(?:-(?:gov|iso[a-z]?|de))?"
    r"-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-[0-9]{1,2}"
    r"(?![0-9A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class PathPlace:
    """What a path says: account and region (``""`` if nothing), whether a whole folder name said so."""

    account_id: str
    region: str
    firm: bool  # a whole path component, not a token inside a name
    folder: str  # group of siblings for the region
    account_folder: str  # group of siblings for the account
    stem: str  # name without what names the call


@lru_cache(maxsize=65536)
def _folder_place(folder: str, resource_folder: bool) -> tuple[str, str, bool, str, str]:
    parts = folder.split("/") if folder else []
    if resource_folder:
        parts = parts[:-1]
    account = region = ""
    firm = False
    for part in parts:
        if ACCOUNT_ID.fullmatch(part):
            account, firm = part, True
        elif REGION.fullmatch(part):
            region = part
    if not account:
        for part in parts:
            tokens = set(_ACCOUNT_TOKEN.findall(part))
            if len(tokens) == 1:
                account = tokens.pop()
    if not region:
        for part in parts:
            tokens = set(_REGION_TOKEN.findall(part))
            if len(tokens) == 1:
                region = tokens.pop()
    account_folder = "/".join(part for part in parts if not REGION.fullmatch(part))
    return account, region, firm, "/".join(parts), account_folder


@lru_cache(maxsize=4096)
def _resource_folders() -> frozenset[str]:
    return frozenset(call.name for call in calls().values() if call.place == "resource")


def path_place(path: str) -> PathPlace:
    """The account and region that a path names: whole folder names first, then parts of names.

    A resource's own file name (``…/sns-list-subscriptions-by-topic/NAME.json``) names no place.
    """
    folder, _, name = path.rpartition("/")
    resource_folder = folder.rpartition("/")[2].lower() in _resource_folders()
    account, region, firm, siblings, account_folder = _folder_place(folder, resource_folder)
    if resource_folder:
        return PathPlace(account, region, firm, siblings, account_folder, "")
    base = name.split(".", 1)[0]
    if not account:
        tokens = set(_ACCOUNT_TOKEN.findall(base.replace("_", " ")))
        account = tokens.pop() if len(tokens) == 1 else ""
    if not region:
        tokens = set(_REGION_TOKEN.findall(base.replace("_", " ")))
        region = tokens.pop() if len(tokens) == 1 else ""
    stem = re.split(r"[-_ .]", base)[0] if re.search(r"[-_ .]", base) else ""
    return PathPlace(account, region, firm, siblings, account_folder, f"{siblings}/{stem}" if stem else "")


def content_place(call: Call, pages: Iterable[dict[str, Any]]) -> tuple[set[str], set[str]]:
    """Accounts and regions that the ARNs inside an answer name, for calls whose registry entry tells where."""
    accounts: set[str] = set()
    regions: set[str] = set()
    for page in pages:
        if call.id == "sts:GetCallerIdentity" and isinstance(page.get("Account"), str):
            accounts.add(page["Account"])
        for entry in call.lists:
            items = page.get(entry.member)
            if entry.arn is None or call.place == "resource" or not isinstance(items, list):
                continue
            arns = [item.get(entry.arn) for item in items if isinstance(item, dict)]
            texts = [text for text in arns if isinstance(text, str)]
            while texts:
                arn = parse_arn(texts[0])
                if arn is None:
                    texts = texts[1:]
                    continue
                accounts.add(arn.account_id)
                regions.add(arn.region)
                prefix = f"arn:{arn.partition}:{arn.service}:{arn.region}:{arn.account_id}:"
                texts = [text for text in texts if not text.startswith(prefix)]
    return accounts - {""}, regions - {""}


class Siblings:
    """Places of captures that lie together; a group whose members disagree tells nothing."""

    def __init__(self) -> None:
        self._accounts: dict[str, set[str]] = defaultdict(set)
        self._regions: dict[str, set[str]] = defaultdict(set)

    def add(self, where: PathPlace, account_id: str, region: str) -> None:
        """Remember a placed capture for those that lie beside it."""
        if account_id:
            self._accounts[f"a:{where.account_folder}"].add(account_id)
            if where.stem:
                self._accounts[f"s:{where.stem}"].add(account_id)
        if region:
            self._regions[f"f:{where.folder}"].add(region)
            if where.stem:
                self._regions[f"s:{where.stem}"].add(region)

    def account(self, where: PathPlace) -> str:
        """The account that all placed siblings agree on: those with the same name stem, else the folder's."""
        return self._agreed(self._accounts, f"s:{where.stem}" if where.stem else "", f"a:{where.account_folder}")

    def region(self, where: PathPlace) -> str:
        """The region that all placed siblings agree on."""
        return self._agreed(self._regions, f"s:{where.stem}" if where.stem else "", f"f:{where.folder}")

    @staticmethod
    def _agreed(known: dict[str, set[str]], *groups: str) -> str:
        for group in groups:
            places = known.get(group, set()) if group else set()
            if len(places) == 1:
                return next(iter(places))
        return ""
