"""Rules X1, V3: the names of files show that a page or part is missing, and only where their numbers count these."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import load
from auditor.evidence.call_ids import DESCRIBE_ALARMS, DESCRIBE_TRAILS, LIST_SUBSCRIPTIONS_BY_TOPIC
from tests.textbook import ACCOUNT, REGION, alarm, subscription, trail, write

PLACE = f"{ACCOUNT}/{REGION}"
CASES = [
    ("alarms_page1", "alarms_page3", "alarms_page2"),
    ("alarms-1", "alarms-3", "alarms-2"),
    ("alarms-2", "alarms-3", "alarms-1"),
    ("alarms.001", "alarms.003", "alarms.2"),
    ("alarms (part 1)", "alarms (part 3)", "alarms (part 2)"),
    ("alarms", "alarms_3", "alarms_2"),
    ("page-1/alarms", "page-3/alarms", "page-2/alarms"),
    ("alarms-20260928-1", "alarms-20260928-3", "alarms-20260928-2"),
    ("alarms-a", "alarms-c", "alarms-2"),
    ("alarms_first", "alarms_third", "alarms_2"),
    ("alarms-a", "alarms-b", ""),
    ("alarms-1", "alarms-2", ""),
    ("alarms-0", "alarms-1", ""),
    ("alarms", "alarms.page2", ""),
    ("alarms-us-east-1", "alarms-us-east-1.page2", ""),
    ("2026-09-28/alarms", "2026-09-30/alarms", ""),
]


def lacking(folder: Path, *names: str, token: bool = True) -> str:
    """What the alarms of a place lack, where all files but the last leave a token."""
    files = {
        f"{PLACE}/{name}.json": {"MetricAlarms": [alarm(name=f"a{number}")], "CompositeAlarms": []}
        | ({"NextToken": f"t{number}"} if token and number < len(names) - 1 else {})
        for number, name in enumerate(names)
    }
    response = load(open_bundle([write(files, folder)])).responses.get(DESCRIBE_ALARMS, ACCOUNT, REGION)
    return response.detail if response.code == "truncated" else ""


@pytest.mark.parametrize(("first", "last", "missing"), CASES)
def test_a_page_between_two(tmp_path: Path, first: str, last: str, missing: str) -> None:
    detail = lacking(tmp_path, first, last)
    assert (f"{PLACE}/{missing}" in detail) if missing else detail == ""


@pytest.mark.parametrize(
    ("names", "is_missing"),
    [
        pytest.param(("describe-alarms.page2",), True, id="a second page alone"),
        pytest.param(("homepage2",), False, id="no word of its own"),
        pytest.param(("alarms-2",), False, id="a number alone"),
        pytest.param(("alarms-1", "alarms-3"), False, id="two answers that are whole"),
    ],
)
def test_where_no_file_leaves_a_token(tmp_path: Path, names: tuple[str, ...], is_missing: bool) -> None:
    assert bool(lacking(tmp_path, *names, token=False)) is is_missing


PARTS = """
describe-alarms-1of3|describe-alarms-2of3|describe-alarms_3_of_3|describe-alarms (1 of 3)|describe-alarms [1 out of 3]
describe-alarms-page-1-of-3|describe-alarms-part1of2|1of2/describe-alarms|describe-alarms-Teil 1 von 2
describe-alarms.part-00000-of-00002|describe-alarms-1%2F2|describe-alarms-1of3 (1)|describe-alarms-1-of-n
describe-alarms-part-1-2|describe-alarms.partial|describe-alarms-incomplete|describe-alarms-chunk2
describe-alarms_batch2|describe-alarms-p2|describe-alarms (p. 2)|describe-alarms-Teil2|describe-alarms-parte2
describe-alarms-part-b|describe-alarms-page-two|describe-alarms-second-page|describe-alarms-2nd-page
describe-alarms-last-page|describe-alarms-part-ii|describe-alarms/chunk_002|describe-alarms-first-half
describe-alarms-page no. 2|describe-alarms-part=2|describe-alarms-part%202|describe-alarmsPage2|describe-alarms-rest
describe-alarms-part 1 (of 2)|describe-alarms-offset-50|describe-alarms-51-100|describe-alarms-continued
"""
NO_PARTS = """
describe-alarms-1of1|describe-alarms-page1|describe-alarms-chunk1|describe-alarms-2|describe-alarms_01
describe-alarms (2)|describe-alarms-v2|describe-alarms-2026-09-28|describe-alarms-20260928-2|describe-alarms-Q3-2026
describe-alarms-run2|describe-alarms-us-west-2|describe-alarms-copy 2|describe-alarms-batch-2026-09-28
describe-alarms-prod2|describe-alarms-p2-team|describe-alarms-batch-20260928|describe-alarms-department-2
p2/describe-alarms-prod|out-of-hours|describe-alarms-rest-api|describe-alarms-09-28|describe-alarms-2025-2026
describe-alarms-10-15|describe-alarms-part-time|describe-alarms-region1of
"""


@pytest.mark.parametrize(
    ("names", "are_parts"), [(PARTS, True), (NO_PARTS, False)], ids=["numbers of parts", "numbers of something else"]
)
def test_what_a_name_alone_says_of_parts(tmp_path: Path, names: str, are_parts: bool) -> None:
    accounts = {f"{200_000_000_000 + at}": name for at, name in enumerate(names.strip().replace("\n", "|").split("|"))}
    answer = {"MetricAlarms": [], "CompositeAlarms": []}
    files = {f"{account}/us-west-2/{name}.json": answer for account, name in accounts.items()}
    responses = load(open_bundle([write(files, tmp_path)])).responses
    codes = {
        name: responses.get(DESCRIBE_ALARMS, account, "us-west-2").code for account, name in accounts.items()
    }  # fmt: skip
    assert codes == dict.fromkeys(codes, "truncated" if are_parts else "")


@pytest.mark.parametrize("above", ["part-2", "batch2", "upload-1of3", "evidence-part2", "Lieferung Teil 2"])
def test_a_delivery_in_parts_is_no_answer_in_parts(tmp_path: Path, above: str) -> None:
    files = {f"{above}/{PLACE}/describe-alarms.json": {"MetricAlarms": [alarm()], "CompositeAlarms": []}}
    assert load(open_bundle([write(files, tmp_path)])).responses.get(DESCRIBE_ALARMS, ACCOUNT, REGION).complete


def test_all_parts_by_their_names_are_the_whole(tmp_path: Path) -> None:
    names = [f"describe-alarms-{number}of3" for number in (1, 2, 3)]
    files = {
        f"{PLACE}/{name}.json": {"MetricAlarms": [alarm(name=name)], "CompositeAlarms": []} for name in names
    }  # fmt: skip
    evidence = load(open_bundle([write(files, tmp_path)]))
    assert evidence.responses.get(DESCRIBE_ALARMS, ACCOUNT, REGION).complete
    assert not evidence.problems


@pytest.mark.parametrize(
    ("whole", "code"), [(["part", "other"], ""), (["other"], "contradictory")], ids=["holds the part", "lacks it"]
)
def test_a_whole_answer_beside_a_part_of_it(tmp_path: Path, whole: list[str], code: str) -> None:
    answers = {"describe-alarms-1of3": ["part"], "describe-alarms": whole}
    files = {
        f"{PLACE}/{name}.json": {"MetricAlarms": [alarm(name=listed) for listed in alarms], "CompositeAlarms": []}
        for name, alarms in answers.items()
    }
    assert load(open_bundle([write(files, tmp_path)])).responses.get(DESCRIBE_ALARMS, ACCOUNT, REGION).code == code


def test_a_part_is_a_problem_of_its_file(tmp_path: Path) -> None:
    file = f"{PLACE}/describe-trails-2of2.json"
    evidence = load(open_bundle([write({file: {"trailList": [trail()]}}, tmp_path)]))
    response = evidence.responses.get(DESCRIBE_TRAILS, ACCOUNT, REGION)
    assert (response.code, response.detail) == (
        "truncated", f"the name {file} says that there are 2 parts, and part 1 is missing",
    )  # fmt: skip
    assert [(problem.file, problem.code) for problem in evidence.problems] == [(file, "truncated")]


@pytest.mark.parametrize(("topic", "code"), [("alerts", "truncated"), ("alerts-1of3", "")])
def test_the_name_of_a_resource_says_nothing_of_parts(tmp_path: Path, topic: str, code: str) -> None:
    arn = f"arn:aws:sns:{REGION}:{ACCOUNT}:{topic}"
    answer = {"Subscriptions": [subscription(TopicArn=arn, SubscriptionArn=f"{arn}:0f1e2d3c")]}
    files = {f"{PLACE}/sns-list-subscriptions-by-topic/alerts-1of3.json": answer}
    responses = load(open_bundle([write(files, tmp_path)])).responses
    assert responses.get(LIST_SUBSCRIPTIONS_BY_TOPIC, ACCOUNT, REGION, arn).code == code
