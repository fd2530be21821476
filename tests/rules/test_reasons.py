"""Reason codes: every code that the program can give has a title of its own, a rule and a sentence."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import auditor
from auditor.rules import reason_title, reasons, sentence, steering
from auditor.verdict import LINKS

PACKAGE = Path(auditor.__file__).parent
GIVERS = ("broken", "unknown", "OpenPoint", "LinkState", "Trip")
HEADING = 80  # characters of one line of the page's headings
GAPS = ("not-captured", "truncated", "refused", "contradictory", "narrowed", "out-of-period", "unusable")


def codes_in(folder: str) -> set[str]:
    """The string constants of a room that stand where a reason code stands."""
    found = set()
    for path in (PACKAGE / folder).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in GIVERS:
                for argument in (*node.args[:2], *(word.value for word in node.keywords if word.arg == "code")):
                    found |= {
                        part.value
                        for part in ast.walk(argument)
                        if isinstance(part, ast.Constant) and isinstance(part.value, str)
                    }
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "gap_code":
                what = node.args[0]
                if isinstance(what, ast.Constant):
                    found |= {f"{what.value}-{gap}" for gap in GAPS}
    return {code for code in found if re.fullmatch(r"[a-z]+(?:-[a-z0-9]+)+", code)}


@pytest.mark.parametrize("folder", ["chains", "judgement"])
def test_every_code_that_is_given_has_a_reason(folder: str) -> None:
    given = codes_in(folder) - {"not-reached"}
    assert given, "no code was found: the search is wrong"
    assert given <= set(reasons())


@pytest.mark.parametrize("code", sorted(reasons()))
def test_a_reason_is_whole(code: str) -> None:
    reason = reasons()[code]
    assert reason.link in ("", *(link.value for link in LINKS))
    assert re.fullmatch(r"[VTLMACSNX][0-9]+", reason.rule)
    assert reason.sentence.endswith(".")


def test_evidence_in_a_sentence_stays_on_one_line() -> None:
    text = sentence("no-log-group", {"trail": "a\nb\x1b[31m{x}"})
    assert text == "Trail a b\\x1b[31m{x} delivers to no CloudWatch Logs log group."


def test_titles_are_unlike_each_other_and_fit_a_heading() -> None:
    titles = [reason_title(code) for code in reasons()]
    assert len(set(titles)) == len(titles)
    assert max(map(len, titles)) <= HEADING
    assert all(title[0].isupper() and not title.endswith(".") for title in titles)


def test_a_code_of_another_version_is_shown_in_its_own_words() -> None:
    assert reason_title("a-later-code") == "A later code"


def test_codes_on_which_code_decides_are_reasons() -> None:
    named = {name: value for name, value in vars(steering).items() if name.isupper() and isinstance(value, str)}
    assert named.pop("NOT_REACHED") not in reasons()
    assert {name: value.upper().replace("-", "_") for name, value in named.items()} == {name: name for name in named}
    assert set(named.values()) <= set(reasons())
    assert {code for code in reasons() if code.startswith("alarms-")} == steering.ALARM_LISTING_GAPS


def test_no_code_decides_by_a_reason_without_a_name() -> None:
    codes = {*reasons(), steering.NOT_REACHED}
    compared = [
        (str(path.relative_to(PACKAGE)), part.value)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare)
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and part.value in codes
    ]
    assert compared == []
