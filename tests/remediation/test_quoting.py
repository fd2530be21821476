"""Quoting: whatever a name holds arrives as it is, in bash and in Terraform, and nothing of it is carried out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.remediation.quoting import Quoted, hcl, is_parameter_file, only_quoted, option, shell, text
from tests.remediation.shell import arguments

HOSTILE = [
    "plain", "a'b", 'a"b', "a\nb", "${var.x}", "%{if true}", "$${x}", "%%{x}", "$$${x}", "\\${x}", "\\n", "\\",
    "\x1b[31m", "\u202eabc", "a\tb\r", "`id` $(id)", "-x", "é😀", "", "$", "%", "x$", "'; rm -rf / #", "\u2028",
]  # fmt: skip
NAMES = st.text(st.characters(exclude_characters="\0\1", exclude_categories=("Cs",)), max_size=30)
_HCL_PART = re.compile(
    r'\\U(?P<code>[0-9a-f]{8})|\\(?P<escape>[nrt"\\])|(?P<template>\$\$\{|%%\{)|(?P<plain>[^"\\\n])', re.DOTALL
)


def read_hcl(literal: str) -> str:
    """What a quoted string of HCL means, by the table of escapes in its specification."""
    assert literal[0] == literal[-1] == '"'
    body, meaning, position = literal[1:-1], [], 0
    while position < len(body):
        part = _HCL_PART.match(body, position)
        assert part is not None, body[position:]
        assert not body.startswith(("${", "%{"), position), f"a template opens in {literal}"
        if part["code"]:
            meaning.append(chr(int(part["code"], 16)))
        elif part["escape"]:
            meaning.append({"n": "\n", "r": "\r", "t": "\t"}.get(part["escape"], part["escape"]))
        elif part["template"]:
            meaning.append(part["template"][1:])
        else:
            meaning.append(part["plain"])
        position = part.end()
    return "".join(meaning)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_name_arrives_whole(value: str) -> None:
    assert arguments(f"aws {shell(value)}\n") == [[value]]
    assert read_hcl(hcl(value)) == value


@given(st.lists(NAMES, min_size=1, max_size=8))
@settings(max_examples=60)
def test_bash_hands_over_what_was_quoted(values: list[str]) -> None:
    assert arguments("aws " + " ".join(map(shell, values)) + "\n") == [values]


@given(NAMES)
def test_terraform_reads_what_was_quoted(value: str) -> None:
    literal = hcl(value)
    assert "\n" not in literal
    assert read_hcl(literal) == value


@given(NAMES)
def test_nothing_that_a_terminal_acts_on_is_left(value: str) -> None:
    for shown in (shell(value), hcl(value), text(value)):
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


def test_a_value_that_looks_like_an_option_is_tied_to_its_own() -> None:
    assert option("-x", "--filter-name") == "--filter-name=-x"
    assert option("x y", "--filter-name") == "--filter-name 'x y'"


def test_what_no_argument_can_hold_is_replaced() -> None:
    assert arguments(f"aws {shell('a' + chr(0) + 'b')}\n") == [["a\ufffdb"]]
    assert arguments(f"aws {shell('a' + chr(0xD800))}\n") == [["a?"]]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("file:///etc/passwd", True), ("FILEB://x", True), ("https://x", True), ("arn:aws:sns", False), ("file", False)],
)
def test_values_that_the_cli_would_read_are_known(value: str, expected: bool) -> None:
    assert is_parameter_file(value) is expected


def test_a_template_cannot_print_what_no_filter_quoted() -> None:
    assert only_quoted(Quoted("x")) == "x"
    with pytest.raises(TypeError, match="without quoting"):
        only_quoted("x")
