"""What a command writes: data on standard output, messages and progress on standard error.

Text that comes from evidence passes through ``one_line`` and ``rich.text.Text``: no escape code and no markup
of a bundle reaches the terminal. ``rich`` is imported when something is drawn, never for ``--help``.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import click

from auditor.text import one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Progress = Callable[[int, int | None, str], None]

STYLES = {
    "PASS": "bold green",
    "FAIL": "bold red",
    "INCONCLUSIVE": "bold yellow",
    "NOT_ASSESSED": "dim",
    "error": "red",
    "warning": "yellow",
    "note": "dim",
    "captured": "green",
}
CELL_LIMIT = 2000  # the longest published rule and reason fit; a name from evidence may be of any length
PIPED_WIDTH = 10_000  # a line of a pipe or a file is not broken: `grep` sees a row as one line


@dataclass(slots=True)
class Loudness:
    """-1 quiet, 0 as usual, 1 verbose; the object of the click context."""

    level: int = 0


def loudness_of(ctx: click.Context | None = None) -> int:
    """The level that ``-q`` and ``-v`` asked for."""
    loudness = (ctx or click.get_current_context()).find_object(Loudness)
    return loudness.level if loudness else 0


def complain(message: str) -> None:
    """Writes one line on standard error, however quiet the command is."""
    _say(f"auditor: {one_line(message, 2000)}")


def note(message: str, *, verbose: bool = False) -> None:
    """Writes one line on standard error unless ``-q`` (with ``verbose``: only if ``-v``) was given."""
    if loudness_of() >= (1 if verbose else 0):
        _say(one_line(message, 2000))


def _say(line: str) -> None:
    # That standard error is full or has no reader changes no result.
    with suppress(OSError):
        click.echo(line, err=True)


def write_json(value: object) -> None:
    """Writes ``value``, in which dataclasses may stand, as JSON; ASCII only, for any terminal and file name."""
    click.echo(json.dumps(value, indent=2, default=_members))


def _members(value: Any) -> dict[str, object]:
    if isinstance(value, Mapping):
        return dict(value)
    names = (field.name for field in fields(value))
    return {name: getattr(value, name) for name in names}


def write_bytes(data: bytes) -> None:
    """Writes ``data`` as it is on standard output."""
    click.echo(data, nl=False)


def write_text(text: str = "") -> None:
    """Writes one line of our own words on standard output."""
    click.echo(text)


def write_paragraph(text: str) -> None:
    """Writes one line of our own words, broken to the width of a terminal."""
    width = shutil.get_terminal_size((100, 24)).columns
    broken = textwrap.wrap(text, width, break_on_hyphens=False, break_long_words=False) if sys.stdout.isatty() else []
    click.echo("\n".join(broken) or text)


def _console() -> Console:
    from rich.console import Console

    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size((100, 24)).columns if terminal else PIPED_WIDTH
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def cell(value: object, style: str = "") -> Text:
    """Text for a terminal from anything, the words of a verdict or a status in their colour."""
    from rich.text import Text

    text = "–" if value is None else one_line(str(value), CELL_LIMIT)
    return Text(text, style=style or STYLES.get(text, ""))


def write_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, indent: int = 0, widths: Sequence[int] = ()
) -> None:
    """Writes rows under bold column names (none if all names are empty), aligned, on standard output.

    ``widths``: at least so many characters a column; on a terminal the last one is then cut at its edge, so that a row
    is a line.
    """
    from rich.box import SIMPLE_HEAD
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=SIMPLE_HEAD if any(columns) else None,
        show_header=any(columns),
        pad_edge=False,
        collapse_padding=bool(widths),
        header_style="bold",
        show_edge=False,
    )
    for number, column in enumerate(columns):
        cut = bool(widths) and number == len(columns) - 1
        table.add_column(
            cell(column) if column else "",
            overflow="ellipsis" if cut else "fold",
            no_wrap=cut,
            min_width=widths[number] if widths else None,
        )
    for row in rows:
        table.add_row(*(value if isinstance(value, Text) else cell(value) for value in row))
    console = _console()
    with console.capture() as capture:
        console.print(Padding(table, (0, 0, 0, indent)))
    for line in capture.get().splitlines():
        click.echo(line.rstrip(), color=None if console.is_terminal and not console.no_color else False)


def write_heading(name: str, words: str = "") -> None:
    """Writes an empty line and a line with ``name`` in bold."""
    click.echo()
    colour = None if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else False
    click.echo(f"{click.style(one_line(name), bold=True)}  {one_line(words, 2000)}".rstrip(), color=colour)


def write_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Writes label and value in two columns; a fact whose value is empty is left out."""
    write_table(("", ""), [(cell(label, "dim"), value) for label, value in facts if value], indent=2)


@contextmanager
def progress() -> Iterator[Progress]:
    """A callable ``(done, total, what)`` that draws a bar on standard error if that is a terminal."""
    if loudness_of() < 0 or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda done, total, what: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    console = Console(file=sys.stderr, markup=False, emoji=False, highlight=False)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console, transient=True) as bars:
        task = bars.add_task("", total=None)

        def show(done: int, total: int | None, what: str) -> None:
            bars.update(task, completed=done, total=total, description=one_line(what, 60))

        yield show
