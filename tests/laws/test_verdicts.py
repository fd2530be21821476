"""Laws of verdicts over generated bundles: what may change a finding, and in which direction."""

from __future__ import annotations

import gzip
import json
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.laws.bundles import ACCOUNTS, accounts, bundles, judged, told, verdicts, whole
from tests.remediation.mending import mended
from tests.textbook import ACCOUNT, REGION, Files, textbook

REQUIRED = ("cloudtrail-describe-trails", "logs-describe-metric-filters", "cloudwatch-describe-alarms", "sns-list-sub")
slow = examples(40)


@slow
@given(bundles(), accounts("999988887777"))
def test_an_unrelated_account_changes_no_finding(files: Files, more: Files) -> None:
    before, after = whole(judged(files)), whole(judged(files | more))
    assert {account: after[account] for account in before} == before


@slow
@given(bundles(), st.data())
def test_removing_a_required_capture_never_makes_a_pass(files: Files, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(files)))
    fewer = {other: content for other, content in files.items() if other != path}
    if not fewer:
        return
    before, after = verdicts(files), verdicts(fewer)
    assert any(name in path for name in REQUIRED)
    for account in before:
        if after.get(account) == "PASS":
            assert before[account] == "PASS"


@slow
@given(bundles())
def test_strict_never_turns_inconclusive_into_pass_or_fail(files: Files) -> None:
    before, after = verdicts(files), verdicts(files, strict=True)
    for account, verdict in before.items():
        assert after[account] in (verdict, "INCONCLUSIVE")


@slow
@given(bundles())
def test_a_pass_of_the_letter_is_a_pass_of_the_objective(files: Files) -> None:
    for finding in judged(files).document["findings"]:
        if finding["verdict"] == "PASS":
            assert finding["objective"] == "PASS"


@slow
@given(bundles())
def test_covers_makes_the_verdict_the_objective(files: Files) -> None:
    objective = {finding["account_id"]: finding["objective"] for finding in judged(files).document["findings"]}
    assert verdicts(files, match="covers") == objective


@slow
@given(bundles(), st.sampled_from(["bom", "utf-16", "gzip", "crlf", "concatenated"]))
def test_encoding_changes_no_verdict_and_no_reason(files: Files, form: str) -> None:
    def encoded(content: Any) -> bytes:
        text = json.dumps(content, indent=2)
        if form == "crlf":
            return text.replace("\n", "\r\n").encode()
        if form == "bom":
            return b"\xef\xbb\xbf" + text.encode()
        if form == "utf-16":
            return text.encode("utf-16")
        if form == "gzip":
            return gzip.compress(text.encode(), mtime=0)
        return (text + "\n" + text).encode()

    assert told(judged({path: encoded(content) for path, content in files.items()})) == told(judged(files))


@slow
@given(bundles(least=2), st.sampled_from(["hand", "cloudmapper"]))
def test_layout_changes_no_verdict_and_no_reason(files: Files, layout: str) -> None:
    moved = {}
    for path, content in files.items():
        account, region, rest = path.split("/", 2)
        if layout == "hand" and "/" not in rest:
            moved[f"client_{account}_{region}_{rest}"] = content
        else:
            moved[f"account-data/{account}/{region}/{rest}"] = content
    assert told(judged(moved)) == told(judged(files))


@slow
@given(bundles())
def test_pages_change_no_verdict_and_no_reason(files: Files) -> None:
    split: Files = {}
    for path, content in files.items():
        members = {key: value for key, value in content.items() if isinstance(value, list) and len(value) > 1}
        if not members or "trails" in path:
            split[path] = content
            continue
        member = next(iter(members))
        rest = {key: [] if isinstance(value, list) else value for key, value in content.items()}
        stem = path.removesuffix(".json")
        token = "nextToken" if "metric-filters" in path else "NextToken"
        split[f"{stem}.page1.json"] = content | {member: members[member][:1], token: "t"}
        split[f"{stem}.page2.json"] = rest | {member: members[member][1:]}
    assert told(judged(split)) == told(judged(files))


@slow
@given(bundles(), st.sampled_from(ACCOUNTS))
def test_a_further_whole_chain_is_never_worse(files: Files, account: str) -> None:
    # A second trail with everything right beside whatever is there: what is proven stays proven (V3).
    good = textbook(account)
    place = f"{account}/{REGION}"
    trails = f"{place}/cloudtrail-describe-trails.json"
    if not all(path in files for path in good):
        return
    better = dict(files)
    for path, content in good.items():
        better[path] = {
            key: [*files[path].get(key, []), *(_renamed(item) for item in value)] for key, value in content.items()
        }
    assert trails in better
    assert verdicts(better)[account] == "PASS"


def _renamed(item: dict[str, Any]) -> dict[str, Any]:
    """The item under names of its own, so that it stands beside the others."""
    text = json.dumps(item)
    for old, new in (
        ("trail/main", "trail/second"), ('"Name": "main"', '"Name": "second"'), ("log-group:ct:", "log-group:ct2:"),
        ('"logGroupName": "ct"', '"logGroupName": "ct2"'), ("SsmActions", "SsmActions2"),
        (":alarm:ssm-actions", ":alarm:second"), ('"AlarmName": "ssm-actions"', '"AlarmName": "second"'),
        ("5d2e89e6", "6d2e89e6"),
    ):  # fmt: skip
        text = text.replace(old, new)
    return dict(json.loads(text))


@slow
@given(bundles())
def test_what_is_proposed_leaves_no_failure(files: Files) -> None:
    for finding in judged(files).document["findings"]:
        if finding["verdict"] == "FAIL":
            after = {
                one["account_id"]: one
                for one in judged(mended(files, finding["remediation"]["cli"])).document["findings"]
            }
            one = after[finding["account_id"]]
            assert one["verdict"] != "FAIL", (finding["reason"], one["reason"])


@slow
@given(bundles())
def test_a_reason_never_contradicts_the_objective(files: Files) -> None:
    for finding in judged(files).document["findings"]:
        if finding["objective"] == "PASS":
            assert "would not notice" not in finding["reason"]


@slow
@given(bundles(least=2), st.randoms(use_true_random=False))
def test_the_order_of_items_and_files_changes_no_verdict_and_no_reason(files: Files, random: Random) -> None:
    shuffled = {path: {member: _shuffled(value, random) for member, value in files[path].items()} for path in files}
    order = list(shuffled)
    random.shuffle(order)
    # Captures stand in the order of their names: with a prefix they are read in another one.
    renamed = {f"{number}/account-data/{path}": shuffled[path] for number, path in enumerate(order)}
    before, after = judged(files).document["findings"], judged(renamed).document["findings"]
    said = [{f["account_id"]: (f["verdict"], f["reason_code"], f["reason"]) for f in one} for one in (before, after)]
    assert said[0] == said[1]


def _shuffled(value: Any, random: Random) -> Any:
    return random.sample(value, len(value)) if isinstance(value, list) else value


def test_the_textbook_passes() -> None:
    assert verdicts(textbook()) == {ACCOUNT: "PASS"}
