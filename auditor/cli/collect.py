"""`auditor collect`: the script with which an account's owner captures the evidence."""

from __future__ import annotations

import json
from pathlib import Path

import click

from auditor.cli import options
from auditor.cli.output import note, write_bytes, write_json

# auditor.requests.script.SHELLS, without importing what fills in templates for --help.
_SHELLS = {"bash": "bash collect.sh", "powershell": "powershell -ExecutionPolicy Bypass -File collect.ps1"}


@click.command("collect", short_help="Print the script that captures the evidence.")
@click.option(
    "--shell", type=click.Choice(tuple(_SHELLS)), default="bash", show_default=True,
    help="bash (3.2 or later, also Git Bash and AWS CloudShell) or PowerShell (5.1 or 7).",
)  # fmt: skip
@click.option(
    "--for", "results", type=options.FILE, metavar="RESULTS.json",
    help="Only what the open requests of this result ask for.",
)  # fmt: skip
@click.option("--policy", is_flag=True, help="Print the smallest IAM policy that the script needs instead.")
@options.as_json
def command(shell: str, results: Path | None, policy: bool, as_json: bool) -> None:
    """Print a script that captures the evidence from AWS, for the owner of the accounts to read and run.

    It only reads. It needs the AWS CLI and nothing else, runs in AWS CloudShell, and leaves one sealed .zip, which
    `auditor audit` takes as it is. `docs/capture.md` is a page for owners.

    \b
    Example:
      auditor collect > collect.sh
      auditor collect --for report/results.json > missing.sh
      auditor collect --policy > policy.json
    """
    from auditor.requests.script import complete_plan, expectation, minimal_policy, plan_for, render
    from auditor.result import AuditResult

    capture_plan, others = plan_for([])
    if results is not None:
        document = AuditResult.load(results).document
        capture_plan, others = plan_for([*document["requests"], *document.get("strengthening", [])])
    plan = complete_plan() if results is None else capture_plan
    for request in others:
        note(f"{request['number']} is not in the script, since no call answers it: {request['why']}")
    if not plan.calls:
        note(f"Nothing that a call could answer is asked for in {results}.")
        return
    if as_json:
        write_json(
            {
                "shell": shell,
                "script": render(plan, shell),
                "policy": minimal_policy(plan),
                "calls": [call.id for call in plan.calls],
                "requests_without_call": [request["number"] for request in others],
                "minutes": list(plan.minutes),
                "megabytes": plan.megabytes,
            }
        )
    elif policy:
        write_bytes(f"{json.dumps(minimal_policy(plan), indent=2)}\n".encode())
        note(expectation(plan))
    else:
        write_bytes(render(plan, shell).encode())
        note(f"{expectation(plan)} Save it and run: {_SHELLS[shell]}")
