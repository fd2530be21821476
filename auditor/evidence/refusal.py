"""What the AWS CLI says on standard error when a call fails, found in a file that was to hold its answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.text import one_line


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that failed. ``error_code`` and ``operation`` are AWS's, or ``""`` where AWS was not reached."""

    error_code: str
    operation: str
    message: str


# The message begins a line, after what newer CLIs (``aws: [ERROR]: ``, aws-cli #9889) or PowerShell (``aws : ``,
# ``aws.exe : ``) puts before it. Nothing else is taken for a refusal: notes and logs quote such lines, too.
_START = r"^[ \t]*(?:aws(?:\.exe)?(?::| :) ?(?:\[ERROR\]: ?)?)?"

# botocore.exceptions.ClientError
_ANSWERED = re.compile(
    _START + r"An error occurred \((?P<code>[^()\n]{1,100})\) when calling the (?P<operation>\w{1,100})\s"
    r"operation(?: \(reached max retries: \d{1,4}\))?:(?P<message>.*)",
    re.DOTALL | re.MULTILINE,
)

# Openings of botocore's other errors (botocore.exceptions) and of the CLI's own.
_NOT_SENT = (
    "An HTTP Client raised an unhandled exception",
    "Connect timeout on endpoint URL",
    "Connection was closed before we received a valid response",
    "Could not connect to the endpoint URL",
    "Credentials were refreshed, but the refreshed credentials are still expired",
    "Error loading SSO Token",
    "Error when retrieving credentials from",
    "Error when retrieving token from",
    "Failed to connect to proxy URL",
    "Invalid endpoint",
    "Parameter validation failed",
    "Partial credentials found in",
    "Provided region_name",
    "Read timeout on endpoint URL",
    "SSL validation failed for",
    "The SSO session associated with this profile has expired",
    "The config profile (",
    "Token has expired and refresh failed",
    "Unable to locate credentials",
    "Unable to parse config file",
    "You must specify a region",
    "usage: aws",
)
_UNANSWERED = re.compile(_START + f"(?P<message>(?:{'|'.join(map(re.escape, _NOT_SENT))}).*)", re.DOTALL | re.MULTILINE)

# What a refusal asks for, by AWS's error code (the services' API references). ``{permission}`` is the call's.
_GONE = re.compile(r".*(?:NotFound(?:Exception|Fault)?|DoesNotExist)|CloudTrailARNInvalidException")
_REMEDIES = (
    (
        _GONE,
        "AWS knows no such resource there: it was deleted, is misspelt, or is another account's or region's. "
        "If it should exist, ask its owner for",
    ),
    (
        re.compile(r"UnrecognizedClientException|InvalidClientTokenId|AuthFailure|OptInRequired"),
        "The region is not enabled for the account, or the credentials are not valid there. If it is in use, "
        "capture again with valid credentials",
    ),
    (
        re.compile(r"ExpiredToken(?:Exception)?|RequestExpired"),
        "The credentials had expired. Renew them and capture again",
    ),
    (
        re.compile(r"Throttling(?:Exception)?|TooManyRequests(?:Exception)?|RequestLimitExceeded"),
        "Too many calls at a time. Capture again later, more slowly",
    ),
    (
        re.compile(r"AWSOrganizationsNotInUseException"),
        "The account is in no organisation, which leaves nothing to capture. If it is in one, capture again",
    ),
    (
        re.compile(
            r"AccessDenied(?:Exception)?|AuthorizationError(?:Exception)?|UnauthorizedOperation|NotAuthorized.*"
        ),
        "Capture again with the permission {permission}",
    ),
    (re.compile(""), "The call did not reach AWS. Mend what the message says and capture again"),
)
_OTHERWISE = "Mend what the message says and capture again"


def remedy(error_code: str, permission: str) -> str:
    """What to do about a refusal with this error code (``""``: AWS was not reached), without the command."""
    for codes, advice in _REMEDIES:
        if codes.fullmatch(error_code):
            return advice.format(permission=permission)
    return _OTHERWISE


def says_gone(error_code: str) -> bool:
    """Whether AWS answered that the thing asked for does not exist where it was asked."""
    return _GONE.fullmatch(error_code) is not None


_SEARCHED_CHARACTERS = 4_000  # warnings of Python or of a shell may stand before the message
_MESSAGE_CHARACTERS = 1_000


def find_refusal(text: str) -> Refusal | None:
    """The failure that the beginning of ``text`` reports, if it reports one."""
    head = text[:_SEARCHED_CHARACTERS].replace("\r", "")
    if found := _ANSWERED.search(head):
        return Refusal(one_line(found["code"]), found["operation"], _sentence(found["message"]))
    if found := _UNANSWERED.search(head):
        return Refusal("", "", _sentence(found["message"]))
    return None


def _sentence(text: str) -> str:
    return one_line(" ".join(text.split()), _MESSAGE_CHARACTERS)
