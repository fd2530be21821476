"""Shell completion knows commands, controls and frameworks, and is switched on as documented."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

RUN = [sys.executable, "-c", "from auditor.cli import main; main()"]


def _complete(*words: str) -> set[str]:
    environment = os.environ | {
        "_AUDITOR_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(["auditor", *words]),
        "COMP_CWORD": str(len(words)),
    }
    run = subprocess.run(RUN, env=environment, capture_output=True, text=True, check=True)
    return {line.partition(",")[2] for line in run.stdout.splitlines()}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("au",), {"audit"}),
        (("pattern", "ex"), {"explain"}),
        (("controls", "ssm"), {"ssm-actions"}),
        (("controls", "D9.AWS.MON.23"), {"D9.AWS.MON.23"}),
        (("audit", "x", "--control", "ssm"), {"ssm-actions"}),
        (("audit", "x", "--framework", "iso"), {"iso27001-2022"}),
        (("frameworks", "mitre-attack-v1"), {"mitre-attack-v10", "mitre-attack-v11.3"}),
        (("audit", "x", "--match", ""), {"equal", "covers"}),
        (("audit", "x", "--format", "x"), {"xlsx"}),
    ],
)
def test_completion_offers_the_ids(words: tuple[str, ...], expected: set[str]) -> None:
    assert _complete(*words) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script_is_printed(shell: str) -> None:
    environment = os.environ | {"_AUDITOR_COMPLETE": f"{shell}_source"}
    run = subprocess.run(RUN, env=environment, capture_output=True, text=True, check=True)
    assert f"_AUDITOR_COMPLETE={shell}_complete" in run.stdout
