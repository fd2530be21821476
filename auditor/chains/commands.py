"""The exact AWS CLI command that makes a needed capture."""

from __future__ import annotations

import shlex

from auditor.chains.model import Need
from auditor.evidence import calls


def command_for(need: Need) -> str:
    """The command of the call registry with the region and resource filled in, quoted for a POSIX shell."""
    template = calls()[need.call_id].command
    return template.format(
        region=shlex.quote(need.region),
        resource=shlex.quote(need.resource),
        account=shlex.quote(need.account_id),
    )
