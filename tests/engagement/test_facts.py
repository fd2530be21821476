"""The engagement file: words of people, read as they stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.api import audit
from auditor.engagement.facts import MAX_BYTES, read_engagement
from auditor.errors import AuditorError
from tests.textbook import ACCOUNT, textbook, write

WORDS = {
    "client": "No",
    "engagement": "2026",
    "firm": "Example & Partners",
    "confidentiality": "Confidential: named client only",
    "period": "2026-07-01/2026-09-30",
}
YAML = """\
client: No
engagement: 2026
firm: Example & Partners
confidentiality: "Confidential: named client only"
period: 2026-07-01/2026-09-30
"""


@pytest.mark.parametrize("text", [YAML, YAML.replace("\n", "\r\n"), json.dumps(WORDS), "\ufeff" + json.dumps(WORDS)])
def test_yaml_and_json_give_the_same_words(tmp_path: Path, text: str) -> None:
    file = tmp_path / "engagement"
    file.write_bytes(text.encode())
    facts = read_engagement(file)
    assert {**facts.engagement, "period": facts.period} == WORDS


def test_other_files_are_found_from_the_engagement_file(tmp_path: Path) -> None:
    file = tmp_path / "q3" / "engagement.yaml"
    file.parent.mkdir()
    file.write_text("client: A\nscope: accounts.csv\nwaivers: accepted.csv\n")
    assert read_engagement(file).scope == tmp_path / "q3" / "accounts.csv"
    assert read_engagement(file).waivers == tmp_path / "q3" / "accepted.csv"
    assert read_engagement(WORDS).scope is read_engagement(WORDS).waivers is None


def test_the_scope_of_the_engagement_decides_unless_another_is_given(tmp_path: Path) -> None:
    bundle = write(textbook(), tmp_path / "bundle")
    (tmp_path / "scope.csv").write_text("account_id\n999900001111\n")
    (tmp_path / "other.csv").write_text(f"account_id\n{ACCOUNT}\n")
    told = {"client": "A", "scope": str(tmp_path / "scope.csv"), "period": "2026Q3"}
    result = audit(bundle, engagement=told, controls=["ssm-actions"]).document
    assert [one["account_id"] for one in result["findings"]] == ["999900001111"]
    assert result["period"] == {"start": "2026-07-01", "end": "2026-09-30"}
    result = audit(bundle, engagement=told, scope=tmp_path / "other.csv", controls=["ssm-actions"]).document
    assert [one["account_id"] for one in result["findings"]] == [ACCOUNT]


def test_an_empty_period_is_no_period(tmp_path: Path) -> None:
    with pytest.raises(AuditorError, match="--period '' is no period"):
        audit(write(textbook(), tmp_path / "bundle"), period="")
    with pytest.raises(AuditorError, match="--captured-on '' is no date"):
        audit(write(textbook(), tmp_path / "again"), captured_on="")


def test_a_mapping_is_read_like_a_file() -> None:
    assert read_engagement(WORDS).period == WORDS["period"]


def test_what_is_not_said_is_empty() -> None:
    facts = read_engagement({"client": "Example Ltd"})
    assert facts.engagement == {"client": "Example Ltd", "engagement": "", "firm": "", "confidentiality": ""}
    assert facts.period is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"client: 'a", "line 1: is not YAML"),
        (b"client: a\n\tfirm: b", "line 2: is not YAML"),
        (b"- a\n- b", "is no engagement file"),
        (b"", "is no engagement file"),
        (b'{"client": 5}', "/client:"),
        (b'{"client": ', "is not JSON"),
        (b"client: \xff\xfe", "byte 8: is no UTF-8 text"),
        (b"client: &a x\nfirm: *a", "line 2: uses a YAML alias or brackets"),
        (b"client: !!python/object/apply:os.getcwd []", "alias or brackets"),
        (b"cleint: a\nfirm: b", "/cleint: has the unknown member cleint. Did you mean client?"),
        (b"requirement: a", "says nothing about an engagement"),
        (b"waiver: accepted.csv", "has the unknown member waiver. Did you mean waivers?"),
        (b"client: " + b"x" * MAX_BYTES, "is larger than"),
        (b"[" * 30_000, "nested too deeply"),
        (b"{" * 30_000, "is not"),
        (b"client: " + b"{" * 30_000, "alias or brackets"),
        (b'{"client":' * 6_000, "is not"),
    ],
)
def test_a_bad_file_is_one_line_with_a_place(tmp_path: Path, data: bytes, words: str) -> None:
    file = tmp_path / "engagement.yaml"
    file.write_bytes(data)
    with pytest.raises(AuditorError) as caught:
        read_engagement(file)
    line = str(caught.value)
    assert line.startswith(str(file))
    assert words in line
    assert "\n" not in line


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AuditorError, match="No such file"):
        read_engagement(tmp_path / "nothing.yaml")


def test_further_members_are_accepted(tmp_path: Path) -> None:
    file = tmp_path / "engagement.yaml"
    file.write_text("client: A\npartner: B\n")
    assert read_engagement(file).engagement["client"] == "A"


def test_by_when_and_to_whom_requests_are_answered() -> None:
    engagement = read_engagement({**WORDS, "requests_due": "2026-10-31", "requests_to": "a@example.com"}).engagement
    assert (engagement["requests_due"], engagement["requests_to"]) == ("2026-10-31", "a@example.com")
    assert "requests_due" not in read_engagement(WORDS).engagement


@pytest.mark.parametrize("due", ["31.10.2026", "soon", "2026-13-01"])
def test_a_due_date_that_is_none_is_one_line(due: str) -> None:
    with pytest.raises(AuditorError, match=r"requests_due .* is no date\. Write it as 2026-10-31\."):
        read_engagement({**WORDS, "requests_due": due})
