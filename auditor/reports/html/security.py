"""What keeps the page harmless: the content security policy, and texts inside the style sheet."""

from __future__ import annotations

import base64
import hashlib


def policy(style: str, script: str = "") -> str:
    """A policy that allows this style and this script, or none, and no request to anywhere."""
    scripts = f"script-src '{_hash(script)}'; " if script else ""
    return f"default-src 'none'; style-src '{_hash(style)}'; {scripts}base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def css_string(text: str) -> str:
    """``text`` as a CSS string in which every character but letters and digits of ASCII is an escape.

    >>> css_string('a"</b')
    '"a\\\\22 \\\\3c \\\\2f b"'
    """
    return '"' + "".join(_css_character(character) for character in text) + '"'


def _css_character(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    return f"\\{ord(character):x} "
