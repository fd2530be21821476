"""Finds a control by any of the names under which people know it."""

from __future__ import annotations

import difflib
import re
from collections import abc

from auditor.catalogue.document import CatalogueError
from auditor.catalogue.model import Control
from auditor.text import listing, one_line

_CIS = re.compile(r"cis (?P<version>\d+(?:\.\d+)+) (?P<number>\d+(?:\.\d+)+)")


def resolve_control(name: str, controls: abc.Mapping[str, Control]) -> Control:
    """The control that ``name`` means: its id or an alias, in any case.

    A benchmark number also goes without ``CIS`` or version (``4.4``, ``CIS 4.4``) where that is unambiguous.

    Raises:
        CatalogueError: unknown (names the nearest known name) or ambiguous (names the candidates).
    """
    known = _names(controls)
    wanted = _normal(name)
    candidates = known.get(wanted, {})
    if len(candidates) == 1:
        return controls[next(iter(candidates))]
    if candidates:
        raise CatalogueError(
            f"{one_line(name)!r} may mean {listing(sorted(candidates), 'or')}.",
            remedy="Name one of them.",
            code="ambiguous-control",
        )
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.5)
    hint = f"Did you mean {next(iter(known[near[0]].values()))}? " if near else ""
    raise CatalogueError(
        f"There is no control {one_line(name)!r}.",
        remedy=f"{hint}`auditor controls` lists all of them.",
        code="unknown-control",
    )


def _normal(name: str) -> str:
    return " ".join(name.split()).casefold()


def _names(controls: abc.Mapping[str, Control]) -> dict[str, dict[str, str]]:
    """Normal form of a name → id of each control it may mean → the name as its publisher spells it."""
    known: dict[str, dict[str, str]] = {}
    for control in controls.values():
        for spelling in (control.id, control.title, control.rule_title, *control.aliases):
            normal = _normal(spelling)
            forms = [normal]
            if benchmark := _CIS.fullmatch(normal):
                forms += [f"cis {benchmark['number']}", benchmark["number"]]
            for form in forms:
                known.setdefault(form, {}).setdefault(control.id, spelling)
    return {**known, **{id_: {id_: id_} for id_ in map(str.casefold, controls)}}
