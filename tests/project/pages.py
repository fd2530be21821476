"""The pages of ``docs/`` that are made from the program, and the parts of others: ``python -m tests.project.pages``."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import click

import auditor
from auditor.cli.program import program
from auditor.evidence import tables as evidence_tables
from auditor.result.tables import TABLES, Type
from auditor.workpaper import OVERVIEW_TABLES, Column, Kind, Sheet, View, view
from auditor.workpaper import TABLES as SHEETS
from auditor.workpaper.meanings import meaning as sheet_column_meaning

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
MADE_BY = "python -m tests.project.pages"
WIDTH = 100
_NOTE = f"made by `{MADE_BY}`; do not edit"
_START, _END = "<!-- {name}: " + _NOTE + " -->", "<!-- end of {name} -->"

TYPES: Mapping[Type, str] = {
    Type.TEXT: "text",
    Type.NUMBER: "whole number",
    Type.REAL: "number",
    Type.FLAG: "true or false",
    Type.TIME: "time, UTC",
    Type.VERDICT: "PASS < INCONCLUSIVE < FAIL",
    Type.TESTED: "NOT_ASSESSED < PASS < INCONCLUSIVE < FAIL",
    Type.LINK: "link, in chain order",
    Type.LISTED: "list",
}
KINDS: Mapping[Kind, str] = {
    Kind.TEXT: "text",
    Kind.CODE: "identifier",
    Kind.COUNT: "number",
    Kind.SHARE: "percentage",
    Kind.DATE: "date",
    Kind.TIME: "time, UTC",
    Kind.FLAG: "Yes or No",
    Kind.VERDICT: "verdict",
    Kind.MARK: "tickmark",
    Kind.INPUT: "**yours to fill in**",
}


# --- the command line -------------------------------------------------------------------------------------------------


def leaves(group: click.Group, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that does something, with its words, in the order of the help."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        path = (*words, name)
        if isinstance(command, click.Group):
            yield from leaves(command, path)
        else:
            yield path, command


def command_line() -> str:
    """``docs/command-line.md``."""
    return "\n".join(_command_line()) + "\n"


def _command_line() -> Iterator[str]:
    yield "# The command line\n"
    yield (
        "Every command, argument and option, as `--help` has them; what the commands are for stands in the "
        "[README](../README.md#commands). Data goes to standard output, messages and progress to standard error. "
        f"This page is {_NOTE} it.\n"
    )
    yield "## auditor\n"
    top = click.Context(program, info_name="auditor", **{**program.context_settings, "terminal_width": WIDTH})
    yield from _options(top)
    yield "```text\n" + inspect.cleandoc((program.epilog or "").replace("\b\n", "")) + "\n```\n"
    for words, command in leaves(program):
        name = " ".join(("auditor", *words))
        context = click.Context(command, parent=top, info_name=name, terminal_width=WIDTH)
        yield f"## {name}\n"
        usage = " ".join(command.collect_usage_pieces(context))
        yield f"```text\n{name} {usage}\n```\n"
        yield from _help(command.help or "")
        yield from _options(context)


def _help(text: str) -> Iterator[str]:
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if not paragraph.startswith("\b"):
            yield f"{_escaped(paragraph)}\n"
            continue
        lines = paragraph.splitlines()[1:]
        heading = lines[0] if not lines[0].startswith(" ") else ""
        if heading:
            yield f"{heading}\n"
        examples = heading.startswith("Example")
        body = inspect.cleandoc("\n".join(["", *lines[1 if heading else 0 :]]))
        yield f"```{'sh' if examples else 'text'}\n{body}\n```\n"


def _options(context: click.Context) -> Iterator[str]:
    records = [parameter.get_help_record(context) for parameter in context.command.get_params(context)]
    told = [record for record in records if record and record[1]]
    if told:
        yield "| option | meaning |\n|---|---|"
        yield from (f"| {_code(name)} | {_cell(meaning)} |" for name, meaning in told)
        yield ""


# --- tables and sheets ------------------------------------------------------------------------------------------------


@cache
def meanings() -> Mapping[str, str | Mapping[str, str]]:
    """Of each column of the tables of a result, by name, what it holds; where tables differ, by table."""
    data: Mapping[str, str | Mapping[str, str]] = json.loads(
        Path(__file__).with_name("column_meanings.json").read_text(encoding="utf-8")
    )
    return data


def meaning(table: str, column: str) -> str:
    """What a column holds. Raises KeyError: nobody has said."""
    text = meanings()[column]
    return text if isinstance(text, str) else text[table if table in text else ""]


def result_tables() -> str:
    """The tables of a result with their columns."""
    parts = []
    for name, table in TABLES.items():
        heads = inspect.getdoc(getattr(auditor.AuditResult, name, None)) or "One row per capture of the bundle."
        parts.append(f"### `{name}`\n\n{_plain(_first_paragraph(heads))}\n\n| column | type | holds |\n|---|---|---|")
        parts += [f"| `{column}` | {TYPES[kind]} | {meaning(name, column)} |" for column, kind in table.columns.items()]
        parts.append("")
    return "\n".join(parts)


def bundle_tables() -> str:
    """The tables of a bundle that notebooks get, with their columns."""
    parts = []
    for table in (
        evidence_tables.TRAILS,
        evidence_tables.METRIC_FILTERS,
        evidence_tables.ALARMS,
        evidence_tables.SUBSCRIPTIONS,
    ):
        parts.append(f"### `bundle.{table.name}`\n\n| column | type | holds |\n|---|---|---|")
        parts += [
            f"| `{column.name}` | {column.dtype} | {_cell(column.meaning)} |"
            for column in table.columns
            if column.name != "item"
        ]
        parts.append("")
    return "\n".join(parts)


def interface() -> str:
    """What ``import auditor`` gives: each name with its signature and its docstring."""
    parts = []
    for name in auditor.__all__:
        value = getattr(auditor, name)
        if inspect.isclass(value):
            parts.append(f"### `auditor.{name}`\n\n{_plain(_first_paragraph(inspect.getdoc(value) or ''))}\n")
            parts.append("| member | is |\n|---|---|")
            parts += [
                f"| `{member}` | {_cell(_plain(_first_paragraph(inspect.getdoc(getattr(value, member)) or '')))} |"
                for member in _members(value)
            ]
            parts.append("")
        elif inspect.isfunction(value):
            parts.append(f"### `auditor.{name}`\n\n```python\n{_signature(name, value)}\n```\n")
            parts += map(_paragraph, (inspect.getdoc(value) or "").split("\n\n"))
    return "\n".join(parts)


def _members(value: type) -> list[str]:
    return [
        name
        for name in dir(value)
        if not name.startswith("_") and (inspect.getdoc(getattr(value, name, None)) or "") and _is_public(value, name)
    ]


def _is_public(value: type, name: str) -> bool:
    member = inspect.getattr_static(value, name)
    return inspect.isfunction(member) or isinstance(member, property | classmethod) or hasattr(member, "attrname")


def _signature(name: str, function: Callable[..., object]) -> str:
    signature = str(inspect.signature(function))
    text = f"{name}{signature}" if len(signature) <= WIDTH else f"{name}(\n    {_wrapped(function)}\n)"
    return re.sub(r"(: |-> )'([^']*)'", r"\1\2", text)  # annotations are texts


def _wrapped(function: Callable[..., object]) -> str:
    listed = []
    keyword = False
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not keyword:
            keyword = True
            listed.append("*")
        listed.append(str(parameter))
    return ",\n    ".join(listed) + ","


def columns() -> str:
    """``docs/columns.md``."""
    return "\n".join(_columns()) + "\n"


def _columns() -> Iterator[str]:
    yield "# Sheets and columns of the workbooks\n"
    yield (
        "Every table of the workbook of a framework, and of `overview.xlsx`. *Folded*: hidden behind the + above the "
        "columns until you open it. *Leads to*: a click on the cell goes to that sheet. What a column holds is shown "
        "in the workbook, too, when you choose its header. How to read them stands in "
        f"[for auditors](for-auditors.md). This page is {_NOTE} it.\n"
    )
    yield "## In the workbook of a framework\n"
    for sheet in SHEETS:
        yield from _sheet(sheet)
    yield "## In overview.xlsx only\n"
    own = {sheet.title for sheet in SHEETS}
    for sheet in OVERVIEW_TABLES:
        if sheet.title not in own:
            yield from _sheet(sheet)
    others = [sheet.title for sheet in OVERVIEW_TABLES if sheet.title in own]
    yield f"The other sheets of `overview.xlsx` are as above, over all frameworks: {', '.join(others)}.\n"


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f"### {sheet.title}\n\n{sheet.purpose}\n"
    yield "| column | kind | holds | |\n|---|---|---|---|"
    for column in sheet.columns(sample_view()):
        header = "*(one for each control)*" if "@" in column.name else _cell(column.header)
        says = _cell(sheet_column_meaning(sheet.title, column.name))
        yield f"| {header} | {KINDS[column.kind]} | {says} | {_beside(column)} |"
    yield ""


def _beside(column: Column) -> str:
    words = [f"leads to {column.link}"] if column.link else []
    words += ["folded"] if column.detail else []
    words += [f"one of: {', '.join(filter(None, column.choices))}"] if column.choices else []
    return "; ".join(words)


@cache
def sample_view() -> View:
    """A framework of one control over the smallest sample: columns of some sheets depend on the controls."""
    result = auditor.audit(ROOT / "samples" / "mailed", frameworks="cloudguard-best-practices", controls="ssm-actions")
    return view(result, "cloudguard-best-practices")


# --- text -------------------------------------------------------------------------------------------------------------


def _paragraphs(text: str) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


def _paragraph(text: str) -> str:
    return f"```python\n{text}\n```\n" if text.startswith(">>>") else f"{_plain(' '.join(text.split()))}\n"


def _first_paragraph(text: str) -> str:
    return _paragraphs(text)[0] if text else ""


def _plain(text: str) -> str:
    """A docstring as Markdown: one backtick round code, links to functions as code."""
    text = re.sub(r":(?:func|class|attr|meth):`([^`]+)`", r"``\1``", text)
    return _escaped(text.replace("``", "`"), "<").replace("Raises: ", "*Raises* ")


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")


def _cell(text: str) -> str:
    return _escaped(" ".join(text.split())).replace("|", "\\|")


def _escaped(text: str, characters: str = "*<") -> str:
    """Text whose marks outside of code are what they are."""
    pieces = text.split("`")
    return "`".join(
        re.sub(f"([{characters}])", r"\\\1", piece) if number % 2 == 0 else piece for number, piece in enumerate(pieces)
    )


# --- the files --------------------------------------------------------------------------------------------------------

PAGES: Mapping[str, Callable[[], str]] = {"command-line.md": command_line, "columns.md": columns}
PARTS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "for-analysts.md": {
        "interface": interface,
        "tables of a result": result_tables,
        "tables of a bundle": bundle_tables,
    }
}


def current() -> Mapping[str, str]:
    """The text of each page by its name, as it should stand in ``docs/``."""
    texts = {name: make() for name, make in PAGES.items()}
    for name, parts in PARTS.items():
        text = (DOCS / name).read_text(encoding="utf-8")
        for part, make in parts.items():
            text = _replaced(text, part, make())
        texts[name] = text
    return texts


def _replaced(text: str, part: str, made: str) -> str:
    start, end = _START.format(name=part), _END.format(name=part)
    before, _, rest = text.partition(start)
    _, found, after = rest.partition(end)
    assert found, f"no part {part!r}"
    return f"{before}{start}\n\n{made.strip()}\n\n{end}{after}"


if __name__ == "__main__":
    for name, text in current().items():
        (DOCS / name).write_text(text, encoding="utf-8", newline="\n")
