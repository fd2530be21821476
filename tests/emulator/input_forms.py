"""The same captures in the forms in which clients send them: loose files, CloudMapper's folders, mailed archives."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from tests.emulator.account import Account, account_named
from tests.emulator.quarterly import ACCOUNTS, REGIONS

_ZIP_TIME = (2026, 9, 28, 9, 0, 0)
_SECONDS = datetime(*_ZIP_TIME, tzinfo=UTC).timestamp()
_DS_STORE = b"\x00\x00\x00\x01Bud1\x00\x00\x10\x00\x00\x00\x08\x00"
_APPLE_DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        "
_REFUSAL = (
    "\nAn error occurred (AuthorizationError) when calling the ListSubscriptionsByTopic operation: "
    "User: arn:aws:sts::012345678901:assumed-role/ReadOnly/k.lind is not authorized to perform: "
    "SNS:ListSubscriptionsByTopic on resource: arn:aws:sns:eu-west-1:012345678901:security-alerts "
    "because no identity-based policy allows the SNS:ListSubscriptionsByTopic action\n"
)
_README = """Exports for the Q3 review, taken on 28 September 2026 by K. Lind (platform team).
prod = 111122223333, ledger = 012345678901, cards = 333344445555.
Cards was done on the Windows machine. I had no permission for the ledger subscriptions, see the file.
"""


def make_loose(quarterly: Path, folder: Path) -> None:
    """Files of three accounts, named and saved by hand: several encodings, pages, compression, other files."""
    folder.mkdir(parents=True)
    prod, ledger, cards = (account_named(name, ACCOUNTS) for name in ("payments-prod", "ledger-prod", "cards-prod"))
    named = {
        "prod": f"prod_{prod.account_id}_{prod.home}",
        "ledger": f"ledger_{ledger.account_id}_{ledger.home}",
        "cards": f"cards_{cards.account_id}_{cards.home}",
    }
    pages = _pages(_document(quarterly, prod, "cloudwatch-describe-alarms"), "MetricAlarms", "NextToken")
    iso_alarms = _iso_times(_document(quarterly, ledger, "cloudwatch-describe-alarms"))
    filters = _document(quarterly, ledger, "logs-describe-metric-filters")
    files: dict[str, bytes] = {
        # Notepad saves UTF-8 with a byte order mark
        f"{named['prod']}_trails.json": b"\xef\xbb\xbf" + _bytes(quarterly, prod, "cloudtrail-describe-trails"),
        f"{named['prod']}_filters.json": _bytes(quarterly, prod, "logs-describe-metric-filters"),
        # --no-paginate in a loop, >> one file: pages one after the other, times as CLI v1 prints them
        f"{named['prod']}_alarms.json": b"".join(_printed(page) for page in pages),
        f"{named['prod']}_subscriptions.json": _bytes(quarterly, prod, _subscriptions(prod)),
        f"{named['ledger']}_trails.json": _bytes(quarterly, ledger, "cloudtrail-describe-trails"),
        # one file per page; AWS may answer with an empty page that has a token
        f"{named['ledger']}_filters_1.json": _printed({"metricFilters": [], "nextToken": "AAAAbGVkZ2Vy"}),
        f"{named['ledger']}_filters_2.json": _printed(filters),
        f"{named['ledger']}_alarms.json": _printed(iso_alarms),
        f"{named['ledger']}_subscriptions.json": _REFUSAL.encode(),
        # PowerShell 5.1: > writes UTF-16 with a byte order mark and CRLF
        f"{named['cards']}_trails.json": _windows(_bytes(quarterly, cards, "cloudtrail-describe-trails")),
        f"{named['cards']}_filters.json.gz": gzip.compress(
            _bytes(quarterly, cards, "logs-describe-metric-filters"), mtime=0
        ),
        f"{named['cards']}_alarms.json": _bytes(quarterly, cards, "cloudwatch-describe-alarms").replace(b"\n", b"\r\n"),
        f"{named['cards']}_subscriptions.json": _bytes(quarterly, cards, _subscriptions(cards)),
        "README.txt": _README.encode(),
        ".DS_Store": _DS_STORE,
    }  # fmt: skip
    for name, data in files.items():
        (folder / name).write_bytes(data)


def make_cloudmapper(quarterly: Path, folder: Path) -> None:
    """``account-data/`` of CloudMapper's ``collect``: folders by account name, keys sorted, times as ISO strings.

    CloudMapper collects neither metric filters nor the subscriptions of a topic unless its
    ``collect_commands.yaml`` is extended, which was done for all accounts but web-prod.
    Layout: github.com/duo-labs/cloudmapper, ``commands/collect.py`` and ``collect_commands.yaml``.
    """
    for name, extended in (("payments-prod", True), ("risk-engine", True), ("web-prod", False)):
        account = account_named(name, ACCOUNTS)
        target = folder / "account-data" / name
        regions = [
            {
                "Endpoint": f"ec2.{region}.amazonaws.com",
                "OptInStatus": "opt-in-not-required",
                "RegionName": region,
            }
            for region in REGIONS
        ]
        _write(target / "describe-regions.json", _sorted({"Regions": regions}))
        for path, document in _cloudmapper_answers(quarterly, account, extended):
            document.pop("LogAlarms", None)  # CloudMapper asks for no alarm types and gets metric alarms only
            _write(target / path, _sorted(_iso_times(document)))


def make_mailed(quarterly: Path, folder: Path) -> None:
    """One archive per account, as each came by mail: from a Mac, from Windows, from Linux."""
    folder.mkdir(parents=True)
    mac, windows, linux = (account_named(name, ACCOUNTS) for name in ("payments-prod", "mobile-test", "ledger-prod"))
    _zip(
        folder / f"{mac.account_id}.zip",
        {"__MACOSX/._" + mac.account_id: _APPLE_DOUBLE} | dict(_files(quarterly, mac)),
    )
    # Compress-Archive of PowerShell 5.1 writes backslashes between folders
    _zip(
        folder / f"{windows.account_id}.zip",
        {path.replace("/", "\\"): data for path, data in _files(quarterly, windows)},
    )
    _tar_gz(folder / f"{linux.account_id}.tar.gz", dict(_files(quarterly, linux)))


def _cloudmapper_answers(quarterly: Path, account: Account, extended: bool) -> Iterator[tuple[str, Any]]:
    place = quarterly / account.account_id
    yield (
        "us-east-1/sts-get-caller-identity.json",
        json.loads((place / "us-east-1/sts-get-caller-identity.json").read_bytes()),
    )
    calls = ["cloudtrail-describe-trails", "cloudwatch-describe-alarms", "logs-describe-log-groups", "sns-list-topics"]
    calls += ["logs-describe-metric-filters"] if extended else []
    for region in REGIONS:
        for call in calls:
            yield f"{region}/{call}.json", json.loads((place / region / f"{call}.json").read_bytes())
    about = [("cloudtrail-get-event-selectors", account.trail_arn), ("sns-get-topic-attributes", account.topic_arn)]
    about += [("sns-list-subscriptions-by-topic", account.topic_arn)] if extended else []
    for call, arn in about:
        name = arn.replace("/", ":").rpartition(":")[2]
        document = json.loads((place / account.home / call / f"{name}.json").read_bytes())
        yield f"{account.home}/{call}/{quote_plus(arn)}", document


def _subscriptions(account: Account) -> str:
    return f"sns-list-subscriptions-by-topic/{account.topic}"


def _bytes(quarterly: Path, account: Account, name: str) -> bytes:
    return (quarterly / account.account_id / account.home / f"{name}.json").read_bytes()


def _document(quarterly: Path, account: Account, name: str) -> Any:
    return json.loads(_bytes(quarterly, account, name))


def _pages(document: dict[str, Any], member: str, token: str) -> list[dict[str, Any]]:
    """Two pages of half the items each; the first has a token."""
    half = len(document[member]) // 2
    first, second = document[member][:half], document[member][half:]
    return [document | {member: first, token: "page-2"}, document | {member: second}]


def _iso_times(value: Any, name: str = "") -> Any:
    """The document with the times that CLI v1 prints as numbers in ISO 8601, as CLI v2 and boto3 have them."""
    if isinstance(value, dict):
        return {key: _iso_times(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_iso_times(inner, name) for inner in value]
    if name.endswith("Timestamp") and isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC).isoformat()
    return value


def _printed(document: Any) -> bytes:
    return json.dumps(document, indent=4, ensure_ascii=False).encode() + b"\n"


def _sorted(document: Any) -> bytes:
    return json.dumps(document, indent=4, sort_keys=True).encode()


def _windows(data: bytes) -> bytes:
    return data.decode().replace("\n", "\r\n").encode("utf-16")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _files(quarterly: Path, account: Account) -> list[tuple[str, bytes]]:
    found = sorted((quarterly / account.account_id).rglob("*.json"))
    return [(path.relative_to(quarterly).as_posix(), path.read_bytes()) for path in found]


def _zip(path: Path, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), data)  # stored: the same bytes with any zlib


def _tar_gz(path: Path, files: dict[str, bytes]) -> None:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(data), int(_SECONDS)
            archive.addfile(entry, io.BytesIO(data))
    path.write_bytes(gzip.compress(content.getvalue(), mtime=0))
