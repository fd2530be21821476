"""A framework that is a simple table: a CSV file with the columns ``requirement``, ``heading`` and ``control``."""

from __future__ import annotations

import re
from collections import abc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.catalogue.document import CatalogueError, check_document
from auditor.catalogue.model import Control
from auditor.catalogue.names import resolve_variant
from auditor.documents import read_text, rows
from auditor.text import listing, one_line

COLUMNS = ("requirement", "heading", "control")
MAX_BYTES = 16_000_000  # far more requirements than any framework has

_Row = dict[str, str]


def read_table(path: Path, controls: abc.Mapping[str, Control]) -> dict[str, object]:
    """The framework document that the table in ``path`` stands for, valid against the framework schema.

    One row per requirement and control; a requirement without a control is not assessed. ``control`` is an id or an
    alias, with ``@variant`` if it is not the default one. Comma, semicolon or tab separate; other columns are
    ignored. The file's name gives id, name and publisher; every mapping is inferred, with the file as its reason.

    Raises:
        CatalogueError: unreadable, no such columns, an empty cell, an unknown control; names file, line, remedy.
    """
    requirements: dict[str, dict[str, object]] = {}
    for line, row in _rows(path):
        _add(requirements, path, line, row, controls)
    if not requirements:
        raise _error(path, 1, "has no row below the header", "Write one row per requirement and control.")
    document = {
        "id": _id(path),
        "name": one_line(path.stem),
        "version": "own",
        "publisher": one_line(path.name),
        "requirements": list(requirements.values()),
    }
    return check_document(document, path, "framework")


def _add(
    requirements: dict[str, dict[str, Any]], path: Path, line: int, row: _Row, controls: abc.Mapping[str, Control]
) -> None:
    id_, heading, named = (row[name] for name in COLUMNS)
    if not id_:
        raise _error(path, line, "names no requirement", "Fill the column requirement in every row.")
    entry = requirements.get(id_)
    if entry is None:
        if not heading:
            raise _error(path, line, f"gives {one_line(id_)} no heading", "Fill the column heading.")
        entry = requirements[id_] = {"id": id_, "heading": heading, "mappings": []}
    elif heading not in ("", entry["heading"]):
        raise _error(
            path, line, f"gives {one_line(id_)} a second heading",
            f"Write {one_line(entry['heading'])!r} again, or leave the cell empty.",
        )  # fmt: skip
    if not named:
        return
    control = _control(path, line, named, controls)
    if control in {mapping["control"] for mapping in entry["mappings"]}:
        raise _error(path, line, f"maps {one_line(id_)} to {control} a second time", "Keep one of the rows.")
    entry["mappings"].append(
        {"control": control, "provenance": "inferred", "note": f"Mapped in {one_line(path.name)}, line {line}."}
    )


def _control(path: Path, line: int, named: str, controls: abc.Mapping[str, Control]) -> str:
    """``control@variant`` of the id or alias that a cell names."""
    try:
        control, variant = resolve_variant(named, controls)
    except CatalogueError as error:
        problem = error.problem
        several = "Write one row for each control. " if re.search(r"[,;\n]", named) else ""
        raise _error(path, line, problem.problem.rstrip("."), several + problem.remedy) from None
    return f"{control.id}@{variant}"


def _rows(path: Path) -> Iterator[tuple[int, _Row]]:
    """Number of the line on which each row ends, and its cells by column."""
    names: list[str] | None = None
    text = read_text(path, MAX_BYTES, "Is it the framework?", CatalogueError)
    for line, cells in rows(text, str(path), COLUMNS, CatalogueError):
        if names is None:
            names = _columns(path, line, cells)
            continue
        if len(cells) < len(names) or any(cells[len(names) :]):
            raise _error(
                path, line, f"has {len(cells)} cells where the header has {len(names)}",
                'Put text that holds the separator between quotation marks (").',
            )  # fmt: skip
        yield line, dict(zip(names, cells, strict=False))  # empty cells behind the last column
    if names is None:
        _columns(path, 1, [])


def _columns(path: Path, line: int, header: list[str]) -> list[str]:
    names = [name.casefold() for name in header]
    wrong = [name for name in COLUMNS if names.count(name) != 1]
    if wrong:
        raise _error(
            path, line, f"needs the column {listing(wrong)} once",
            f"Begin the file with the header {', '.join(COLUMNS)}.",
        )  # fmt: skip
    return names


def _id(path: Path) -> str:
    """``Client's policy v1.2.csv`` → ``client-s-policy-v1.2``."""
    words = re.findall(r"[a-z0-9]+(?:\.[a-z0-9]+)*", path.stem.lower())
    if not words:
        raise CatalogueError(
            "has a name without a Latin letter or digit, of which the framework's id could be made.",
            file=str(path),
            remedy="Rename the file.",
        )
    return "-".join(words)


def _error(path: Path, line: int, problem: str, remedy: str) -> CatalogueError:
    return CatalogueError(
        f"{problem}.", file=str(path), pointer=f"line {line}", remedy=remedy, code="invalid-framework"
    )
