"""The exact AWS CLI command that makes a needed capture, and the file that tells where it was made."""

from __future__ import annotations

import shlex
from urllib.parse import quote

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


def file_for(need: Need) -> str:
    """The file to save that capture as: ``ACCOUNT/REGION/sns-list-topics.json``, a resource percent-encoded.

    An empty answer names neither account, region nor resource: its path is all that tells them.
    """
    call = calls()[need.call_id]
    resource = [quote(need.resource, safe="")] if call.place == "resource" else []
    return "/".join(filter(None, [need.account_id, need.region, call.name, *resource])) + ".json"
