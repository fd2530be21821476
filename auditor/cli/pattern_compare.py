"""`auditor pattern compare`: the relation of one pattern to another, with events that prove it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from auditor.cli import options
from auditor.cli.output import complain, note, write_json, write_text
from auditor.cli.pattern_text import PATTERN
from auditor.text import one_line
from auditor.verdict import Relation

if TYPE_CHECKING:
    from auditor.patterns import Relating

NOT_CARRIED_OUT = 2
WORDS = {
    Relation.EQUAL: "both count the same events",
    Relation.BROADER: "LEFT counts every event that RIGHT counts, and more",
    Relation.NARROWER: "LEFT counts only events that RIGHT counts, and not all of them",
    Relation.OVERLAPPING: "each counts events that the other does not, and some events both count",
    Relation.DISJOINT: "no event is counted by both",
    Relation.UNDECIDABLE: "the relation was not decided",
}


@click.command("compare", short_help="Compare two filter patterns by what they count.")
@click.argument("left", type=PATTERN, metavar="LEFT")
@click.argument("right", type=PATTERN, metavar="RIGHT")
@options.as_json
@click.pass_context
def command(ctx: click.Context, left: str, right: str, as_json: bool) -> None:
    """Compare two filter patterns by what they count, not by their text.

    Prints the relation of LEFT to RIGHT, an event for each side of it, and the assumptions about behaviour that
    AWS does not document. Exit code 0 if they are equal, 1 if not, 2 if one is not a pattern.

    \b
    Examples:
      auditor pattern compare '{ $.a = 1 || $.b = 2 }' '{ $.b = 2 || $.a = 1 }'
      auditor pattern compare @found.txt @required.txt --json
    """
    from auditor.patterns import relate

    comparison = relate(left, right)
    if as_json:
        write_json(
            {
                "relation": comparison.relation,
                "left_only": comparison.left_only,
                "right_only": comparison.right_only,
                "both": comparison.both,
                "missed": comparison.missed,
                "added": comparison.added,
                "assumptions": comparison.assumptions,
            }
        )
    if comparison.relation is Relation.UNPARSABLE:
        complain(comparison.error)
        ctx.exit(NOT_CARRIED_OUT)
    if not as_json:
        write_text(f"{comparison.relation}: {WORDS[comparison.relation]}")
        if difference := _difference(comparison):
            write_text(f"  LEFT {difference}")
        for label, value in (
            ("only LEFT counts", _event(comparison.left_only)),
            ("only RIGHT counts", _event(comparison.right_only)),
            ("both count", _event(comparison.both)),
            ("assumes", ", ".join(comparison.assumptions)),
        ):
            if value:
                write_text(f"  {label + ':':<20}{value}")
    if comparison.error:
        note(comparison.error)
    ctx.exit(0 if comparison.relation is Relation.EQUAL else 1)


def _difference(comparison: Relating) -> str:
    """What LEFT would not notice and what it counts besides, in words; ``""`` if there is no difference."""
    parts = []
    for words, names, event in (
        ("would not notice", comparison.missed, comparison.right_only),
        ("also counts", comparison.added, comparison.left_only),
    ):
        if names:
            parts.append(f"{words}: {', '.join(names)}")
        elif event is not None:
            parts.append(f"{words} events such as {_event(event)}")
    return "; ".join(parts)


def _event(event: object) -> str:
    """An event on one line; a raw message as it is, an object as JSON."""
    if event is None:
        return ""
    return one_line(event if isinstance(event, str) else json.dumps(event, ensure_ascii=False), 1000)
