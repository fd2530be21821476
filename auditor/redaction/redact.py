"""Replaces what tells who is notified: addresses, telephone numbers, and what is secret in the URLs of web hooks.

The whole document is walked, so that page, workbook, requests and result, all made from it, agree.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from auditor.errors import AuditorError
from auditor.redaction.key import RedactionKey
from auditor.result import AuditResult, ResultDocument, SharedRequests, requests_by_set

EMAIL, PHONE, URL = "e-mail", "phone", "url"
KINDS = {"email": EMAIL, "email-json": EMAIL, "sms": PHONE, "http": URL, "https": URL}

# What is the product's or the auditor's own, where nothing that looks like an address is a subscriber's.
_OWN = frozenset({"schema_version", "tool", "options", "engagement", "controls", "frameworks", "rules", "redaction"})
# Texts of the evidence that must stay what they are, but for subscribers named in them.
_LITERAL = frozenset(
    {"filter_pattern", "filterPattern", "required_pattern", "waiver", "references", "sha256", "assumptions"}
)

_EMAIL = re.compile(r"[\w.!#$%&+^~-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?![\w-])")
_PHONE = re.compile(r"(?<![\w+.:-])\+[1-9][0-9]{6,14}(?![\w])")
_URL = re.compile(r"""https?://[^\s"'<>`\\]+[^\s"'<>`\\.,;:)\]]""", re.IGNORECASE)
_PUBLIC = (".amazonaws.com", "docs.aws.amazon.com", "console.aws.amazon.com", ".amazonaws.com.cn")


def redacted(result: AuditResult, key: RedactionKey) -> AuditResult:
    """The result with short forms in the place of subscribers; everything else, every verdict too, stays.

    Raises:
        AuditorError: it is redacted already.
    """
    document = result.document
    if "redaction" in document:
        raise AuditorError(
            "the result is redacted already.", remedy="Give the result as it was before, or leave out --redact."
        )
    walker = _Walker(key, document)
    replaced = {name: walker.value(value, loose=name not in _OWN) for name, value in document.items()}
    for facts in replaced.get("review") or ():
        facts["before"]["basis"] = ""  # digests of what is replaced, by which a guessed address could be confirmed
    replaced["redaction"] = {"key": key.fingerprint}
    return AuditResult(cast("ResultDocument", replaced))


class _Walker:
    def __init__(self, key: RedactionKey, document: ResultDocument) -> None:
        self._key = key
        self._forms: dict[str, str] = {}
        for protocol, endpoint in sorted(set(_subscribers(document))):
            form = self._form(KINDS[protocol], endpoint)
            for written in (endpoint, shlex.quote(endpoint), json.dumps(endpoint)[1:-1]):
                self._forms.setdefault(written, form)
        literals = sorted(self._forms, key=lambda text: (-len(text), text))
        self._literals = re.compile("|".join(map(_bounded, literals))) if literals else None
        # control@variant has the form of an address
        self._kept = {f"{control['id']}@{control['variant']}" for control in document["controls"]}
        self._replaced_texts: dict[tuple[str, bool], str] = {}

    def value(self, value: object, loose: bool) -> Any:
        """A value of the document; ``loose``: whatever looks like an address is one, not only the known ones."""
        if isinstance(value, str):
            return self._text(value, loose)
        if isinstance(value, Mapping):
            return {name: self.value(member, loose and name not in _LITERAL) for name, member in value.items()}
        if isinstance(value, SharedRequests):
            return requests_by_set(self.value(of_set, loose) for of_set in value.sets())
        if isinstance(value, list | tuple):
            return [self.value(member, loose) for member in value]
        return value

    def _text(self, text: str, loose: bool) -> str:
        if len(text) < 5:
            return text
        key = (text, loose)
        replaced = self._replaced_texts.get(key)
        if replaced is None:
            replaced = self._replaced_texts[key] = self._replaced(text, loose)
        return replaced

    def _replaced(self, text: str, loose: bool) -> str:
        if self._literals is not None:
            text = self._literals.sub(lambda match: self._forms[match[0]], text)
        if not loose:
            return text
        if "://" in text:
            text = _URL.sub(lambda match: self._url(match[0]), text)
        if "@" in text:
            text = _EMAIL.sub(lambda match: match[0] if match[0] in self._kept else self._form(EMAIL, match[0]), text)
        return _PHONE.sub(lambda match: self._form(PHONE, match[0]), text) if "+" in text else text

    def _url(self, url: str) -> str:
        split = urlsplit(url) if "[" not in url else None
        host = (split.hostname or "") if split is not None else ""
        if host.endswith(_PUBLIC) or _made_before(url):
            return url
        return self._form(URL, url)

    def _form(self, kind: str, value: str) -> str:
        if kind != URL:
            return self._key.form(kind, value)
        scheme, _, rest = value.partition("://")
        host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]  # without user and password
        return f"{scheme}://{host}/{self._key.form(URL, value)}" if rest else self._key.form(URL, value)


_SHORT_FORM = re.compile(r"https?://[^/]*/url-[0-9a-f]{10}", re.IGNORECASE)


def _made_before(url: str) -> bool:
    """Whether a URL is a short form already."""
    return bool(_SHORT_FORM.fullmatch(url))


def _subscribers(document: ResultDocument) -> Iterator[tuple[str, str]]:
    """Protocol and endpoint of every subscription that findings name."""
    for finding in document["findings"]:
        for chain in finding["chains"]:
            if chain["protocol"] in KINDS and chain["endpoint"]:
                yield chain["protocol"], chain["endpoint"]
    for excerpt in document.get("excerpts", ()):
        yield from _subscriptions_in(excerpt["value"])


def _subscriptions_in(value: object) -> Iterator[tuple[str, str]]:
    """The same of every subscription in a piece of evidence."""
    if isinstance(value, Mapping):
        protocol, endpoint = value.get("Protocol"), value.get("Endpoint")
        if protocol in KINDS and isinstance(endpoint, str) and endpoint:
            yield protocol, endpoint
    if isinstance(value, Mapping | list):
        for member in value.values() if isinstance(value, Mapping) else value:
            yield from _subscriptions_in(member)


def _bounded(text: str) -> str:
    """A literal that is no part of a longer name or number."""
    before = r"(?<![\w+])" if re.match(r"[\w+]", text) else ""
    return f"{before}{re.escape(text)}" + (r"(?!\w)" if re.search(r"\w$", text) else "")
