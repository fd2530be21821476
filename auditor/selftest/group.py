"""A group of known answers: how many cases it has, and which failed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from auditor.resources import PACKAGE
from auditor.text import one_line

Case = TypeVar("Case")


@dataclass(frozen=True, slots=True)
class Group:
    """One group. ``failures`` says in a line each what came out otherwise; ``remark`` how it was tested."""

    name: str
    cases: int
    failures: tuple[str, ...] = ()
    remark: str = ""


def group(name: str, cases: Iterable[Case], fault: Callable[[Case], str], remark: str = "") -> Group:
    """The group of ``cases``; ``fault`` says what is wrong with one, ``""`` if nothing is.

    Whatever a case raises is its failure: the other cases are tried all the same.
    """
    number, failures = 0, []
    for number, case in enumerate(cases, 1):
        try:
            wrong = fault(case)
        except Exception as error:
            wrong = f"case {number}: {type(error).__name__}: {error}"
        if wrong:
            failures.append(one_line(wrong, 300))
    if not number:
        failures.append("there are no cases, though the program comes with some")
    return Group(name, number, tuple(failures), remark)


def known_answers(name: str) -> Any:
    """The known answers in ``auditor/selftest/data/<name>.json``."""
    return json.loads((PACKAGE / "selftest" / "data" / f"{name}.json").read_text(encoding="utf-8"))
