"""The values that OSCAL takes: identifiers, tokens, one-line texts, Markdown and times."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Union

from auditor.text import one_line

NAMESPACE = "https://github.com/evidence-bundle-auditor/ns/oscal"
"""Of our own properties; a name, which leads nowhere."""

_IDENTIFIERS = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
_NO_TOKEN = re.compile(r"[^\w.-]+")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")
_EPOCH = "1970-01-01T00:00:00Z"


Json = Union[str, int, float, bool, None, Sequence["Json"], Mapping[str, "Json"]]  # noqa: UP007


def identifier(*key: str) -> str:
    """A UUID of version 5: the same for the same key, in every document."""
    return str(uuid.uuid5(_IDENTIFIERS, "\n".join(key)))


def token(text: str) -> str:
    """``text`` as an OSCAL token: a letter or ``_``, then letters, digits, ``.``, ``-`` and ``_``."""
    word = _NO_TOKEN.sub("-", text).strip("-")
    return word if word[:1].isalpha() else f"_{word}"


def properties(**values: str | int | None) -> list[Json]:
    """Our own properties, in the order given, those without a value left out; ``_`` in a name becomes ``-``."""
    texts = {name: one_line("" if value is None else str(value)).strip() for name, value in values.items()}
    return [{"name": name.replace("_", "-"), "ns": NAMESPACE, "value": text} for name, text in texts.items() if text]


def line(text: str) -> str:
    """A title: one line that is never empty."""
    return one_line(text).strip() or "-"


def prose(text: str) -> str:
    """A text from evidence as Markdown that shows it as it is; never empty."""
    return _MARKDOWN.sub(r"\\\1", one_line(text, 4000).strip()) or "-"


def moment(text: str | None, *, last: bool = False) -> str:
    """A date or time of the result as a time in UTC; of a date its first second, or its ``last`` one. The epoch
    stands for a day that is not recorded: OSCAL wants one.
    """
    if not text:
        return _EPOCH
    return text if "T" in text else f"{text}T{'23:59:59' if last else '00:00:00'}Z"
