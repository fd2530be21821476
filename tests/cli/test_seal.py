"""`seal`, `verify` and `keygen` as they are called."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.seal.bags import sealed, write


def test_seal_then_verify(run: Run, tmp_path: Path) -> None:
    folder, out = write(tmp_path / "in"), tmp_path / "copy.zip"
    copied = run("seal", folder, "--out", out, "--json")
    assert copied.exit_code == 0
    assert json.loads(copied.stdout)["files"] == 3
    verified = run("verify", out)
    assert verified.exit_code == 0
    assert verified.stdout == (
        "copy.zip: verified. 3 files and their seal are as they were sealed (SHA-256 and SHA-512).\n"
    )
    assert run("seal", folder, "--out", out).exit_code == 2, "nothing is overwritten"


def test_each_difference_is_a_line_and_ends_in_1(run: Run, tmp_path: Path) -> None:
    bag = sealed(tmp_path)
    (bag / "data" / "notes.txt").write_bytes(b"as altered")
    (bag / "data" / "more.json").write_bytes(b"{}")
    (bag / "data" / "111122223333" / "eu-west-1" / "sns-list-topics.json").unlink()
    told = run("verify", bag)
    assert told.exit_code == 1
    assert told.stdout.startswith("bag: NOT as it was sealed.")
    found = json.loads(run("verify", bag, "--json").stdout)
    assert {name: found[name] for name in ("ok", "altered", "missing", "added")} == {
        "ok": False,
        "altered": ["data/notes.txt"],
        "missing": ["data/111122223333/eu-west-1/sns-list-topics.json"],
        "added": ["data/more.json"],
    }
    for words in ("altered  data/notes.txt", "added    data/more.json"):
        assert words in told.stdout


def test_paths_are_those_of_the_manifest_wherever_the_bag_lies(run: Run, tmp_path: Path) -> None:
    run("seal", write(tmp_path / "in"), "--out", tmp_path / "bag")
    (tmp_path / "bag" / "data" / "notes.txt").unlink()
    outer = tmp_path / "received"
    outer.mkdir()
    (tmp_path / "bag").rename(outer / "bag")
    assert json.loads(run("verify", outer, "--json").stdout)["missing"] == ["data/notes.txt"]


def test_what_lies_beside_sealed_bundles_is_named(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "received"
    run("seal", write(tmp_path / "in"), "--out", folder / "prod.zip")
    assert run("verify", folder).exit_code == 0
    write(folder, {"dev.json": b"{}"})
    assert json.loads(run("verify", folder, "--json").stdout)["added"] == ["dev.json"]
    assert run("verify", folder).exit_code == 1


def test_an_unsealed_bundle_cannot_be_verified(run: Run, tmp_path: Path) -> None:
    told = run("verify", write(tmp_path / "in"))
    assert (told.exit_code, told.stdout) == (2, "")
    assert "is not sealed" in told.stderr
    assert len(told.stderr.splitlines()) == 1


def test_a_key_that_is_given_must_fit(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "in")
    made = json.loads(run("keygen", "--out", tmp_path / "firm.key", "--json").stdout)
    assert run("seal", folder, "--out", tmp_path / "signed", "--key", made["private_key"]).exit_code == 0
    assert run("seal", folder, "--out", tmp_path / "plain").exit_code == 0
    signed = run("verify", tmp_path / "signed", "--public-key", made["public_key"])
    assert signed.exit_code == 0
    assert f"Signature valid; fingerprint of the key: {made['fingerprint']}." in signed.stdout
    plain = run("verify", tmp_path / "plain", "--public-key", made["public_key"])
    assert plain.exit_code == 1
    assert "Not signed." in plain.stdout
    assert run("keygen", "--out", tmp_path / "firm.key").exit_code == 2


def test_nothing_is_written_into_the_bundle(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "in")
    assert run("seal", folder, "--out", folder / "sealed.zip").exit_code == 2
    assert sorted(path.name for path in folder.iterdir()) == ["111122223333", "notes.txt"]


def test_links_end_in_1_and_are_named(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "in")
    (folder / "link").symlink_to("notes.txt")
    told = run("seal", folder, "--out", tmp_path / "bag")
    assert told.exit_code == 1
    assert "link" in told.stderr
