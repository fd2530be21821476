"""Finds a control or a framework by any of the names under which people know it."""

from __future__ import annotations

import difflib
import re
from collections import abc
from itertools import takewhile

from auditor.catalogue.document import CatalogueError
from auditor.catalogue.model import Control, Framework
from auditor.text import listing, one_line

_SEPARATORS = re.compile(r"[\s_:/-]+")
# Words that people and tools put between "CIS" and the version, or before the number.
_BENCHMARK_WORDS = re.compile(r"\b(?:aws|amazon|web|services|foundations?|benchmark|recommendation|rule|control|v)\b")
_BENCHMARK = re.compile(r"cis (?:v ?)?(?P<version>\d+(?:\.\d+)*) (?P<number>\d+(?:\.\d+)+)")
_POWERPIPE = re.compile(r"cis v(?P<version>\d{3}) (?P<number>\d+ \d+)")  # cis_v140_4_1
_NUMBER = re.compile(r"(?:cis[ .])?(?P<number>\d+(?:\.\d+)+)")
_PUBLISHERS = re.compile(
    r"(?:(?:aws )?security ?hub|(?:check point )?cloudguard|dome9|prowler|powerpipe|steampipe|turbot|trivy|avd)[ .]"
)
_NEAR = 3  # names that a message proposes at most


def resolve_control(name: str, controls: abc.Mapping[str, Control]) -> Control:
    """The control that ``name`` means: its id or an alias, in any case, with any of blank ``-`` ``_`` ``:`` ``/``.

    A benchmark number needs its version, of which the beginning is enough (``CIS 1.4.0 4.1``, ``cis-1.4-4.1``,
    ``cis_v140_4_1``): without it the number means another recommendation in another version.

    Raises:
        CatalogueError: unknown (names the nearest known names) or ambiguous (names the choices).
    """
    by_name = _names(controls)
    normal_name = _normal(name)
    short = _PUBLISHERS.sub("", normal_name, count=1)
    for form in (normal_name, short, short.replace(" ", ".")):  # the last: CloudWatch-4, D9-AWS-MON-23
        if form in by_name:
            return _only(name, by_name[form], controls)
    if benchmark := _benchmark(normal_name):
        if in_version := _in_version(*benchmark, by_name):
            return _only(name, in_version, controls)
    elif number := _NUMBER.fullmatch(normal_name):
        _refuse_bare(name, number["number"], by_name)
    raise CatalogueError(
        f"There is no control {one_line(name)!r}.",
        remedy=f"{_did_you_mean(_near(normal_name, by_name))}`auditor controls` lists all of them.",
        code="unknown-control",
    )


def resolve_variant(name: str, controls: abc.Mapping[str, Control]) -> tuple[Control, str]:
    """Control and variant that ``control@variant`` means, ``control`` as :func:`resolve_control` takes it.

    Without a variant: ``default``. Raises CatalogueError as :func:`resolve_control` does, and for an unknown variant.
    """
    control_name, _, variant = name.partition("@")
    control = resolve_control(control_name, controls)
    variant = variant.strip() or "default"
    if variant not in control.variants:
        raise CatalogueError(
            f"{control.id} has no variant {one_line(variant)!r}.",
            remedy=f"Use one of these: {listing(control.variants, 'or')}.",
            code="unknown-variant",
        )
    return control, variant


def resolve_framework(name: str, frameworks: abc.Mapping[str, Framework]) -> Framework:
    """The framework whose id is ``name``, in any case, with any of blank ``-`` ``_`` ``:`` ``/``.

    Raises:
        CatalogueError: unknown; names the nearest ids.
    """
    id_of = {_normal(id_): id_ for id_ in frameworks}
    normal_name = _normal(name)
    if normal_name in id_of:
        return frameworks[id_of[normal_name]]
    words = normal_name.split()
    named = {id_: f"{id_} {framework.name}".casefold() for id_, framework in frameworks.items()}
    near = [id_ for id_, text in named.items() if words and all(word in text for word in words)]
    if not near:
        alike = difflib.get_close_matches(normal_name, id_of, n=len(id_of) or 1, cutoff=0.5)
        alike.sort(key=lambda form: -_same_start(form, normal_name))
        near = [id_of[form] for form in alike[:_NEAR]]
    raise CatalogueError(
        f"There is no framework {one_line(name)!r}.",
        remedy=f"{_did_you_mean(near)}`auditor frameworks` lists all of them.",
        code="unknown-framework",
    )


def _same_start(left: str, right: str) -> int:
    """Number of characters with which both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))


def _normal(name: str) -> str:
    return " ".join(_SEPARATORS.split(name.strip().casefold()))


def _names(controls: abc.Mapping[str, Control]) -> dict[str, dict[str, str]]:
    """Normal form of a name → id of each control it may mean → the name to propose: as published, of a title the id.

    Ids go before aliases of other controls.
    """
    ids = {_normal(id_): {id_: id_} for id_ in controls}
    by_name: dict[str, dict[str, str]] = {}
    for control in controls.values():
        for alias in control.aliases:
            by_name.setdefault(_normal(alias), {}).setdefault(control.id, alias)
        for title in (control.title, control.rule_title):
            by_name.setdefault(_normal(title), {}).setdefault(control.id, control.id)
    return {**by_name, **ids}


def _only(name: str, spelling_of: abc.Mapping[str, str], controls: abc.Mapping[str, Control]) -> Control:
    if len(spelling_of) > 1:
        raise CatalogueError(
            f"{one_line(name)!r} may mean {listing(sorted(spelling_of), 'or')}.",
            remedy="Name one of them.",
            code="ambiguous-control",
        )
    return controls[next(iter(spelling_of))]


def _benchmark(normal_name: str) -> tuple[str, str] | None:
    """Version, or its beginning, and number of a CIS recommendation."""
    if powerpipe := _POWERPIPE.fullmatch(normal_name):
        return ".".join(powerpipe["version"]), powerpipe["number"].replace(" ", ".")
    plain = " ".join(_BENCHMARK_WORDS.sub(" ", normal_name).split())
    benchmark = _BENCHMARK.fullmatch(plain)
    return (benchmark["version"], benchmark["number"]) if benchmark else None


def _in_version(version: str, number: str, by_name: abc.Mapping[str, abc.Mapping[str, str]]) -> dict[str, str]:
    """The controls that have the number in a version that is ``version`` or begins with it."""
    in_version: dict[str, str] = {}
    for form, controls in by_name.items():
        alias = _BENCHMARK.fullmatch(form)
        if alias and alias["number"] == number and f"{alias['version']}.".startswith(f"{version}."):
            in_version |= controls
    return in_version


def _refuse_bare(name: str, number: str, by_name: abc.Mapping[str, abc.Mapping[str, str]]) -> None:
    """Refuses a benchmark number without version if any control has it in some version."""
    versions: dict[str, list[str]] = {}
    for form, controls in by_name.items():
        alias = _BENCHMARK.fullmatch(form)
        if alias and alias["number"] == number:
            for id_ in controls:
                versions.setdefault(id_, []).append(alias["version"])
    if not versions:
        return
    choices = [f"{id_} in CIS {listing(versions_of_id)}" for id_, versions_of_id in versions.items()]
    _, (version, *_) = next(iter(versions.items()))
    raise CatalogueError(
        f"{one_line(name)!r} is a number without its version: {listing(choices, 'or')}, something else in others.",
        remedy=f"Name the control, or number and version, as in `CIS {version} {number}`.",
        code="ambiguous-control",
    )


def _near(normal_name: str, by_name: abc.Mapping[str, abc.Mapping[str, str]]) -> list[str]:
    """Names spelt alike, at most one per control; without one, the ids of controls whose names hold what was wanted."""
    spellings: dict[str, str] = {}
    for form in difflib.get_close_matches(normal_name, by_name, n=_NEAR, cutoff=0.6):
        for id_, spelling in by_name[form].items():
            spellings.setdefault(id_, spelling)
    if not spellings and len(normal_name) > 2:
        spellings = {id_: id_ for form, controls in by_name.items() if normal_name in form for id_ in controls}
    return list(spellings.values())


def _did_you_mean(names: abc.Sequence[str]) -> str:
    if len(names) > _NEAR:
        return f"Did you mean {listing(names[:_NEAR], 'or')}, or one of {len(names) - _NEAR} more? "
    return f"Did you mean {listing(names, 'or')}? " if names else ""
