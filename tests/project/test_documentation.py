"""What the documents say is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from auditor.cli.program import program

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMAND_BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def _leaves(group: click.Group, words: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        path = (*words, name)
        found += _leaves(command, path) if isinstance(command, click.Group) else [(path, command)]
    return found


LEAVES = _leaves(program)


def test_readme_lists_every_command_and_no_other() -> None:
    listed = re.findall(r"^\| `auditor ([a-z ]+?)(?: [\[A-Z].*?)?` \|", README, re.MULTILINE)
    assert sorted(listed) == sorted(" ".join(words) for words, _ in LEAVES)


@pytest.mark.parametrize(("words", "command"), LEAVES, ids=[" ".join(words) for words, _ in LEAVES])
def test_every_command_and_option_says_what_it_does(words: tuple[str, ...], command: click.Command) -> None:
    assert command.help
    assert "Example" in command.help
    assert f"auditor {' '.join(words)} " in command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
    assert "--json" in {name for parameter in command.params for name in parameter.opts}


def test_readme_explains_every_verdict() -> None:
    from auditor.verdict import Verdict

    for verdict in Verdict:
        assert f"| {verdict} |" in README


def test_ci_runs_the_test_command_of_the_readme_word_for_word() -> None:
    (command,) = [block for block in COMMAND_BLOCKS if "pytest" in block]
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    assert documents
    for document in documents:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
