"""Runs the commands of a remediation in bash, with ``aws`` replaced by a function that tells its arguments."""

from __future__ import annotations

import subprocess

_ARGUMENT_END = "\0"
_COMMAND_END = "\1"
_STAND_IN = r"""
exec 3>&1 # also within $(…)
aws() { printf '%s\0' "$@" >&3; printf '\1' >&3; }
sleep() { :; }
"""


def arguments(script: str) -> list[list[str]]:
    """The arguments of each ``aws`` command in ``script``, as bash hands them over, in order."""
    run = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-u"],
        input=(_STAND_IN + script).encode(),
        capture_output=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
    )
    assert run.stderr == b""
    commands = run.stdout.decode().split(_COMMAND_END)
    assert commands.pop() == ""
    return [command.split(_ARGUMENT_END)[:-1] for command in commands]


def value(command: list[str], option: str) -> str:
    """What ``option`` of a command is set to."""
    for number, word in enumerate(command):
        if word == option:
            return command[number + 1]
        if word.startswith(f"{option}="):
            return word.removeprefix(f"{option}=")
    raise AssertionError(f"{option} is not among {command}")
