"""A redacted result tells nobody who is notified, and changes no verdict."""

from __future__ import annotations

import copy
import io
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from auditor.errors import AuditorError
from auditor.redaction import RedactionKey, redacted
from auditor.reports import FORMATS, rendered
from auditor.result import AuditResult
from tests.textbook import alarm, subscription, textbook, write

SECRETS = {
    "email": "o'brien+ops@corp.example",
    "email-json": "security.team@corp.example",
    "sms": "+14155550123",
    "https": "https://hooks.slack.example/services/TEAM/BOT/s3cr3t?token=abc",
}
PARTS = ("brien", "security.team", "4155550123", "s3cr3t", "token=abc", "alice")


def result(tmp_path: Path) -> AuditResult:
    topic = subscription()["SubscriptionArn"].rsplit(":", 1)[0]
    subscriptions = [
        subscription(Protocol=protocol, Endpoint=endpoint, SubscriptionArn=f"{topic}:{number:036d}")
        for number, (protocol, endpoint) in enumerate(SECRETS.items())
    ]
    description = f"calls {SECRETS['email']} and {SECRETS['https']}, else alice@other.example"
    files = textbook(subscriptions=subscriptions, alarms=[alarm(AlarmDescription=description)])
    return audit(write(files, tmp_path / "bundle"), frameworks=["iso27001-2022"], controls=["ssm-actions"])


def everywhere(value: AuditResult) -> bytes:
    """Every byte of all reports, workbooks unpacked."""
    found = []
    for name, data in rendered(value, tuple(FORMATS)):
        if name.endswith((".xlsx", ".docx")):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                found += [archive.read(part) for part in archive.namelist()]
        else:
            found.append(data)
    return b"".join(found)


def test_no_report_holds_what_tells_who_is_notified(tmp_path: Path) -> None:
    plain = result(tmp_path)
    for chain in plain.document["findings"][0]["chains"]:
        chain["links"]["subscription"]["reason"] = f"pending: {SECRETS['sms']}; {SECRETS['email-json']}"
    before = everywhere(plain)
    assert [part for part in PARTS if part.encode() not in before] == []
    after = everywhere(redacted(plain, RedactionKey(b"k" * 32)))
    assert [part for part in PARTS if part.encode() in after] == []
    assert b"e-mail-" in after
    assert b"https://hooks.slack.example/url-" in after


def without_words(value: Any) -> Any:
    """A document with every text replaced by its kind."""
    if isinstance(value, dict):
        return {name: without_words(member) for name, member in value.items()}
    if isinstance(value, list):
        return [without_words(member) for member in value]
    return "text" if isinstance(value, str) else value


def test_verdicts_and_everything_but_texts_stay(tmp_path: Path) -> None:
    plain = result(tmp_path)
    before = copy.deepcopy(plain.document)
    short = redacted(plain, RedactionKey(b"k" * 32)).document
    assert plain.document == before, "the result that is redacted stays as it is"
    assert [one["verdict"] for one in short["findings"]] == [one["verdict"] for one in before["findings"]]
    assert [one["id"] for one in short["findings"]] == [one["id"] for one in before["findings"]]
    assert without_words({**short, "redaction": None}) == without_words({**before, "redaction": None})
    for part in ("options", "engagement", "controls", "frameworks", "rules", "captures", "bundle"):
        assert short[part] == before[part], part  # type: ignore[literal-required]
    assert AuditResult.from_json(AuditResult(short).to_json()).document == short


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("console-auth-failures@cis-1.2.0", True),
        ("arn:aws:sts::111122223333:assumed-role/Audit/alice@other.example", False),
        ("call alice@other.example.", False),
        ("+14155550199", False),
        ("2026-09-28T10:00:00+00:00", True),
        ("see https://docs.aws.amazon.com/sns/latest/dg/a.html", True),
        ("http://user:pw@hook.example/x", False),
        ("1 + 1 = 2 @ noon", True),
    ],
)
def test_what_looks_like_an_address_is_one(tmp_path: Path, text: str, kept: bool) -> None:
    plain = result(tmp_path)
    plain.document["problems"].append(
        {"file": "", "pointer": "", "problem": text, "remedy": "", "code": "x", "severity": "note"}
    )
    assert (redacted(plain, RedactionKey(b"k" * 32)).document["problems"][-1]["problem"] == text) is kept


def test_patterns_stay_but_for_subscribers(tmp_path: Path) -> None:
    plain = result(tmp_path)
    chain = plain.document["findings"][0]["chains"][0]
    chain["protocol"], chain["endpoint"] = "email-json", SECRETS["email-json"]
    chain["filter_pattern"] = f'{{ $.a != "bob@other.example" && $.b != "{SECRETS["email-json"]}" }}'
    pattern = redacted(plain, RedactionKey(b"k" * 32)).document["findings"][0]["chains"][0]["filter_pattern"]
    assert pattern is not None
    assert "bob@other.example" in pattern
    assert "security.team" not in pattern


def test_forms_are_those_of_the_key(tmp_path: Path) -> None:
    plain, path = result(tmp_path), tmp_path / "key.json"
    key = RedactionKey.at(path)
    first = redacted(plain, key)
    key.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert redacted(plain, RedactionKey.at(path)).to_json() == first.to_json()
    assert redacted(plain, RedactionKey(b"x" * 32)).to_json() != first.to_json()
    assert "alice@other.example" in RedactionKey.load(path).forms.values()
    with pytest.raises(AuditorError, match="redacted already"):
        redacted(first, key)


def test_subscribers_in_pieces_of_evidence_are_replaced_by_what_they_are(tmp_path: Path) -> None:
    plain = result(tmp_path)
    items = [{"Protocol": "sms", "Endpoint": "4915112345678"}, {"Protocol": "lambda", "Endpoint": "arn:aws:lambda:x"}]
    excerpt: Any = {"file": "a.json", "pointer": "/Subscriptions", "value": items, "left_out": 0}
    plain.document.setdefault("excerpts", []).append(excerpt)
    plain.document["findings"][0]["remarks"].append("4915112345678 is pending, 49151123456789 is a number")
    short = redacted(plain, RedactionKey(b"k" * 32)).document
    first, second = short["excerpts"][-1]["value"]
    assert first["Endpoint"].startswith("phone-")
    assert second == items[1]
    assert short["findings"][0]["remarks"][-1] == f"{first['Endpoint']} is pending, 49151123456789 is a number"


@pytest.mark.parametrize("text", ["", "{}", '{"secret": "00", "forms": {}}', '{"secret": "zz", "forms": {}}', "[1]"])
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "key.json").write_text(text)
    with pytest.raises(AuditorError, match="no key of a redaction"):
        RedactionKey.at(tmp_path / "key.json")
