"""A plan as a script: each shell has one template, into which calls and patterns are filled in, quoted."""

from __future__ import annotations

import json
import re
import shlex
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from auditor.catalogue import default_regions
from auditor.evidence import calls
from auditor.evidence.call_ids import DESCRIBE_ORGANIZATION, DESCRIBE_REGIONS, LIST_ACCOUNTS, LIST_REGIONS
from auditor.requests.script.plan import CapturePlan
from auditor.requests.script.policy import minimal_policy
from auditor.resources import PACKAGE
from auditor.text import count
from auditor.version import __version__

SHELLS = {"bash": "collect.sh.jinja", "powershell": "collect.ps1.jinja"}
_PARTITIONS = ("aws", "aws-cn", "aws-us-gov")


def render(plan: CapturePlan, shell: str) -> str:
    """The text of the script, lines ended by LF. ``shell`` is one of ``SHELLS``."""
    names = {
        "organization": calls()[DESCRIBE_ORGANIZATION].name,
        "accounts_listing": calls()[LIST_ACCOUNTS].name,
        "region_listings": [calls()[call_id].name for call_id in (LIST_REGIONS, DESCRIBE_REGIONS)],
        "default_regions": {partition: default_regions(partition) for partition in _PARTITIONS},
    }
    values = {
        "plan": plan,
        "names": names,
        "policy": _policy_lines(plan),
        "expectation": expectation(plan),
        "folder": "aws-evidence" if plan.wants is None else "aws-evidence-requested",
        "version": f"evidence-bundle-auditor {__version__}",
    }
    return _environment().get_template(SHELLS[shell]).render(values)


def expectation(plan: CapturePlan) -> str:
    """How long the script takes and how much it leaves, in a sentence."""
    low, high = plan.minutes
    takes = f"{low} to {high} minutes and some {plan.megabytes} MB before packing"
    if plan.wants is not None:
        where = count(len(plan.accounts), "account")
        return f"It makes {count(len(plan.wants), 'call')} in {where}, and what follows from them: {takes}."
    return f"It makes some {len(plan.region)} calls in each region; an account with 17 regions takes {takes}."


def _policy_lines(plan: CapturePlan) -> list[str]:
    """The policy for a comment, one action a line."""
    return json.dumps(minimal_policy(plan), indent=2).splitlines()


def sh(text: str) -> str:
    """A word for a POSIX shell."""
    return shlex.quote(text)


def sh_word(text: str) -> str:
    """A word of a command for a POSIX shell; where a resource belongs stands the script's variable."""
    return '"$resource"' if text == "{resource}" else shlex.quote(text)


def ps(text: str) -> str:
    """A string for PowerShell, which takes typographic quotation marks for plain ones."""
    return "'" + re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", text) + "'"


def ps_word(text: str) -> str:
    """A word of a command for PowerShell; where a resource belongs stands the script's variable."""
    return "$Resource" if text == "{resource}" else ps(text)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PACKAGE / "requests" / "script" / "templates"),
        auto_reload=False,
        autoescape=False,  # no HTML: every value passes one of the filters below
        block_start_string="<%",  # the usual marks are shell syntax
        block_end_string="%>",
        variable_start_string="{=",
        variable_end_string="=}",
        comment_start_string="<%#",
        comment_end_string="#%>",
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"sh": sh, "sh_word": sh_word, "ps": ps, "ps_word": ps_word}
    return environment
