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


def floors() -> list[set[str]]:
    """The rooms of each floor, from the top; places without content, in brackets, left out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    named = [{room.strip() for room in layer.split("|")} for layer in layers]
    return list(filter(None, ({room for room in floor if not room.startswith("(")} for floor in named)))


def test_rooms_and_floors_are_those_of_the_import_contract() -> None:
    listed: dict[int, set[str]] = {}
    for floor, room in re.findall(r"^\| (\d+) \| `(\w+)` \|", PAGE, re.MULTILINE):
        listed.setdefault(int(floor), set()).add(room)
    assert listed == dict(enumerate(floors(), 1))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_that_a_document_names_exist(document: str) -> None:
    folders = (ROOT, ROOT / "auditor", ROOT / "tests")
    named = set(NAMED.findall((ROOT / document).read_text(encoding="utf-8")))
    missing = {name for name in named if not any(list(folder.glob(name)) for folder in folders)}
    assert missing == set()


def test_the_page_names_files_at_all() -> None:
    assert len(NAMED.findall(PAGE)) > 20
