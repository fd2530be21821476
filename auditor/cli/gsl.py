"""`auditor gsl`: a GSL rule evaluated as it is published, per account of a bundle or on a list of entities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli import options
from auditor.cli.output import progress, write_json, write_text
from auditor.cli.pattern_text import PATTERN
from auditor.text import count, listing, one_line

if TYPE_CHECKING:
    from auditor.published.evaluation import ItemFacts, OutcomeFacts

SHOWN_ITEMS = 20  # of each account; --json has all

_ORDER = (False, None, True)


@click.command("gsl", short_help="Evaluate a GSL rule to the letter.")
@click.argument("rule", type=PATTERN, metavar="RULE")
@click.argument("bundles", type=options.FILE, metavar="[BUNDLE]...", nargs=-1)
@click.option("--entities", type=options.FILE, metavar="FILE", help="Evaluate on the entities in a JSON file instead.")
@click.option("--as-of", metavar="TIME", help="What `now` is for before and after (ISO date or time).")
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    rule: str,
    bundles: tuple[Path, ...],
    entities: Path | None,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Evaluate a GSL rule to the letter: pass, fail or unknown, and the items that made it so.

    RULE is the rule's text, or @FILE. On a bundle it is evaluated for each account, on entities built from the
    captures. With --entities FILE (a JSON list, or {"entities": [...], "now": TIME}, gzipped or not) any entity
    type is taken as the JSON says; {"$unevidenced": true} stands for a value that nothing shows.
    Exit code 0 if all pass, 1 if not.

    \b
    Examples:
      auditor gsl 'CloudTrail should have isMultiRegionTrail=true' samples/quarterly
      auditor gsl @rule.gsl --entities trails.json --as-of 2026-09-30
    """
    from auditor import api

    if bool(bundles) == (entities is not None):
        raise click.UsageError("Give one or several bundles, or --entities FILE.", ctx)
    with progress() as show:
        answer = api.gsl(rule, list(bundles) or None, entities=entities, as_of=as_of, progress=show)
    accounts = [answer] if "result" in answer else answer["accounts"]
    if as_json:
        write_json(answer)
    else:
        for account in accounts:
            _write(account)
        _write_total(accounts)
    ctx.exit(0 if all(account["result"] == "pass" for account in accounts) else 1)


def _write(answer: OutcomeFacts) -> None:
    """The result, what was tested, each entity with the reason for it, then remarks and readings."""
    write_text(f"{answer['account_id']}: {answer['result']}" if "account_id" in answer else answer["result"])
    tested, *remarks = answer["explanation"]
    readings = [reading["name"] for reading in answer["readings"]]
    write_text(f"  {one_line(tested, 1000)}")
    # What makes the result stands first: breaches, then what is open, then the rest.
    for item in sorted(answer["items"], key=lambda item: _ORDER.index(item["complies"]))[:SHOWN_ITEMS]:
        reason = f": {one_line(item['because'], 1000)}" if item["because"] else ""
        write_text(f"  - {one_line(item['label'], 200)} {_word(item)}{reason}")
    rest = len(answer["items"]) - SHOWN_ITEMS
    if rest > 0:
        write_text(f"  and {count(rest, 'further item')}")
    for line in remarks[: len(remarks) - len(readings)]:
        write_text(f"  {one_line(line, 1000)}")
    if readings:
        write_text(f"  Depends on {'a reading' if len(readings) == 1 else 'readings'}: {listing(readings)}.")


def _word(item: ItemFacts) -> str:
    if item["relevant"] is False:
        return "is not in scope"
    if item["excluded"]:
        return "is excluded"
    return {True: "complies", False: "does not comply", None: "is open"}[item["complies"]]


def _write_total(accounts: Sequence[OutcomeFacts]) -> None:
    """How many accounts have which result, and each reading on which one depends, once."""
    if len(accounts) > 1:
        results = Counter(account["result"] for account in accounts)
        words = ", ".join(f"{results[result]} {result}" for result in ("pass", "fail", "unknown"))
        write_text(f"{count(len(accounts), 'account')}: {words}")
    for reading in {reading["name"]: reading for account in accounts for reading in account["readings"]}.values():
        write_text(f"Reading {reading['name']}: {reading['taken']}; the other one: {reading['other']}.")
