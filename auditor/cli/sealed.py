"""What `auditor verify` says of a sealed bundle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.output import cell, write_json, write_table, write_text
from auditor.text import count, listing, one_line, path_name

if TYPE_CHECKING:
    from auditor.seal import Bag, FileState, Seals, SignatureState

STYLES = {"altered": "bold red", "missing": "bold red", "added": "bold yellow"}
SIGNATURES = {
    "absent": "Not signed.",
    "unchecked": "Signed, and not checked: give --public-key.",
    "valid": "Signature valid; fingerprint of the key: {}.",
    "invalid": "SIGNATURE INVALID by the key of fingerprint {}.",
}


def write_verified(path: Path, public_key: Path | None, as_json: bool) -> bool:
    """Writes the state of a sealed bundle; whether all of it is as it was sealed."""
    from auditor.bundle import open_bundle
    from auditor.seal import SealError, SignatureState, examine, signature_of

    bundle = open_bundle([path])
    seals = examine(bundle)
    if not seals.bags:
        raise SealError(
            "is not sealed: it holds no manifest of a bag.",
            file=str(path),
            remedy="`auditor seal` makes a sealed copy; ask the client for one.",
            code="not-sealed",
        )
    signatures = [signature_of(bundle, bag.root, public_key) for bag in _outermost(seals)]
    signature = next((candidate for candidate in signatures if candidate.state == "invalid"), signatures[0])
    if any(candidate.state == "absent" for candidate in signatures) and signature.state != "invalid":
        signature = SignatureState("absent", signature.fingerprint)
    differences = _differences(seals)
    ok = seals.intact and not any(differences.values()) and signature.state != "invalid"
    ok = ok and not (public_key is not None and signature.state != "valid")
    if as_json:
        write_json({"ok": ok, **differences, "problems": seals.problems, **_facts(seals, signature)})
    else:
        _write(path_name(path), seals, differences, signature, ok, public_key is not None)
    return ok


def _outermost(seals: Seals) -> list[Bag]:
    """The bags that lie in no other one."""
    roots = [bag.root for bag in seals.bags]
    return [bag for bag in seals.bags if not any(bag.root != root and bag.root.startswith(root) for root in roots)]


def _differences(seals: Seals) -> dict[str, list[str]]:
    """Altered, missing and added files; of a single bag by the paths that its manifests have."""
    root = seals.bags[0].root if len(seals.bags) == 1 else ""
    differing: tuple[FileState, ...] = ("altered", "missing", "added")
    states: dict[str, list[str]] = {state: list(seals.of_state(state)) for state in differing}
    states["added"] = sorted([*states["added"], *seals.outside])
    return {state: [path.removeprefix(root) for path in paths] for state, paths in states.items()}


def _facts(seals: Seals, signature: SignatureState) -> dict[str, object]:
    bags = [
        {
            "root": bag.root.rstrip("/"),
            "files": bag.payload,
            "algorithms": list(bag.algorithms),
            "ok": bag.ok,
            "info": [list(entry) for entry in bag.info],
        }
        for bag in seals.bags
    ]
    return {"bags": bags, "signature": {"state": signature.state, "fingerprint": signature.fingerprint or None}}


def _write(
    name: str,
    seals: Seals,
    differences: dict[str, list[str]],
    signature: SignatureState,
    ok: bool,
    key_given: bool,
) -> None:
    files = count(sum(bag.payload for bag in seals.bags), "file")
    algorithms = listing(
        dict.fromkeys(
            name.upper().replace("SHA", "SHA-").replace("_", "-") for bag in seals.bags for name in bag.algorithms
        )
    )
    if ok:
        write_text(f"{name}: verified. {files} and their seal are as they were sealed ({algorithms}).")
    else:
        write_text(f"{name}: NOT as it was sealed.")
        write_table(("", ""), _rows(seals, differences))
    if key_given or signature.state != "absent":
        write_text(SIGNATURES[signature.state].format(signature.fingerprint))


def _rows(seals: Seals, differences: dict[str, list[str]]) -> Iterator[tuple[object, object]]:
    for state, paths in differences.items():
        for path in paths:
            yield cell(state, STYLES[state]), path
    for problem in seals.problems:
        place = " ".join(filter(None, (problem.file, problem.pointer)))
        yield problem.severity, one_line(f"{place}: {problem.problem}" if place else problem.problem, 1_000)
