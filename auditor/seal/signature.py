"""Detached signatures (Ed25519) of a bag: over the tagmanifest, which fixes every other file."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from auditor.documents import read_bytes
from auditor.errors import AuditorError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNED = "tagmanifest-sha512.txt"
SIGNATURE = f"{SIGNED}.sig"  # base64 of 64 bytes

_MAX_BYTES = 100_000
_REMEDY = "Give a key that `auditor keygen` wrote (Ed25519, PEM)."


def new_keys(private: Path, public: Path) -> str:
    """Writes a new key pair, the private key readable by its owner alone; returns the public key's fingerprint.

    Raises:
        AuditorError: one of the files exists (nothing is ever overwritten) or cannot be written.
    """
    key, serialization = _ed25519().Ed25519PrivateKey.generate(), _serialization()
    for path in (private, public):
        if os.path.lexists(path):
            raise AuditorError(
                "exists already; a key is never overwritten.", file=str(path), remedy="Choose another --out."
            )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    shown = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    for path, data, mode in ((private, secret, 0o600), (public, shown, 0o644)):
        _write_new(path, data, mode)
    return fingerprint(key.public_key())


def _write_new(path: Path, data: bytes, mode: int) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
    except OSError as error:
        raise AuditorError(
            f"cannot be written ({error.strerror or error}).", file=str(path), remedy="Choose another --out."
        ) from None


def private_key(path: Path) -> Ed25519PrivateKey:
    """The private key in a file. Raises AuditorError: it holds none."""
    data = read_bytes(path, _MAX_BYTES, _REMEDY)
    try:
        key = _serialization().load_pem_private_key(data, password=None)
    except TypeError:
        raise AuditorError("is a key with a passphrase.", file=str(path), remedy=_REMEDY) from None
    except Exception:  # OpenSSL's own, of many classes
        raise AuditorError("is no private key.", file=str(path), remedy=_REMEDY) from None
    if not isinstance(key, _ed25519().Ed25519PrivateKey):  # what was loaded is of any kind
        raise AuditorError("is a private key of another kind than Ed25519.", file=str(path), remedy=_REMEDY)
    private: Ed25519PrivateKey = key
    return private


def public_key(path: Path) -> Ed25519PublicKey:
    """The public key in a file. Raises AuditorError: it holds none."""
    data = read_bytes(path, _MAX_BYTES, _REMEDY)
    if b"PRIVATE KEY" in data:
        raise AuditorError("is a private key.", file=str(path), remedy="Give the public one (.pub).")
    try:
        key = _serialization().load_pem_public_key(data)
    except Exception:
        raise AuditorError("is no public key.", file=str(path), remedy=_REMEDY) from None
    if not isinstance(key, _ed25519().Ed25519PublicKey):
        raise AuditorError("is a public key of another kind than Ed25519.", file=str(path), remedy=_REMEDY)
    public: Ed25519PublicKey = key
    return public


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the public key's 32 bytes, in hexadecimal: what two people compare over another way."""
    serialization = _serialization()
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()


def signed(data: bytes, key: Ed25519PrivateKey) -> bytes:
    """The content of the signature file of ``data``."""
    return base64.b64encode(key.sign(data)) + b"\n"


def signed_by(data: bytes, signature: bytes, key: Ed25519PublicKey) -> bool:
    """Whether the content of a signature file is the key's signature of ``data``."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 (an extra)

    try:
        key.verify(base64.b64decode(signature.strip(), validate=True), data)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _ed25519() -> ModuleType:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 (an extra)
    except ImportError:
        raise AuditorError(
            "signatures need the package cryptography, which is not installed.",
            remedy="Install it: pip install 'evidence-bundle-auditor[seal]'.",
            code="extra",
        ) from None
    return ed25519


def _serialization() -> ModuleType:
    _ed25519()
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 (an extra)

    return serialization
