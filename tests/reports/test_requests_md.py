"""The page that is sent to the client."""

from __future__ import annotations

from typing import Any

from auditor.reports.requests_md import requests_page
from auditor.result import AuditResult
from tests.reports.example_result import HOSTILE, example_document, example_result


def page(*requests: dict[str, Any]) -> str:
    document = example_document()
    document["requests"] = [{**document["requests"][0], **one} for one in requests]  # type: ignore[typeddict-item]
    return requests_page(AuditResult(document)).decode()


def test_example() -> None:
    text = requests_page(example_result()).decode()
    assert text.startswith("# Evidence requested – Example \\& Sons GmbH\n\nTo conclude the test of controls for the ")
    assert "we need 2 exports." in text
    assert "\n\nWhere to start: 1 of 2 INCONCLUSIVE findings needs only R-001 (The subscriptions of " in text
    assert "\n## 101010101010 network, us-east-1\n\n**R-001** The subscriptions of the topic alerts. Whether " in text
    assert (
        "\n```sh\naws sns list-subscriptions-by-topic --topic-arn arn:aws:sns:us-east-1:101010101010:alerts "
        "--region us-east-1 --output json\n```\n\nSave as: "
        "101010101010/us-east-1/sns-list-subscriptions-by-topic/arn%3Aaws%3Asns%3Aus-east-1%3A101010101010%3Aalerts.json\n"
    ) in text


def test_grouped_by_account_and_region_each_command_once() -> None:
    text = page(
        {"number": "R-001", "account_id": "222222222222", "region": "eu-west-1", "command": "aws b"},
        {"number": "R-002", "account_id": "111111111111", "region": "us-east-1", "command": "aws c"},
        {"number": "R-003", "account_id": "222222222222", "region": "eu-west-1", "command": "aws b"},
        {"number": "R-004", "account_id": "111111111111", "region": "eu-west-1", "command": "aws b"},
    )
    heads = [line for line in text.splitlines() if line.startswith("## ")]
    assert heads == ["## 111111111111, eu-west-1", "## 111111111111, us-east-1", "## 222222222222, eu-west-1"]
    assert text.count("aws b\n") == 2
    assert "we need 3 exports." in text


def test_every_question_in_words_is_asked_and_shows_no_empty_command() -> None:
    text = page(
        {"number": "R-001", "account_id": "111111111111", "region": "", "command": "", "why": "Who reads queue a?"},
        {"number": "R-002", "account_id": "111111111111", "region": "", "command": "", "why": "Who reads queue b?"},
        {"number": "R-003", "account_id": "111111111111", "region": "us-east-1", "command": "aws c"},
    )
    assert "Who reads queue a?" in text
    assert "Who reads queue b?" in text
    assert text.count("```sh\n") == 1
    assert "we need 1 export and 2 answers. Please run each command" in text


def test_questions_alone_are_no_exports() -> None:
    text = page({"number": "R-001", "region": "", "command": "", "why": "Who reads queue a?"})
    assert "we need 1 answer.\n" in text
    assert "run each command" not in text


def test_hostile_text_is_no_markup_and_ends_no_block() -> None:
    text = page({"what": HOSTILE["script"] + "[x](javascript:1)", "why": "a\n# b", "command": "a ```\n## c `````"})
    assert r"\<script\>alert(1)\</script\>\[x\](javascript:1)" in text
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Evidence requested – Example \\& Sons GmbH",
        "## 101010101010 network, us-east-1",
        "## c `````",
    ]
    fence = "`" * 6
    assert f"\n{fence}sh\na ```\n## c `````\n{fence}\n" in text


def test_escape_codes_are_shown() -> None:
    text = page({"what": HOSTILE["escape_code"], "command": f"aws {HOSTILE['right_to_left']}"})
    assert "\x1b" not in text
    assert r"aws invoice\u202efdp.exe" in text
