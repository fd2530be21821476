"""Laws of seals: whatever is changed in a sealed bundle breaks the seal, and makes no verdict better (rule X10)."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.api import audit
from auditor.bundle import open_bundle
from auditor.seal import examine, seal
from tests.examples import examples
from tests.textbook import subscription, textbook, write

PENDING = textbook(subscriptions=[subscription(SubscriptionArn="PendingConfirmation")])
BUNDLES = {"PASS": textbook(), "FAIL": PENDING}


TAGS = ("bag-info.txt", "bagit.txt", "captures.json", "manifest-sha256.txt", "manifest-sha512.txt",
        "tagmanifest-sha256.txt", "tagmanifest-sha512.txt")  # fmt: skip
FILES = sorted([*TAGS, *(f"data/{path}" for path in textbook())])


@pytest.fixture(scope="module")
def bags(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A sealed bundle of each verdict."""
    folders = {verdict: tmp_path_factory.mktemp(verdict) for verdict in BUNDLES}
    for verdict, folder in folders.items():
        seal(write(BUNDLES[verdict], folder / "in"), folder / "bag")
    return {verdict: folder / "bag" for verdict, folder in folders.items()}


changes = st.one_of(
    st.tuples(st.just("byte"), st.integers(0, 10**6), st.integers(1, 255)),
    st.tuples(st.just("cut"), st.integers(0, 10**6), st.just(0)),
    st.tuples(st.just("lost"), st.just(0), st.just(0)),
    st.tuples(st.just("added"), st.just(0), st.just(0)),
    st.tuples(st.just("swapped"), st.integers(0, 10**6), st.just(0)),
)


def changed(bag: Path, name: str, change: tuple[str, int, int]) -> bool:
    """Makes one change to one file of a bag; whether anything differs by it."""
    file = bag / name
    kind, place, by = change
    data = file.read_bytes()
    if kind == "lost":
        file.unlink()
    elif kind == "added":
        file.with_name(f"copy-{file.name}").write_bytes(data)
    elif kind == "swapped":
        file.write_bytes((bag / FILES[place % len(FILES)]).read_bytes())
        return FILES[place % len(FILES)] != name and file.read_bytes() != data
    elif kind == "cut":
        file.write_bytes(data[: place % len(data)])
    else:
        place %= len(data)
        file.write_bytes(data[:place] + bytes([data[place] ^ by]) + data[place + 1 :])
    return True


@examples(60)
@given(verdict=st.sampled_from(["PASS", "FAIL"]), name=st.sampled_from(FILES), change=changes)
def test_any_change_breaks_the_seal_and_betters_nothing(
    bags: dict[str, Path], verdict: str, name: str, change: tuple[str, int, int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bag = Path(shutil.copytree(bags[verdict], Path(folder) / "bag"))
        if not changed(bag, name, change):
            return
        # Nothing fixes a tagmanifest but its other one and a signature; white space and case mean nothing in it.
        if not name.startswith("tagmanifest"):
            assert not examine(open_bundle([bag])).intact
        document = audit(bag, frameworks=["iso27001-2022"], controls=["ssm-actions"]).document
        # A break that an unchanged file shows stands: no answer mends it (V3).
        needed = verdict == "PASS" and name.startswith("data/") and change[0] != "added"
        (found,) = (finding["verdict"] for finding in document["findings"])
        assert found in ({"INCONCLUSIVE"} if needed else {"INCONCLUSIVE", verdict})
