"""Whether a bag is signed, and by whose key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from auditor.bundle import BundleReader
from auditor.errors import Problem
from auditor.seal.signature import SIGNATURE, SIGNED, fingerprint, public_key, signed_by


@dataclass(frozen=True, slots=True)
class SignatureState:
    """``absent``; ``unchecked``: no key was given; ``valid`` or ``invalid`` by the key of ``fingerprint``."""

    state: Literal["absent", "unchecked", "valid", "invalid"]
    fingerprint: str = ""


def signature_of(bundle: BundleReader, root: str, key_file: Path | None) -> SignatureState:
    """The signature of the bag in the folder ``root`` of a bundle.

    Raises:
        AuditorError: the file holds no public key.
    """
    key = None if key_file is None else public_key(key_file)
    print_ = "" if key is None else fingerprint(key)
    wanted = {root + SIGNED: b"", root + SIGNATURE: b""}
    for item in bundle.as_stored(("sha256",)).read():
        if not isinstance(item, Problem) and item.path in wanted:
            wanted[item.path] = item.data
    text, signature = wanted.values()
    if not signature:
        return SignatureState("absent", print_)
    if key is None:
        return SignatureState("unchecked")
    return SignatureState("valid" if signed_by(text, signature, key) else "invalid", print_)
