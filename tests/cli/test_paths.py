"""Every file argument of every command, with what is no file: one line, and nobody waits."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from auditor.cli.program import program
from tests.cli.conftest import Run
from tests.textbook import textbook, write


def parameters() -> Iterator[tuple[tuple[str, ...], click.Parameter, click.Command]]:
    """Command, parameter that takes a path."""
    waiting: list[tuple[tuple[str, ...], click.Command]] = [((), program)]
    while waiting:
        words, command = waiting.pop()
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                below = command.get_command(context, name)
                assert below is not None
                waiting.append(((*words, name), below))
            continue
        for parameter in command.params:
            if isinstance(parameter.type, click.Path):
                yield words, parameter, command


PATHS = sorted(parameters(), key=lambda one: (one[0], one[1].name or ""))


@pytest.mark.parametrize(
    ("words", "parameter", "command"),
    PATHS,
    ids=[f"{' '.join(words)} {parameter.name}" for words, parameter, _ in PATHS],
)
def test_an_empty_path_is_refused(
    run: Run, words: tuple[str, ...], parameter: click.Parameter, command: click.Command
) -> None:
    given = [] if isinstance(parameter, click.Argument) else [parameter.opts[0], ""]
    for one in command.params:
        if isinstance(one, click.Argument) and (one.required or one is parameter):
            given += [""] * (2 if one.nargs == 2 else 1) if one is parameter else ["x"]
        elif isinstance(one, click.Option) and one.required and one is not parameter:
            given += [one.opts[0], "x"]
    result = run(*words, *given)
    assert result.exit_code == 2
    assert "the path is empty" in result.stderr
    assert result.stderr.count("\n") == 1


CHOSEN = ("--control", "ssm-actions", "--framework", "iso27001-2022", "--format", "json", "--fail-on", "never")
AUDIT = ("audit", "bundle", "--out", "out", *CHOSEN)
TAKING = [
    ("audit", "@"),
    *((*AUDIT, option, "@") for option in (
        "--engagement", "--scope", "--waivers", "--review", "--events", "--claims", "--controls", "--frameworks",
    )),
    (*AUDIT, "--redact", "--redaction-key", "@"),
    ("audit", "bundle", "--out", "@", *CHOSEN),
    ("claims", "@"),
    ("collect", "--for", "@"),
    ("compare", "bundle", "@"),
    ("controls", "--controls", "@"),
    ("frameworks", "--frameworks", "@"),
    ("gsl", "CloudTrail should have name", "@"),
    ("gsl", "CloudTrail should have name", "--entities", "@"),
    ("inventory", "@"),
    ("package", "@", "--bundle", "bundle"),
    ("pattern", "explain", "@@"),
    ("pattern", "match", "{ $.a = 1 }", "@"),
    ("report", "@"),
    ("seal", "@"),
    ("seal", "bundle", "--out", "sealed", "--key", "@"),
    ("validate", "@"),
    ("verify", "@"),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle, a pipe without a writer and a link to itself."""
    folder = tmp_path_factory.mktemp("paths")
    write(textbook(), folder / "bundle")
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to("loop")
    return folder


@pytest.mark.timeout(60)
@pytest.mark.parametrize("what", ["pipe", "loop", "/dev/zero"])
@pytest.mark.parametrize("words", TAKING, ids=[" ".join(words).replace("/", "") for words in TAKING])
def test_what_is_no_file_is_one_line(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], what: str
) -> None:
    monkeypatch.chdir(folder)
    result = run(
        *(word.replace("@", what, 1) if word == "@" else f"@{what}" if word == "@@" else word for word in words)
    )
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1, result.stderr
    assert "defect" not in result.stderr
    assert not (folder / "out").exists()
    assert not (folder / "sealed").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("keygen", "--out", "."),
        (*AUDIT[:2], "--out", "/", "--redact", *CHOSEN),
        (*AUDIT[:2], "--out", "a/" * 2_000, *CHOSEN),
        (*AUDIT[:2], "--out", "a" * 300, *CHOSEN),
    ],
    ids=["no key", "no key beside it", "too deep", "too long"],
)
def test_a_folder_without_a_name_is_one_line(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(folder)
    result = run(*words)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1, result.stderr
    assert "defect" not in result.stderr


def test_the_key_of_the_current_folder_lies_beside_it(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "reports").mkdir()
    monkeypatch.chdir(tmp_path / "reports")
    result = run("audit", folder / "bundle", "--out", ".", "--redact", *CHOSEN)
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "reports-redaction-key.json").is_file()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--redact", "--redaction-key", "bundle/key.json"), "into which nothing is ever written"),
        (("--redact", "--redaction-key", "bundle/../link/key.json"), "into which nothing is ever written"),
        (("--redact", "--events", "logs", "--redaction-key", "logs/key.json"), "into which nothing is ever written"),
        (("--redaction-key", "key.json"), "--redact"),
    ],
)
def test_a_key_goes_where_nothing_was_given(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], line: str
) -> None:
    write(textbook(), tmp_path / "bundle")
    write({"a.json": {"Records": [{"eventName": "A", "eventSource": "x"}]}}, tmp_path / "logs")
    (tmp_path / "link").symlink_to("bundle")
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.chdir(tmp_path)
    result = run(*AUDIT, *words)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert line in result.stderr
    assert sorted(tmp_path.rglob("*")) == before
