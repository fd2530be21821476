"""Signatures: whose seal it is."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.bundle import open_bundle
from auditor.errors import AuditorError
from auditor.seal import new_keys, seal, signature_of
from tests.seal.bags import seals, write


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    new_keys(tmp_path / "firm.key", tmp_path / "firm.key.pub")
    return tmp_path / "firm.key", tmp_path / "firm.key.pub"


@pytest.mark.parametrize("out", ["bag", "bag.zip"])
def test_a_signature_fits_its_key_and_no_other(tmp_path: Path, keys: tuple[Path, Path], out: str) -> None:
    private, public = keys
    new_keys(tmp_path / "other.key", tmp_path / "other.pub")
    copy = seal(write(tmp_path / "in"), tmp_path / out, private)
    bundle = open_bundle([tmp_path / out])
    assert seals(tmp_path / out).intact
    root = seals(tmp_path / out).bags[0].root
    assert signature_of(bundle, root, None).state == "unchecked"
    assert signature_of(bundle, root, public).state == "valid"
    assert signature_of(bundle, root, public).fingerprint == copy.fingerprint
    assert signature_of(bundle, root, tmp_path / "other.pub").state == "invalid"


def test_an_unsigned_bag_has_no_signature(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    seal(write(tmp_path / "in"), tmp_path / "bag")
    assert signature_of(open_bundle([tmp_path / "bag"]), "", keys[1]).state == "absent"


@pytest.mark.parametrize("text", [b"", b"%", b"AAAA", b"A" * 86 + b"=="])
def test_a_spoilt_signature_is_invalid(tmp_path: Path, keys: tuple[Path, Path], text: bytes) -> None:
    seal(write(tmp_path / "in"), tmp_path / "bag", keys[0])
    (tmp_path / "bag" / "tagmanifest-sha512.txt.sig").write_bytes(text)
    state = signature_of(open_bundle([tmp_path / "bag"]), "", keys[1]).state
    assert state == ("invalid" if text else "absent")


def test_keys_are_private_and_never_overwritten(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    private, public = keys
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    before = private.read_bytes()
    with pytest.raises(AuditorError, match="never overwritten"):
        new_keys(private, tmp_path / "new.pub")
    with pytest.raises(AuditorError, match="never overwritten"):
        new_keys(tmp_path / "new.key", public)
    assert private.read_bytes() == before
    assert not (tmp_path / "new.key").exists()


@pytest.mark.parametrize("name", ["firm.key.pub", "in/notes.txt", "nowhere"])
def test_a_wrong_key_is_told_before_anything_is_written(tmp_path: Path, keys: tuple[Path, Path], name: str) -> None:
    write(tmp_path / "in")
    with pytest.raises(AuditorError, match=name):
        seal(tmp_path / "in", tmp_path / "bag", tmp_path / name)
    assert not (tmp_path / "bag").exists()


def test_a_private_key_is_not_taken_for_a_public_one(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    seal(write(tmp_path / "in"), tmp_path / "bag", keys[0])
    with pytest.raises(AuditorError, match="is a private key"):
        signature_of(open_bundle([tmp_path / "bag"]), "", keys[0])


def test_without_the_extra_one_line_says_so(tmp_path: Path) -> None:
    code = "import sys; sys.modules['cryptography'] = None; from auditor.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code, "keygen", "--out", tmp_path / "k"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert "pip install 'evidence-bundle-auditor[seal]'" in ran.stderr
