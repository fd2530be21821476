"""Whom a recorded call asked: AWS, or a host that is none of AWS's, as an emulator on somebody's machine (rule X5).

What such a host prints looks like an answer, and shows nothing of any account.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from auditor.evidence.item import letters_of

# Domains of AWS's endpoints in all partitions, PrivateLink's among them (botocore endpoints.json, "dnsSuffix").
_OF_AWS = re.compile(
    r"(?:.+\.)?(?:amazonaws\.com(?:\.cn)?|api\.aws|amazonaws\.eu|api\.amazonwebservices\.(?:com\.cn|eu)|c2s\.ic\.gov"
    r"|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov|aws\.(?:ic|scloud|hci\.ic)\.gov|cloud-aws\.adc-e\.uk)\.?"
)
_NAME = r"(?:--?)?(?:aws_)?endpoint(?:[-_]?url)?(?:_[a-z0-9_]+)?"  # of the CLI's option, an SDK's, a variable
_GIVEN = re.compile(rf"(?:.*[(,\s:'\"{{$])?{_NAME}['\"]?\s*[=:]\s*(?P<value>.+)", re.IGNORECASE | re.DOTALL)
_ALONE = re.compile(rf"--?{_NAME.removeprefix('(?:--?)?')}", re.IGNORECASE)
_HOST = re.compile(
    r"['\"]?(?:[a-z][a-z0-9+]*://)?(?:[^/@\s]*@)?(?P<host>\[[0-9a-f:.]+\]|[a-z0-9][a-z0-9_.-]*)", re.IGNORECASE
)
_UNMISTAKABLE = re.compile(r"['\"]?(?:[a-z][a-z0-9+]*://|localhost\b|[0-9]{1,3}(?:\.[0-9]{1,3}){3})", re.IGNORECASE)
# The address of an emulator, wherever it stands: this machine, or one that is called after it.
_EMULATOR = re.compile(
    r"https?://(?P<host>localhost|127(?:\.[0-9]{1,3}){3}|0\.0\.0\.0|\[::1\]|host\.docker\.internal"
    r"|[a-z0-9.-]*(?:localstack|moto-?server)[a-z0-9.-]*)(?![a-z0-9.-])",
    re.IGNORECASE,
)
_LOCAL = ("awslocal", "awslocal.bat", "awslocal.cmd", "awslocal.exe", "awscli_local", "awscli-local")
# Programs whose first address is whom they ask.
_CLIENTS = ("curl", "curl.exe", "wget", "http", "https", "httpie", "invoke-webrequest", "invoke-restmethod", "iwr")
_MEMBERS = re.compile(r"(?:aws)?(?:api|service|base)?endpoint(?:url)?[a-z]{0,24}|(?:aws)?baseurl|apiurl")
_SERVERS = re.compile(r"werkzeug|twistedweb|hypercorn|localstack|moto(?:server)?\b", re.IGNORECASE)


def foreign_host(words: Sequence[str]) -> str:
    """The host that a recorded command asks and that is none of AWS's, ``""`` if it asks AWS, or nobody can say whom.

    >>> foreign_host(("--endpoint-url", "http://localhost:4566", "--region", "us-east-1"))
    'localhost'
    >>> foreign_host(("AWS_ENDPOINT_URL=https://logs.eu-west-1.amazonaws.com", "aws", "logs", "describe-log-groups"))
    ''
    """
    return next(filter(None, map(_foreign, _hosts(words))), "")


def foreign_member(members: Mapping[str, Any], described: Collection[str] = ()) -> str:
    """The host that is none of AWS's and that a member says was asked, of an entry of a capture record, of the record
    or of what a script put in one (``environment``); ``""`` if none.

    ``described`` are the members that the record's schema describes.
    """
    for name, value in members.items():
        if name in described:
            continue
        if isinstance(value, str) and _MEMBERS.fullmatch(letters_of(name)) and (host := _foreign(value)):
            return host
        for text in value if isinstance(value, list) else [value]:
            emulator = _EMULATOR.search(text) if isinstance(text, str) else None
            if emulator is not None and "proxy" not in f"{name} {text}".lower():
                return emulator["host"].lower()
        if isinstance(value, dict) and name != "captures" and (host := foreign_member(value)):
            return host
    return ""


def emulator_in(page: Mapping[str, Any]) -> str:
    """The program that is none of AWS's and that the headers of an SDK's answer name as the server; ``""`` if none."""
    metadata = page.get("ResponseMetadata")
    headers = metadata.get("HTTPHeaders") if isinstance(metadata, dict) else None
    for name, value in (headers if isinstance(headers, dict) else {}).items():
        if name.lower() == "x-localstack":
            return "LocalStack"
        if name.lower() == "server" and isinstance(value, str) and _SERVERS.search(value):
            return value
    return ""


def _hosts(words: Sequence[str]) -> Iterator[str]:
    """What a command gives as the address of whom it asks."""
    client = False
    for number, word in enumerate(words):
        program = re.split(r"[/\\]", word)[-1].lower()
        if program in _LOCAL:
            yield "localhost"
        elif given := _GIVEN.fullmatch(word):
            yield given["value"] if word.startswith("-") or _UNMISTAKABLE.match(given["value"]) else ""
        elif _ALONE.fullmatch(word):
            yield next(iter(words[number + 1 : number + 2]), "")
        elif client and "://" in word:
            yield word
        client = client or program in _CLIENTS


def _foreign(address: str) -> str:
    """The host of an address, if it is none of AWS's; ``""`` where a variable stands in its place."""
    begins = None if "@" in address and "://" not in address else _HOST.match(address.strip())
    host = begins["host"].lower() if begins is not None else ""
    named = re.search(r"[a-z0-9]", host) is not None and ("." in host or ":" in host or _is_address(address, host))
    return host if named and _OF_AWS.fullmatch(host) is None else ""


def _is_address(text: str, host: str) -> bool:
    """Whether a word without a dot is a host: it is this machine's, or a scheme or port stands beside it."""
    return host == "localhost" or "://" in text or re.search(rf"{re.escape(host)}:[0-9]", text.lower()) is not None
