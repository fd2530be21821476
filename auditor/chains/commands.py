"""The exact AWS CLI command that makes a needed capture, and the file that tells where it was made."""

from __future__ import annotations

import re
import shlex
from urllib.parse import quote

from auditor.arn import parse_arn
from auditor.chains.model import Need
from auditor.evidence import calls


def command_for(need: Need) -> str:
    """The command of the call registry with the region and resource filled in, quoted for a POSIX shell.

    ``--output json``, since a profile may ask for tables.
    """
    return shlex.join(["aws", *_words(need), "--output", "json"])


def arguments_for(need: Need) -> list[str]:
    """The options of that command as a capture record tells them, without ``--output``."""
    return _words(need)[2:]


def _words(need: Need) -> list[str]:
    """The words of the command behind ``aws``: service, operation, options."""
    filled = {"{region}": need.region, "{resource}": need.resource}
    return [filled.get(word, word) for word in calls()[need.call_id].command.split()[1:]]


def file_for(need: Need) -> str:
    """The file to save that capture as: ``ACCOUNT/REGION/sns-list-topics.json``, or in a folder of that name a file
    for each topic or trail by its name, anything else by its own, percent-encoded.

    An empty answer names neither account, region nor resource: its path is all that tells them.
    """
    call = calls()[need.call_id]
    resource = [quote(_name_of(need.resource), safe="")] if call.place == "resource" else []
    return "/".join(filter(None, [need.account_id, need.region, call.name, *resource])) + ".json"


def _name_of(resource: str) -> str:
    """The last part of an ARN, which tells one from others of its account and region; anything else as it is."""
    arn = parse_arn(resource)
    return resource if arn is None else re.split("[:/]", arn.resource)[-1] or resource
