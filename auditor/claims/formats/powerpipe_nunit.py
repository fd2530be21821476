"""Powerpipe's NUnit file: ``steampipe:status`` is the answer; ``result`` says Passed of info and Failed of error.

Values are not escaped, so that an ``&`` in a reason would end the reading; it is read as the text that it is. No
document type is accepted, so that no entity is ever expanded. Source: turbot/powerpipe templates/nunit3.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from auditor.claims.formats.form import TextFormat
from auditor.claims.formats.powerpipe import claim_row
from auditor.claims.json_items import DamagedJsonError
from auditor.claims.sink import Sink
from auditor.claims.text_stream import TextStream

_BEGINS = re.compile(r"\s*(?:<\?xml[^>]*\?>)?\s*(?:<!--.*?-->\s*)*(?:<!DOCTYPE.*?)?<test-run[\s>]", re.DOTALL)
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_TAG = re.compile(r"<(?![A-Za-z/!?])")
_LONGEST = 12  # characters of an entity that the end of a piece may cut
_TEXT, _DEPTH, _SILENT = 1 << 16, 200, 1 << 23


class _Reader:
    """What the parser tells; no tree is built."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._text: list[str] = []
        self._size = self._depth = self.calls = self.cases = 0
        self._case, self._key = "", ""
        self._values: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.calls += 1
        self._depth += 1
        if self._depth > _DEPTH:
            raise DamagedJsonError("is nested more deeply than any scanner's file")
        self._text, self._size = [], 0
        if tag == "test-case":
            self._case, self._values = attributes.get("id") or attributes.get("name", ""), {}

    def data(self, text: str) -> None:
        self.calls += 1
        if self._size < _TEXT:
            self._text.append(text[:_TEXT])
        self._size += len(text)

    def end(self, tag: str) -> None:
        self.calls += 1
        self._depth -= 1
        text = "".join(self._text).strip()
        if tag == "key":
            self._key = text
        elif tag == "value":
            self._values[self._key] = text
        elif tag == "test-case":
            self.cases += 1
            values = self._values
            claim_row(
                self._sink, self._case.partition("::")[0], values.get("steampipe:status", "").lower(),
                values.get("steampipe:dimension:account_id", ""), values.get("steampipe:resource", ""),
                values.get("steampipe:reason", ""), f"test-case {self._case}"[:200],
            )  # fmt: skip

    def close(self) -> None:
        """Nothing is left to be made."""


def _read(text: TextStream, sink: Sink) -> None:
    text.drop(len(text.head()) - len(text.head().lstrip()))
    reader = _Reader(sink)
    parser = DefusedXMLParser(target=reader, forbid_dtd=True)
    rest, silent = "", 0
    try:
        for piece in text.pieces():
            parsed, chunk = reader.calls, rest + piece
            cut = chunk.rfind("&", len(chunk) - _LONGEST)
            cut = len(chunk) - 1 if cut < 0 and chunk.endswith("<") else cut
            chunk, rest = (chunk[:cut], chunk[cut:]) if cut >= 0 else (chunk, "")
            parser.feed(_TAG.sub("&lt;", _BARE.sub("&amp;", chunk)))
            silent = silent + len(chunk) if parsed == reader.calls else 0
            if silent > _SILENT:
                raise DamagedJsonError("holds a text longer than any scanner writes")
        parser.feed(_TAG.sub("&lt;", _BARE.sub("&amp;", rest)))
        parser.close()
    except DefusedXmlException:
        raise DamagedJsonError("declares a document type or entities, which no scanner writes") from None
    except ParseError as error:
        line, _ = error.position
        raise DamagedJsonError(f"is no whole XML (line {line:,})") from None


FORMAT = TextFormat(lambda head: _BEGINS.match(head) is not None, _read)
