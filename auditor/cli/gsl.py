"""`auditor gsl`: a GSL rule evaluated as it is published, per account of a bundle or on a list of entities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from auditor.cli import options
from auditor.cli.output import progress, write_json, write_text
from auditor.cli.pattern_text import PATTERN
from auditor.text import count, one_line

SHOWN_ITEMS = 20  # of each account; --json has all


@click.command("gsl", short_help="Evaluate a GSL rule to the letter.")
@click.argument("rule", type=PATTERN, metavar="RULE")
@click.argument("bundles", type=options.FILE, metavar="[BUNDLE]...", nargs=-1)
@click.option("--entities", type=options.FILE, metavar="FILE", help="Evaluate on the entities in a JSON list instead.")
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
    captures. Exit code 0 if all pass, 1 if not.

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
    if as_json:
        write_json(answer)
    else:
        for account in answer.get("accounts", [answer]):
            _write(account)
    results = [account["result"] for account in answer.get("accounts", [answer])]
    ctx.exit(0 if all(result == "pass" for result in results) else 1)


def _write(answer: dict[str, Any]) -> None:
    head = f"{answer['account_id']}: " if "account_id" in answer else ""
    write_text(f"{head}{answer['result']}")
    for line in answer["explanation"]:
        write_text(f"  {one_line(line, 1000)}")
    words = {True: "complies", False: "in breach", None: "not shown"}
    for item in answer["items"][:SHOWN_ITEMS]:
        write_text(f"  {one_line(item['label'], 200)}: {words[item['complies']]}")
    rest = len(answer["items"]) - SHOWN_ITEMS
    if rest > 0:
        write_text(f"  and {count(rest, 'further item')}")
