"""The law of the options: however a bundle comes to an audit, what the audit is told decides its result.

By command line, by path and by opened bundle the same options give the same document, whatever the bundle was opened
with and audited for before.
"""

from __future__ import annotations

import inspect
import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

import auditor
from auditor.audit_options import AuditOptions, declarations, default_of
from auditor.cli.audit import command
from auditor.cli.program import program
from auditor.errors import AuditorError
from tests.textbook import ACCOUNT, NAMES, metric_filter, textbook, trail, write

BY_NAME = "444455556666"
SELECTING = "777788889999"
CATALOGUE = Path(__file__).parents[1] / "catalogue"
Options = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """The files of a client: a bundle, and what may be given beside it."""

    bundle: Path
    folder: Path


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Given:
    """Three accounts: one in a folder of its name only, one whose filter is broader, one whose trail may select."""
    folder = tmp_path_factory.mktemp("options")
    broader = metric_filter("{" + "||".join(f"($.eventName={name})" for name in [*NAMES, "GetParameter"]) + "}")
    selecting = textbook(SELECTING, trails=[trail(SELECTING, HasCustomEventSelectors=True)])
    files = (
        textbook(filters=[broader])
        | selecting
        | {path.replace(BY_NAME, "payments"): content for path, content in textbook(BY_NAME).items()}
    )
    record = [
        {"file": path, "call": "cloudtrail:DescribeTrails", "ended_at": "2026-10-01T10:00:00Z"}
        for path in files
        if path.endswith("describe-trails.json")
    ]
    write(files | {"captures.json": record}, folder / "bundle")
    write(textbook(filters=[]), folder / "before")
    scope = f"account_id,name,in_scope\n{ACCOUNT},logs,yes\n{BY_NAME},payments,yes\n{SELECTING},,yes\n"
    event = {"eventName": "StartSession", "eventID": "1", "recipientAccountId": ACCOUNT, "awsRegion": "us-east-1"}
    write(
        {
            "scope.csv": scope,
            "only.csv": f"account_id\n{ACCOUNT}\n",
            "client.yaml": "client: Example Ltd\nperiod: 2025Q1\nscope: scope.csv\n",
            "accepted.yaml": [
                {"account": ACCOUNT, "control": "ssm-actions", "owner": "A", "reason": "B", "expiry": "2026-01-01"}
            ],
            "events.json": {"Records": [event]},
            "claims.csv": f"account,control,status\n{ACCOUNT},ssm-actions,PASS\n",
            "policy.csv": "requirement,heading,control\nA-1,Sessions,ssm-actions\n",
        },
        folder,
    )
    book = Workbook()
    book.active.append(["Finding id", "Auditor's conclusion", "Comment"])
    book.active.append([f"{ACCOUNT}/ssm-actions@default", "Agree", "seen"])
    book.save(folder / "old.xlsx")
    return Given(folder / "bundle", folder)


# Of each option a value that changes the result of this bundle.
CASES: dict[str, Callable[[Given], Any]] = {
    "frameworks": lambda given: ["hitrust-v11.0.0"],
    "controls": lambda given: ["ssm-actions", "root-usage"],
    "engagement": lambda given: given.folder / "client.yaml",
    "scope": lambda given: given.folder / "scope.csv",
    "waivers": lambda given: given.folder / "accepted.yaml",
    "review": lambda given: [given.folder / "old.xlsx"],
    "since": lambda given: [given.folder / "before"],
    "period": lambda given: "2025Q1",
    "captured_on": lambda given: "2026-09-30",
    "events": lambda given: [given.folder / "events.json"],
    "claims": lambda given: [given.folder / "claims.csv"],
    "match": lambda given: "covers",
    "strict": lambda given: True,
    "controls_dir": lambda given: CATALOGUE / "own_controls",
    "frameworks_dir": lambda given: given.folder / "policy.csv",
}
FEW: Options = {"frameworks": ["iso27001-2022"], "controls": ["ssm-actions"]}
WIDE = ("controls_dir", "frameworks_dir")  # they change what is judged where nothing is chosen


def options_with(name: str, given: Given) -> Options:
    few = {} if name in WIDE else FEW
    return few | ({name: CASES[name](given)} if name else {})


def by_command_line(bundle: Path, options: Options) -> Any:
    words = [str(bundle), "--json", "--fail-on", "never"]
    for name, value in options.items():
        for item in value if isinstance(value, list) else [value]:
            words += [declarations()[name].flag, *([] if item is True else [str(item)])]
    answer = CliRunner().invoke(program, ["audit", *words], prog_name="auditor")
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout)


def document(bundle: Any, options: Options) -> Any:
    return json.loads(auditor.audit(bundle, **options).to_json())


@pytest.fixture(scope="module")
def opened(given: Given) -> auditor.Bundle:
    """One bundle for all cases, so that what one audit leaves behind would reach the next."""
    return auditor.open_bundle(given.bundle)


@pytest.mark.parametrize("name", ["", *CASES])
def test_command_line_path_and_opened_bundle_give_one_result(given: Given, opened: auditor.Bundle, name: str) -> None:
    options = options_with(name, given)
    by_path = document(given.bundle, options)
    assert by_command_line(given.bundle, options) == by_path
    assert document(opened, options) == by_path
    if name:
        without = document(given.bundle, {} if name in WIDE else FEW)
        assert by_path | {"options": {}} != without | {"options": {}}, "the case does not show the option"


@pytest.mark.parametrize("name", ["engagement", "scope", "period", "captured_on"])
def test_a_bundle_opened_otherwise_is_audited_as_told(given: Given, name: str) -> None:
    opened = auditor.open_bundle(
        given.bundle, period="2026Q3", captured_on="2026-10-02", scope=given.folder / "only.csv"
    )
    told = FEW | {"period": "2026Q3", "captured_on": "2026-10-02", "scope": given.folder / "only.csv"}
    assert document(opened, FEW) == document(given.bundle, told)
    options = FEW | {name: CASES[name](given)}
    by_engagement = {"period": "2025Q1", "scope": given.folder / "scope.csv"} if name == "engagement" else {}
    found, wanted = document(opened, options), document(given.bundle, told | options | by_engagement)
    for one in (found, wanted):  # the engagement says period and scope, or the command line does
        del one["options"]["command_line"]
    assert found == wanted


def test_a_pickled_bundle_is_audited_like_the_one_it_was_made_of(given: Given, opened: auditor.Bundle) -> None:
    for options in (FEW, options_with("scope", given), options_with("period", given)):
        auditor.audit(opened, **options)
        again = pickle.loads(pickle.dumps(opened))
        assert document(again, options) == document(opened, options)
        assert again.problems == opened.problems


def test_no_pass_for_a_quarter_without_evidence(given: Given, opened: auditor.Bundle) -> None:
    """What was seen once: the result named the quarter, and the captures of another one passed."""
    told = FEW | {"captured_on": "2026-09-30"}
    assert {one["verdict"] for one in document(opened, told | {"period": "2026Q3"})["findings"]} > {"PASS"}
    found = document(opened, told | {"period": "2025Q1"})
    assert {one["verdict"] for one in found["findings"]} == {"INCONCLUSIVE"}
    assert found["period"] == {"start": "2025-01-01", "end": "2025-03-31"}


def test_what_is_no_date_or_choice_is_refused_of_an_opened_bundle_too(given: Given, opened: auditor.Bundle) -> None:
    wrong = {"period": "2026Q5", "captured_on": "yesterday", "scope": "nowhere.csv", "match": "nearly"}
    for name, value in wrong.items():
        with pytest.raises(AuditorError, match=value):
            auditor.audit(opened, **FEW | {name: value})


def test_every_option_is_declared_once_and_is_here(given: Given) -> None:
    """A field of AuditOptions is an option of the command, a parameter of the API, and a case above."""
    names = list(declarations())
    assert sorted(CASES) == sorted(names)
    parameters = inspect.signature(auditor.audit).parameters
    assert list(parameters) == ["bundle", *names, "progress"]
    assert {name: parameters[name].default for name in names} == {name: default_of(name) for name in names}
    assert set(names) < {option.name for option in command.params}


def test_the_recorded_command_line_has_every_option(given: Given) -> None:
    options = {name: value(given) for name, value in CASES.items()}
    paths = {name: Path(value) for name, value in options.items() if isinstance(value, Path)}
    texts = {name: tuple(value) for name, value in options.items() if isinstance(value, list)}
    line = AuditOptions(**options | paths | texts).command_line(["bundle"])
    assert line == (
        "auditor audit bundle --framework hitrust-v11.0.0 --control ssm-actions --control root-usage "
        "--engagement client.yaml --scope scope.csv --waivers accepted.yaml --review old.xlsx --since before "
        "--period 2025Q1 --captured-on 2026-09-30 --events events.json --claims claims.csv "
        "--match covers --strict --controls own_controls --frameworks policy.csv"
    )


def test_what_no_command_can_say_has_no_command_line(given: Given, opened: auditor.Bundle) -> None:
    found = document(opened, FEW | {"engagement": {"client": "Example Ltd", "period": "2026Q3"}})
    assert found["options"]["command_line"] is None
    assert found["engagement"]["client"] == "Example Ltd"
