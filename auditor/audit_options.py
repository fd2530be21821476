"""What an audit is told beside its bundle: each option declared once, for the command line, the API and the result."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from auditor.errors import AuditorError
from auditor.text import one_line, path_name

_JUDGING = ("frameworks", "controls", "match", "strict")


@dataclass(frozen=True, slots=True)
class Declaration:
    """How an option is written on the command line, and what its help says."""

    flag: str
    help: str
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    several: bool = False  # may be given more than once
    file: bool = False


def _declared(flag: str, words: str, metavar: str | None = None, **kind: Any) -> dict[str, Declaration]:
    return {"declaration": Declaration(flag, words, metavar, **kind)}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOptions:
    """The options of an audit that shape its result; where its files go is none of them.

    A new option is a field here and a parameter of :func:`auditor.api.audit`: the command line, the recorded command
    line and ``options`` of the result are made from the fields.

    Raises:
        AuditorError: a value is none of its option's choices.
    """

    frameworks: tuple[str, ...] | None = field(
        default=None,
        metadata=_declared(
            "--framework",
            "Only this framework (repeatable), or all; without it the eight of the founding rule and your own.",
            "ID|all",
            several=True,
        ),
    )
    controls: tuple[str, ...] | None = field(
        default=None,
        metadata=_declared(
            "--control",
            "Only this control, by id or alias (repeatable); without it those of the frameworks and your own.",
            "ID",
            several=True,
        ),
    )
    engagement: Path | Mapping[str, object] | None = field(
        default=None,
        metadata=_declared(
            "--engagement",
            "YAML or JSON with client, engagement, firm, confidentiality, period, and paths of scope and waivers.",
            "FILE",
            file=True,
        ),
    )
    scope: Path | None = field(
        default=None,
        metadata=_declared(
            "--scope",
            "CSV or JSON list of the accounts and regions to cover: account_id, name, path, owner, regions, "
            "in_scope, reason.",
            "FILE",
            file=True,
        ),
    )
    waivers: Path | None = field(
        default=None,
        metadata=_declared(
            "--waivers",
            "Deviations that the client has accepted: YAML, JSON, CSV, or a workbook with such a sheet; account, "
            "control, owner, reason, expiry (schemas/waivers.schema.json). No verdict changes.",
            "FILE",
            file=True,
        ),
    )
    review: tuple[Path, ...] = field(
        default=(),
        metadata=_declared(
            "--review",
            "Workbook of an earlier build in which people concluded and commented, or a folder of such; what they "
            "wrote is carried over by finding (repeatable).",
            "OLD.xlsx",
            several=True,
            file=True,
        ),
    )
    since: tuple[Path, ...] = field(
        default=(),
        metadata=_declared(
            "--since",
            "The quarter before (repeatable, the oldest first): results.json, a folder of reports or a bundle; every "
            "report then says what changed, as `auditor compare` does.",
            "OLD",
            several=True,
            file=True,
        ),
    )
    period: str | None = field(
        default=None,
        metadata=_declared(
            "--period",
            "The control period; ISO dates.",
            "2026Q3|START/END",
        ),
    )
    captured_on: str | None = field(
        default=None,
        metadata=_declared(
            "--captured-on",
            "Day on which the captures were made, where no capture record says so.",
            "DATE",
        ),
    )
    events: tuple[Path, ...] = field(
        default=(),
        metadata=_declared(
            "--events",
            "CloudTrail log files to replay over the accounts' filters: a file, a folder as in the bucket, or an "
            "archive of these (repeatable).",
            "FILES",
            several=True,
            file=True,
        ),
    )
    claims: tuple[Path, ...] = field(
        default=(),
        metadata=_declared(
            "--claims",
            "What the client's own scanners claim (Prowler, Security Hub, Powerpipe …), to be held against the "
            "findings: a file, a folder or an archive (repeatable). No verdict changes.",
            "FILES",
            several=True,
            file=True,
        ),
    )
    match: str = field(
        default="equal",
        metadata=_declared(
            "--match",
            "Filters must equal the required pattern, or only notice every watched event.",
            choices=("equal", "covers"),
        ),
    )
    strict: bool = field(
        default=False,
        metadata=_declared(
            "--strict",
            "Assume nothing: a material open point makes its link unknown.",
        ),
    )
    controls_dir: Path | None = field(
        default=None,
        metadata=_declared(
            "--controls",
            "Folder of your own controls, beside the product's (schemas/control.schema.json).",
            "DIR",
            file=True,
        ),
    )
    frameworks_dir: Path | None = field(
        default=None,
        metadata=_declared(
            "--frameworks",
            "Folder of your own frameworks, or one of its files: JSON (schemas/framework.schema.json), or CSV with "
            "the columns requirement, heading and control.",
            "DIR",
            file=True,
        ),
    )

    def __post_init__(self) -> None:
        for name, declaration in declarations().items():
            value = getattr(self, name)
            if declaration.choices and value not in declaration.choices:
                raise AuditorError(
                    f"{declaration.flag} {one_line(str(value), 40)} is not known.",
                    remedy=f"Choose {' or '.join(declaration.choices)}.",
                )

    @classmethod
    def recorded(cls, command_line: str) -> AuditOptions:
        """The options that :meth:`command_line` wrote, files by their last names.

        Raises:
            AuditorError: it has what this version does not know.
        """
        return cls(**_recorded(command_line))

    def for_earlier_quarter(self) -> AuditOptions:
        """The options with which a quarter before is audited: what decides what is judged and how, and nothing that
        was told of this quarter.
        """
        return replace(
            self, since=(), review=(), waivers=None, events=(), engagement=None, period=None, captured_on=None
        )

    def facts(self) -> dict[str, object]:
        """The options by name as ``options`` of the result has them; a path by its last name, for a report tells no
        folder.
        """
        return {name: _shown(getattr(self, name)) for name in declarations()}

    def files(self) -> Iterator[Path]:
        """The files and folders that are given."""
        for name, declaration in declarations().items():
            value = getattr(self, name)
            if declaration.file:
                yield from (
                    path for path in (value if isinstance(value, tuple) else (value,)) if isinstance(path, Path)
                )

    def command_line(self, bundles: Iterable[str]) -> str | None:
        """The command that makes the same result, or None if an option cannot be written on a command line."""
        words = ["auditor", "audit", *bundles]
        for option in fields(self):
            value = getattr(self, option.name)
            if value is None or value == option.default:
                continue
            if isinstance(value, Mapping):
                return None
            declaration = _declaration(option)
            for item in value if isinstance(value, tuple) else (value,):
                words.append(declaration.flag)
                if item is not True:
                    words.append(_shown(item))
        return shlex.join(words)


def judging_options(recorded: Mapping[str, object]) -> dict[str, Any]:
    """Of the ``options`` of a result those that decide what is judged and how, so that another quarter is judged alike;
    without those that were not given.
    """
    return {name: recorded[name] for name in _JUDGING if recorded.get(name) not in (None, [])}


def _recorded(command_line: str) -> dict[str, Any]:
    """The values of options that a recorded command line spells, by name. Raises AuditorError: it is none."""
    words = iter(shlex.split(command_line)[2:])
    by_flag = {declaration.flag: (name, declaration) for name, declaration in declarations().items()}
    values: dict[str, Any] = {}
    for word in words:
        if word not in by_flag:
            if values or word.startswith("--"):
                raise AuditorError(f"the recorded command line has what this version does not know: {one_line(word)}.")
            continue  # a bundle
        name, declaration = by_flag[word]
        if default_of(name) is False:
            values[name] = True
            continue
        text = next(words, "")
        value = Path(text) if declaration.file else text
        values[name] = (*values.get(name, ()), value) if declaration.several else value
    return values


def declarations() -> dict[str, Declaration]:
    """How each option is declared, by its name, in the order of the command line's help."""
    return {option.name: _declaration(option) for option in fields(AuditOptions)}


def default_of(name: str) -> object:
    """The value of an option that is not given."""
    return next(option.default for option in fields(AuditOptions) if option.name == name)


def _declaration(option: Field[object]) -> Declaration:
    declaration: Declaration = option.metadata["declaration"]
    return declaration


def _shown(value: object) -> Any:
    if isinstance(value, tuple):
        return [_shown(item) for item in value] or None
    if isinstance(value, Path):
        return path_name(value)
    return None if isinstance(value, Mapping) else value
