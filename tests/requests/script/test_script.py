"""The scripts as texts: clean to the tools that judge shells, old shells can read them, and they only read."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tree_sitter
import tree_sitter_powershell

from auditor.evidence.operations.registry import calls
from auditor.requests.script import SHELLS, CapturePlan, complete_plan, minimal_policy, plan_for, render
from auditor.requests.script.plan import Wanted

# What bash 3.2 (macOS) does not know, and what reads its own text anew.
NEWER = (
    r"\bdeclare -[a-z]*[AgnlU]|\blocal -[a-zA-Z]|\b(?:mapfile|readarray|coproc)\b|\$\{[^}]*(?:,,|\^\^|@[A-Z])\}"
    r"|&>>|\|&|;;?&"
    r"|\bwait -n\b|\[\[? -v\b|\bread -[a-z]*[Nt]|%\(|BASHPID|EPOCH|globstar|\bshopt\b|\$'\\u|\+=|\beval\b|\bsource\b"
)
ODD = 'a\'b "$(id)" `id` \u2018x\u2019 %PATH% & ; \\ end'


def odd_plan() -> CapturePlan:
    """A plan for requests about a resource whose name does what names can do."""
    call = calls()["cloudwatch:DescribeAlarmHistory"]
    command = call.command.format(region="eu-west-1", resource=shlex.quote(ODD))
    request: Any = {"account_id": "111122223333", "region": "eu-west-1", "call": call.id, "command": command}
    return plan_for([request])[0]


PLANS = {"complete": complete_plan(), "requests": odd_plan()}
EVERY_PLAN = pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)


@EVERY_PLAN
def test_shellcheck_has_nothing_to_say(plan: CapturePlan, tmp_path: Path) -> None:
    script = tmp_path / "collect.sh"
    script.write_text(render(plan, "bash"), "utf-8")
    program = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run([program, script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0)


@EVERY_PLAN
def test_bash_of_2007_can_read_it(plan: CapturePlan) -> None:
    code = [line for line in render(plan, "bash").splitlines() if not line.lstrip().startswith(("#", "want "))]
    assert [line for line in code if re.search(NEWER, line)] == []


@pytest.mark.parametrize(
    "line", ["declare -A seen", "wait -n", "x=${y,,}", "mapfile -t a", "printf '%(%s)T'", "a+=(b)", "cmd |& tee"]
)
def test_what_is_newer_is_noticed(line: str) -> None:
    assert re.search(NEWER, line)


@EVERY_PLAN
def test_the_grammar_of_powershell_has_no_error_in_it(plan: CapturePlan) -> None:
    text = render(plan, "powershell")
    assert errors_of(text) == []
    assert errors_of(text.replace("function Get-Utc {", "function Get-Utc {{", 1))


@pytest.mark.parametrize("shell", SHELLS)
@EVERY_PLAN
def test_any_code_page_and_line_ending_of_a_mail_leaves_it_alone(plan: CapturePlan, shell: str) -> None:
    text = render(plan, shell)
    assert "\r" not in text
    assert "\t" not in text  # a terminal into which it is pasted would complete names
    assert not re.search(r"[<{]%|%[>}]|\{=|=\}", text)
    if plan is PLANS["complete"]:
        assert text.isascii()
    if shell == "bash":
        assert [line for line in text.splitlines()[1:] if re.search(r"!(?![ =]|/usr/bin/env)", line)] == []


@pytest.mark.parametrize("shell", SHELLS)
def test_it_only_reads(shell: str) -> None:
    """Every call is one of the registry, or tells and takes identities; nothing makes the CLI tell too much."""
    text = render(complete_plan(), shell)
    spoken = re.findall(r"\baws ([a-z0-9]+ [a-z-]+)|@\('([a-z0-9]+)', '([a-z-]+)'", text)
    commands = {plain or f"{service} {operation}" for plain, service, operation in spoken}
    known = {call.words for call in calls().values()} | {"sts assume-role", "configure get"}
    assert {one for one in commands if one.split()[0] in {word.split()[0] for word in known}} <= known
    operations = [call.operation for call in complete_plan().calls]
    assert all(operation.startswith(("Describe", "Get", "List")) for operation in operations)
    assert "--debug" not in text
    assert "set -x" not in text
    assert not re.search(r"Set-PSDebug|Invoke-Expression|\biex\b", text)


@pytest.mark.parametrize("shell", SHELLS)
def test_every_call_of_the_plan_is_in_it(shell: str) -> None:
    text = render(complete_plan(), shell)
    assert [call.id for call in complete_plan().calls if call.id not in text] == []
    assert all(action in text for action in minimal_policy(complete_plan())["Statement"][0]["Action"])


def test_a_name_stays_a_name_in_bash() -> None:
    (line,) = [line for line in render(odd_plan(), "bash").splitlines() if "describe-alarm-history " in line]
    words = shlex.split(line)
    assert [number for number, word in enumerate(words) if word == ODD] == [6, 10]


def test_a_name_stays_a_name_in_powershell() -> None:
    text = render(odd_plan(), "powershell").encode()
    strings = [
        text[node.start_byte : node.end_byte].decode()
        for node in nodes(text)
        if node.type == "verbatim_string_characters"
    ]
    quoted = "'" + re.sub("(['\u2018\u2019])", r"\1\1", ODD) + "'"
    assert strings.count(quoted) == 2


@pytest.mark.parametrize("call", calls().values(), ids=lambda call: call.name)
def test_what_names_a_resource_is_told(call: Any) -> None:
    """A call about one resource follows from another's answers, or is made on request alone."""
    collecting = call.collecting
    assert bool(collecting.named_in) is bool(collecting.named_by)
    assert (call.place == "resource") is (bool(collecting.named_in) or collecting.when == "requested")
    if collecting.named_by:
        assert re.compile(collecting.named_by).groups == 1
        assert not re.search(r"\\|\(\?|~", collecting.named_by)  # POSIX, for sed between ~ and ~


def wanted(plan: CapturePlan) -> list[tuple[str, str, str, str]]:
    return [(want.account_id, want.region, want.step.call.id, want.resource) for want in plan.wants or ()]


def test_requests_as_they_are_asked() -> None:
    """Each once, with who captures; what no call answers or is of no account is handed back."""
    history = {"account_id": "111122223333", "region": "eu-west-1", "call": "cloudwatch:DescribeAlarmHistory"}
    command = calls()["cloudwatch:DescribeAlarmHistory"].command.format(region="eu-west-1", resource="'two words'")
    asked: Any = [
        {**history, "command": command},
        {**history, "command": command},
        {"account_id": "111122223333", "region": "", "call": "", "command": ""},
        {"account_id": "", "region": "eu-west-1", "call": "sns:ListTopics", "command": "aws sns list-topics"},
    ]
    plan, others = plan_for(asked)
    assert wanted(plan) == [
        ("111122223333", "", "sts:GetCallerIdentity", ""),
        ("111122223333", "eu-west-1", "cloudwatch:DescribeAlarmHistory", "two words"),
    ]
    assert list(others) == asked[2:]
    (want,) = [one for one in plan.wants or () if one.resource]
    assert isinstance(want, Wanted)
    assert want.words[2:4] == ("--alarm-name", "two words")


def test_nothing_asked_is_no_plan() -> None:
    plan, others = plan_for([])
    assert (plan.calls, others) == ((), ())


def nodes(text: bytes) -> Iterator[tree_sitter.Node]:
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
    waiting = [parser.parse(text).root_node]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        yield node


def errors_of(text: str) -> list[str]:
    return [str(node.start_point) for node in nodes(text.encode()) if node.is_error or node.is_missing]
