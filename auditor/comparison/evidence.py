"""Which captures two results rest on, so that what only the evidence changed is told from what the client did."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from auditor.result import Finding, ResultDocument
from auditor.verdict import Verdict

Key = tuple[str, str, str, str]  # call, account, region, resource
_SHOWN = ("captured", "presence_only", "refused")  # a refusal can be evidence: AWS knows no such topic (S3)


class Captured:
    """The captures of one result, by what was asked and where."""

    def __init__(self, document: ResultDocument) -> None:
        self._keys: dict[str, Key] = {}
        self.shown: set[Key] = set()
        self.whole: set[Key] = set()
        for capture in document["captures"]:
            key = (capture["call"], capture["account_id"], capture["region"], capture["resource"])
            self._keys[capture["file"]] = key
            if capture["status"] in _SHOWN:
                self.shown.add(key)
            if capture["status"] == "captured" and capture["complete"] and capture["valid"]:
                self.whole.add(key)

    def decisive(self, finding: Finding) -> set[Key]:
        """What was asked where, of the answers that a FAIL rests on."""
        link = finding["broken_link"]
        if finding["verdict"] != Verdict.FAIL or link is None:
            return set()
        cited = {
            index
            for chain in finding["chains"]
            if chain["decides"] and link in chain["links"]
            for index in chain["links"][link]["evidence"]
        }
        items = finding["evidence"]
        files = [items[index]["file"] for index in sorted(cited) if index < len(items)] or [i["file"] for i in items]
        return {self._keys[file] for file in files if file in self._keys}

    def lost(self, other: Captured, accounts: Iterable[str]) -> set[Key]:
        """The answers of these accounts that are whole here and not in the other result."""
        of = set(accounts)
        return {key for key in self.whole - other.whole if key[1] in of}

    def accounts(self, finding: Finding) -> set[str]:
        """The accounts whose captures bear on a finding."""
        files = (item["file"] for item in finding["evidence"])
        return {finding["account_id"], *(self._keys[file][1] for file in files if file in self._keys)}


def differences(before: Captured, after: Captured, accounts: Collection[str]) -> list[str]:
    """The answers of these accounts that are whole in one of two results only, in words."""
    return [
        *(f"captured now, not then: {_words(key)}" for key in sorted(after.lost(before, accounts))),
        *(f"captured then, not now: {_words(key)}" for key in sorted(before.lost(after, accounts))),
    ]


def _words(key: Key) -> str:
    call, account, region, resource = key
    return f"{call} ({', '.join(filter(None, [account, region, resource]))})"
