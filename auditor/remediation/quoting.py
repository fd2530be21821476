"""Values made safe for where they are printed: bash, the AWS CLI, Terraform, a line of text.

Every name may come from hostile evidence. A template can print nothing but what one of these functions
returned (:func:`only_quoted`), so that a forgotten filter is an error and never an injection.
"""

from __future__ import annotations

import json
import re
import shlex
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from auditor.text import listing, one_line

_LONGEST_TEXT = 2000  # a filter pattern has at most 1,024 characters
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
# The AWS CLI replaces a value of this form by the content of the file or page it names.
_PARAMETER_FILE = re.compile(r"(?:file|fileb|https?)://", re.IGNORECASE)
_HCL_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Quoted(str):
    """Text that may be printed as it is."""

    __slots__ = ()


def only_quoted(value: object) -> object:
    """``value``, if it was quoted. Raises ``TypeError`` otherwise: the template forgot a filter."""
    if not isinstance(value, Quoted):
        raise TypeError(f"a template prints {value!r} without quoting it")
    return value


@lru_cache(maxsize=4096)
def shell(value: str) -> Quoted:
    """``value`` as one word of bash; with characters that a terminal acts on or hides, as ``$'…'``.

    >>> shell("{ $.a = 'x' }")
    '\\'{ $.a = \\'"\\'"\\'x\\'"\\'"\\' }\\''
    """
    value = _sound(value)
    if not any(unicodedata.category(character) in _INVISIBLE for character in value):
        return Quoted(shlex.quote(value))
    return Quoted("$'" + "".join(map(_ansi_c, value)) + "'")


def option(value: str, name: str) -> Quoted:
    """``name value`` for a command line; ``name=value`` where the value would look like an option itself."""
    return Quoted(f"{name}={shell(value)}" if value.startswith("-") else f"{name} {shell(value)}")


@lru_cache(maxsize=4096)
def hcl(value: str) -> Quoted:
    """``value`` as a string literal of Terraform that interpolates nothing."""
    escaped = "".join(_HCL_ESCAPES.get(character) or _hcl_character(character) for character in _sound(value))
    return Quoted('"' + escaped.replace("${", "$${").replace("%{", "%%{") + '"')


def as_json(value: object) -> str:
    """``value`` as ASCII JSON; still to be quoted for its surroundings."""
    return json.dumps(value)


def text(value: str) -> Quoted:
    """``value`` on one line, with what a terminal would act on or hide made visible."""
    return Quoted(one_line(value, _LONGEST_TEXT))


def texts(values: Iterable[str], limit: int) -> Quoted:
    """Names on one line, those past ``limit`` counted."""
    return Quoted(listing(map(text, values), limit=limit))


def is_parameter_file(value: str) -> bool:
    """Whether the AWS CLI would read a file or page instead of taking the value, wherever it is written."""
    return _PARAMETER_FILE.match(value) is not None


def _sound(value: str) -> str:
    # no argument can hold a NUL, and a lone surrogate has no bytes
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _ansi_c(character: str) -> str:
    if character in "\\'":
        return "\\" + character
    if unicodedata.category(character) not in _INVISIBLE:
        return character
    # by its bytes: bash resolves \u… in a UTF-8 locale only
    return "".join(f"\\x{byte:02x}" for byte in character.encode())


def _hcl_character(character: str) -> str:
    return f"\\U{ord(character):08x}" if unicodedata.category(character) in _INVISIBLE else character
