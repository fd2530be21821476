"""docs/architecture.md names the rooms as the import contract has them, and every file that documents name exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix() for pattern in ("*.md", "docs/*.md", "tests/*.md") for path in ROOT.glob(pattern)
)
NAMED = re.compile(r"`(?:auditor/|tests/)?((?:[a-z_]+/)+[a-z_*-]+\.(?:py|json|md))`")


def floors(container: str) -> list[set[str]]:
    """The rooms of each floor of a package, from the top; places without content, in brackets, left out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract.get("containers") == [container])
    named = [{room.strip() for room in layer.split("|")} for layer in layers]
    return list(filter(None, ({room for room in floor if not room.startswith("(")} for floor in named)))


@pytest.mark.parametrize(
    ("heading", "container"), [("## Rooms", "auditor"), ("### Rooms of evidence", "auditor.evidence")]
)
def test_rooms_and_floors_are_those_of_the_import_contract(heading: str, container: str) -> None:
    section = PAGE.split(f"\n{heading}\n")[1].split("\n#")[0]
    listed: dict[int, set[str]] = {}
    for floor, room in re.findall(r"^\| (\d+) \| `(\w+)` \|", section, re.MULTILINE):
        listed.setdefault(int(floor), set()).add(room)
    assert listed == dict(enumerate(floors(container), 1))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_that_a_document_names_exist(document: str) -> None:
    folders = (ROOT, ROOT / "auditor", ROOT / "tests")
    named = set(NAMED.findall((ROOT / document).read_text(encoding="utf-8")))
    missing = {name for name in named if not any(list(folder.glob(name)) for folder in folders)}
    assert missing == set()


def test_the_page_names_files_at_all() -> None:
    assert len(NAMED.findall(PAGE)) > 20


def test_rooms_of_evidence_are_entered_by_their_doors() -> None:
    """What import-linter cannot say: a door that hands on the function of a module's own name looks like the module."""
    evidence = ROOT / "auditor" / "evidence"
    rooms = {path.parent.name for path in evidence.glob("*/__init__.py")}
    assert {"assembling", "placing", "recognising", "reading", "operations"} <= rooms
    entered = [
        (path.relative_to(ROOT).as_posix(), room, module)
        for path in (ROOT / "auditor").rglob("*.py")
        for room, module in re.findall(
            r"^\s*(?:from|import) auditor\.evidence\.(\w+)\.(\w+)", path.read_text(encoding="utf-8"), re.MULTILINE
        )
        if room in rooms and path.parent != evidence / room
    ]
    assert entered == []
