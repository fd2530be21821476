"""The letter that is sent to the client, as Markdown and as a Word document."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import pytest

from auditor.reports.requests_docx import requests_document
from auditor.reports.requests_md import requests_page
from auditor.result import AuditResult
from tests.reports.example_result import HOSTILE, example_document, example_result, person


def result(*requests: dict[str, Any], **changes: Any) -> AuditResult:
    document = example_document()
    base = document["requests"][0]
    numbered = [
        {**base, "number": f"{one.get('set', 'R-001')}.{number}", **one} for number, one in enumerate(requests, 1)
    ]
    document["requests"] = numbered  # type: ignore[typeddict-item]
    return AuditResult(document | changes)  # type: ignore[arg-type]


def page(*requests: dict[str, Any], **changes: Any) -> str:
    return requests_page(result(*requests, **changes)).decode()


def words(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_who_asks_whom_and_by_when() -> None:
    engagement = {
        **(example_document()["engagement"] or {}), "requests_due": "2026-10-31", "requests_to": "evidence@example.com",
    }  # fmt: skip
    made = result({}, engagement=engagement)
    text = requests_page(made).decode()
    assert text.startswith("# Evidence requested – Example \\& Sons GmbH\n")
    assert "| Needed by | 2026-10-31 |" in text
    assert "| Send to | evidence@example.com |" in text
    assert "| Control period | 2026-07-01 to 2026-09-30 |" in text
    document = words(requests_document(made))
    for told in ("Example & Sons GmbH", "2026-10-31", "evidence@example.com", "2026-07-01 to 2026-09-30"):
        assert told in document


def test_one_block_for_an_account_with_what_was_wrong_and_the_commands() -> None:
    text = requests_page(example_result()).decode()
    assert "we need 2 exports from 2 accounts." in text
    assert "#### R-001: account 101010101010 network, 1 export\n" in text
    assert "\n- 101010101010/us-east-1/subscriptions.json: The file is empty.\n" in text
    assert (
        "\nbegin 101010101010 && {\n"
        "save 101010101010/us-east-1/sns-list-subscriptions-by-topic/alerts.json aws sns list-subscriptions-by-topic "
        "--topic-arn arn:aws:sns:us-east-1:101010101010:alerts --region us-east-1 --output json\n"
        "finish R-001; }\n"
    ) in text
    assert "IAM actions needed: cloudtrail:DescribeTrails, sns:ListSubscriptionsByTopic." in text
    assert "What only the answers can name, we may have to ask for afterwards: metric filters and alarms of " in text


def test_owners_get_their_own_accounts() -> None:
    document = example_document()
    population = dict(document["population"])
    population["accounts"] = [person("111111111111", "a", owner="Payments"), person("222222222222", "b", owner="Cards")]
    text = page(
        {"set": "R-001", "account_id": "111111111111"}, {"set": "R-002", "account_id": "222222222222"},
        {"set": "R-003", "account_id": "333333333333"}, population=population,
    )  # fmt: skip
    heads = [line for line in text.splitlines() if line.startswith("###")]
    assert heads == [
        "### Cards", "#### R-002: account 222222222222 b, 1 export",
        "### Payments", "#### R-001: account 111111111111 a, 1 export",
        "### Owner not known", "#### R-003: account 333333333333, 1 export",
    ]  # fmt: skip


def test_the_same_in_many_regions_is_one_line_and_one_loop() -> None:
    regions = ("eu-west-1", "eu-west-2", "us-east-1")
    text = page(
        *(
            {"region": region, "call": "cloudtrail:DescribeTrails", "resource": "",
             "what": f"CloudTrail trails ({region})",
             "save_as": f"101010101010/{region}/cloudtrail-describe-trails.json",
             "command": f"aws cloudtrail describe-trails --region {region} --output json"}
            for region in regions
        )
    )  # fmt: skip
    assert "| R-001.1 and 2 more | CloudTrail trails (eu-west-1, eu-west-2 and us-east-1) |" in text
    assert (
        "\nfor region in eu-west-1 eu-west-2 us-east-1; do\n"
        '  save "101010101010/$region/cloudtrail-describe-trails.json" aws cloudtrail describe-trails '
        '--region "$region" --output json\n  trails "$region"\ndone\n'
    ) in text


def test_questions_alone_are_no_exports() -> None:
    text = page({"command": "", "why": "Who reads queue a?"}, {"command": "", "why": "Who reads queue b?"})
    assert "we need 2 answers from 1 account." in text
    assert "- **R-001.1** Who reads queue a?" in text
    assert "- **R-001.2** Who reads queue b?" in text
    assert "```" not in text


def test_what_strengthens_is_a_part_of_its_own() -> None:
    more = {**example_document()["requests"][0], "number": "S-001.1", "set": "S-001", "material": True}
    made = result({}, strengthening=[{**more, "purpose": "open_point"}])
    text = requests_page(made).decode()
    assert "1 further export would strengthen conclusions already reached." in text
    first, second = text.split("## To strengthen conclusions already reached")
    assert "## To conclude" in first
    assert "| S-001.1 |" in second
    assert "| Material. " in second
    assert "To strengthen conclusions already reached" in words(requests_document(made))


@pytest.mark.parametrize(("accounts", "rows"), [(20, 20), (21, 1)])
def test_many_that_only_strengthen_are_one_row_of_the_overview(accounts: int, rows: int) -> None:
    example = example_document()["requests"][0]
    more = [{**example, "number": f"S-{number:03d}.1", "set": f"S-{number:03d}"} for number in range(1, accounts + 1)]
    first = requests_page(result({}, strengthening=more)).decode().split("## To conclude")[0]
    assert first.count("| S-0") == rows
    assert ("| S-001 … S-021 | 21 accounts | – | 21 exports: see To strengthen" in first) == (rows == 1)


def test_hostile_text_is_no_markup_and_ends_no_block() -> None:
    text = page({"what": HOSTILE["script"] + "[x](javascript:1)", "why": "a\n# b", "command": "a ```\n## c `````"})
    assert r"\<script\>alert(1)\</script\>\[x\](javascript:1)" in text
    assert [line for line in text.splitlines() if line.startswith("# ")] == [
        "# Evidence requested – Example \\& Sons GmbH"
    ]
    assert "\n" + "`" * 6 + "sh\nbegin " in text


def test_whatever_names_hold_the_document_opens() -> None:
    made = result(*({"what": told, "why": told, "command": f"aws {told}"} for told in HOSTILE.values()))
    assert "\x1b" not in requests_page(made).decode()
    assert r"invoice\u202efdp.exe" in words(requests_document(made))


def test_the_document_has_no_time_of_day() -> None:
    first = requests_document(example_result())
    assert first == requests_document(example_result())
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2013" not in package.read("docProps/core.xml")  # the template's own date
