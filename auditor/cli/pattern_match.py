"""`auditor pattern match`: which events a pattern counts, and by which clause."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

import click

from auditor.cli import options
from auditor.cli.output import note, write_json, write_text
from auditor.cli.pattern_text import PATTERN
from auditor.errors import AuditorError
from auditor.text import count, one_line


class Answer(TypedDict):
    """``index`` counts the events from 0; ``clause`` is the part of the pattern that counts the event."""

    index: int
    matched: bool
    clause: str | None


@click.command("match", short_help="Try a filter pattern on events.")
@click.argument("pattern", type=PATTERN, metavar="PATTERN")
@click.argument("events", type=options.FILE, metavar="EVENTS")
@options.as_json
@click.pass_context
def command(ctx: click.Context, pattern: str, events: Path, as_json: bool) -> None:
    """Try a filter pattern on events: which are counted, and by which clause.

    EVENTS is a file with one JSON event, a JSON array, {"Records": [...]} or JSON lines, gzipped or not, or a
    folder of these; a line that is not JSON is a raw message. The answers of `aws logs filter-log-events`,
    `get-log-events` and `get-query-results`, of `aws cloudtrail lookup-events`, payloads of subscription filters and
    events of EventBridge are opened. Exit code 0 if an event matched, 1 if none did.

    \b
    Examples:
      auditor pattern match '{ $.eventName = "SendCommand" }' events.json.gz
      auditor pattern match @pattern.txt CloudTrail/ --json
    """
    from auditor.patterns import Strangers, matching_clause, parse, read_events

    parsed = parse(pattern)
    if events.exists() and not events.is_file() and not events.is_dir():
        # A pipe without a writer would never end, and events are looked at twice.
        raise AuditorError("is neither a file nor a folder.", file=str(events), remedy="Save the events in a file.")
    answers: list[Answer] = []
    strangers = Strangers(parsed)
    for index, event in enumerate(read_events(events)):
        clause = matching_clause(parsed, event)
        answers.append({"index": index, "matched": clause is not None, "clause": clause})
        if clause is None:
            strangers.add(event)
    matched = sum(answer["matched"] for answer in answers)
    if not matched and strangers.form:
        raise AuditorError(
            f"holds no event that is read here but {strangers.form}.",
            file=str(events),
            remedy="Give the events themselves, one JSON object on each line.",
            code="no-events",
        )
    if as_json:
        write_json({"matched": matched, "total": len(answers), "events": answers})
    else:
        for answer in answers:
            if answer["clause"] is not None:
                write_text(f"event {answer['index']}: {one_line(answer['clause'], 1000)}")
        write_text(f"{matched:,} of {count(len(answers), 'event')} matched.")
    if not matched and strangers.remark:
        note(strangers.remark)
    ctx.exit(0 if matched else 1)
