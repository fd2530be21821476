"""The key of a redaction: a secret from which short forms are made, and which form stands for whom."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from pathlib import Path

from auditor.documents import read_bytes
from auditor.errors import AuditorError

_MAX_BYTES = 100_000_000
_SECRET_BYTES = 32
_FORM_DIGITS = 10  # of a keyed digest: two of ten thousand subscribers get one form once in twenty thousand results
_REMEDY = "Give the key file that --redact wrote, or a new path."


class RedactionKey:
    """Makes short forms: the same value gets the same form wherever it stands, as long as the key is the same.

    Without the key nobody can tell, or by trying addresses find out, who is meant.
    """

    def __init__(self, secret: bytes, forms: dict[str, str] | None = None) -> None:
        self._secret = secret
        self.forms: dict[str, str] = dict(forms or {})

    @classmethod
    def at(cls, path: Path) -> RedactionKey:
        """The key in a file, or a new one if there is no such file. Raises AuditorError: the file holds no key."""
        return cls.load(path) if os.path.lexists(path) else cls(secrets.token_bytes(_SECRET_BYTES))

    @classmethod
    def load(cls, path: Path) -> RedactionKey:
        """The key in a file. Raises AuditorError: it holds none."""
        data = read_bytes(path, _MAX_BYTES, _REMEDY)
        try:
            document = json.loads(data)
            secret, forms = bytes.fromhex(document["secret"]), document["forms"]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise AuditorError("is no key of a redaction.", file=str(path), remedy=_REMEDY) from None
        if len(secret) != _SECRET_BYTES or not isinstance(forms, dict):
            raise AuditorError("is no key of a redaction.", file=str(path), remedy=_REMEDY)
        return cls(secret, {str(form): str(value) for form, value in forms.items()})

    def save(self, path: Path) -> None:
        """Writes the key with all forms that it has made, readable by its owner alone. Raises AuditorError."""
        document = {"secret": self._secret.hex(), "forms": dict(sorted(self.forms.items()))}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # A temporary file is readable by its owner alone from the start.
            with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
                json.dump(document, file, indent=1)
                file.write("\n")
            Path(file.name).replace(path)
        except OSError as error:
            raise AuditorError(
                f"cannot be written ({error.strerror or error}).",
                file=str(path),
                remedy="Choose another file with --redaction-key.",
            ) from None

    @property
    def fingerprint(self) -> str:
        """By which reports tell which key their forms were made with; it tells nothing about the key."""
        return hashlib.sha256(b"auditor redaction key " + self._secret).hexdigest()[:16]

    def form(self, kind: str, value: str) -> str:
        """The short form of a value: ``e-mail-3fa9c1d2b4``."""
        digest = hmac.new(self._secret, f"{kind}\0{value}".encode("utf-8", "surrogatepass"), "sha256").hexdigest()
        short_form = f"{kind}-{digest[:_FORM_DIGITS]}"
        self.forms[short_form] = value
        return short_form
