"""What the AWS CLI or the service says when a call fails, found in a file that was to hold its answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
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

# The same in the words of other programs, wherever it stands in a line: behind a time, a level, or the name of the
# exception; and what a service said, without botocore's words around it (PowerShell, the SDK for Go).
_QUOTED = re.compile(
    r"An error occurred \((?P<code>[^()\n]{1,100})\) when calling the (?P<operation>\w{1,100})\s"
    r"operation(?: \(reached max retries: \d{1,4}\))?:(?P<message>[^\n]*)"
)
_NOT_AUTHORIZED = re.compile(
    r"User: \S{1,300} is not authorized to perform: [a-z0-9-]{1,40}:(?P<operation>\w{1,100})[^\n]*"
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

# An error of the query protocol (SNS, CloudWatch): <ErrorResponse><Error>…<Code>…</Code><Message>….
_XML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:ErrorResponse|Response|Error)\b.{0,1000}?<Code>(?P<code>[^<]{1,100})</Code>"
    r"(?:.{0,200}?<Message>(?P<message>[^<]{0,1000}))?",
    re.DOTALL,
)
# Of the JSON protocols: what names the error, and what else stands beside it (Smithy: aws.protocols).
_CODES = ("__type", "Code", "code", "errorCode")
_MESSAGES = ("message", "Message", "errorMessage")
_ERROR_MEMBERS = {
    *_CODES, *_MESSAGES, "RequestId", "requestId", "RequestID", "ResponseMetadata", "Type", "type", "statusCode",
    "status", "Detail", "Resource", "resource",
}  # fmt: skip

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


def says_no_organization(error_code: str) -> bool:
    """Whether AWS answered that the account is in no organisation."""
    return error_code == "AWSOrganizationsNotInUseException"


_SEARCHED_CHARACTERS = 4_000  # warnings of Python or of a shell may stand before the message
_MESSAGE_CHARACTERS = 1_000


def find_refusal(text: str) -> Refusal | None:
    """The failure that the beginning of ``text`` reports, if it reports one."""
    head = text[:_SEARCHED_CHARACTERS].replace("\r", "")
    if match := _ANSWERED.search(head):
        return Refusal(one_line(match["code"]), match["operation"], _sentence(match["message"]))
    if match := _UNANSWERED.search(head):
        return Refusal("", "", _sentence(match["message"]))
    if match := _XML.match(head):
        return Refusal(one_line(match["code"]), "", _sentence(match["message"] or "no message"))
    return None


def quoted_refusal(text: str) -> Refusal | None:
    """The failure that the log or the standard error of a program quotes, before anything that may be an answer."""
    head = text[:_SEARCHED_CHARACTERS].replace("\r", "").partition("{")[0]
    if match := _QUOTED.search(head):
        return Refusal(one_line(match["code"]), match["operation"], _sentence(match["message"]))
    if match := _NOT_AUTHORIZED.search(head):
        return Refusal("AccessDenied", match["operation"], _sentence(match[0]))
    return None


def error_object(page: object) -> Refusal | None:
    """The failure that a JSON object tells as the service wrote it, or as an SDK hands it on; None if it is none."""
    if not isinstance(page, Mapping):
        return None
    inner = page.get("ErrorResponse", page)
    inner = inner.get("Error", inner) if isinstance(inner, Mapping) else inner
    if not isinstance(inner, Mapping) or (inner is page and not _ERROR_MEMBERS.issuperset(page)):
        return None
    code = next((inner[name] for name in _CODES if isinstance(inner.get(name), str) and inner[name]), None)
    if code is None:
        return None
    message = next((inner[name] for name in _MESSAGES if isinstance(inner.get(name), str)), "no message")
    # com.amazonaws.cloudtrail.v20131101#TrailNotFoundException, or a code with an address behind it
    return Refusal(one_line(code.rpartition("#")[2].partition(":")[0], 100), "", _sentence(message))


def _sentence(text: str) -> str:
    return one_line(" ".join(text.split()), _MESSAGE_CHARACTERS)
