"""Loads controls and frameworks: those of the product, then a user's own, which may add and may not redefine."""

from __future__ import annotations

from collections import abc
from functools import cache
from pathlib import Path

from auditor.catalogue.control import control_of
from auditor.catalogue.document import CatalogueError, read_document
from auditor.catalogue.framework import framework_of
from auditor.catalogue.further import FURTHER
from auditor.catalogue.model import Control, Framework
from auditor.catalogue.table import read_table
from auditor.resources import data_files
from auditor.text import listing


def load_controls(extra: Path | None = None) -> dict[str, Control]:
    """All controls by id, sorted; ``extra`` is a folder of a user's own control files, or one such file.

    Raises:
        CatalogueError: a file is not usable, or redefines a control; names file, place and remedy.
    """
    controls = {control.id: control for control in _shipped_controls()}
    own_files = _files(extra, ".json")
    for path in own_files:
        control = control_of(read_document(path, "control"), path)
        _refuse_taken(control.id, controls, path, "control")
        controls[control.id] = control
    if own_files:
        from auditor.catalogue.texts import refuse_unusable  # noqa: PLC0415 (two parsers that only own controls need)

        for path in own_files:
            refuse_unusable(controls[path.stem], path)
    return dict(sorted(controls.items()))


def load_frameworks(
    extra: Path | None = None, controls: abc.Mapping[str, Control] | None = None
) -> dict[str, Framework]:
    """All frameworks by id, the product's first, each set sorted by file.

    ``extra`` is a folder of a user's own files, or one such file: JSON, or a table (see ``catalogue.table``).
    ``controls`` are those that mappings may name; the product's own without it.

    Raises:
        CatalogueError: a file is not usable, redefines a framework or maps to an unknown control.
    """
    control_map = load_controls() if controls is None else controls
    frameworks = {framework.id: framework for framework in _shipped_frameworks()}
    for path in _files(extra, ".json", ".csv"):
        is_table = path.suffix.lower() == ".csv"
        document = read_table(path, control_map) if is_table else read_document(path, "framework")
        framework = framework_of(document, path, control_map)
        _refuse_taken(framework.id, frameworks, path, "framework")
        frameworks[framework.id] = framework
    return frameworks


@cache
def _shipped_controls() -> tuple[Control, ...]:
    return tuple(control_of(read_document(path, "control"), path) for path in data_files("catalogue/controls"))


@cache
def _shipped_frameworks() -> tuple[Framework, ...]:
    """The product's own, which name its own controls alone: a user's can redefine none of them."""
    controls = {control.id: control for control in _shipped_controls()}
    return tuple(
        framework_of(read_document(path, "framework"), path, controls) for path in data_files("catalogue/frameworks")
    )


def _files(given: Path | None, *endings: str) -> list[Path]:
    """The user's files with one of the endings: the one given, or those in the folder given, sorted by name."""
    if given is None:
        return []
    kinds = listing((ending[1:].upper() for ending in endings), "or")
    if given.is_file() and given.suffix.lower() in endings:
        return [given]
    if not given.exists():
        raise CatalogueError(
            "does not exist.", file=str(given), remedy=f"Check the path of the {kinds} file or folder."
        )
    if not given.is_dir():
        raise CatalogueError(
            f"is neither a folder nor a {kinds} file.",
            file=str(given),
            remedy="Save the sheet as CSV UTF-8." if ".csv" in endings else f"Name a folder that holds {kinds} files.",
        )
    files = sorted(
        path
        for path in given.iterdir()
        if path.suffix.lower() in endings and path.is_file() and not path.name.startswith((".", "~$"))
    )
    if not files:
        raise CatalogueError(f"holds no {kinds} file.", file=str(given), remedy="Name the folder of your files.")
    return files


def _refuse_taken(id_: str, ids: abc.Container[str], path: Path, kind: str) -> None:
    if id_ in ids or id_ == FURTHER:
        is_table = path.suffix.lower() == ".csv"  # whose name gives the id
        raise CatalogueError(
            f"has the id {id_}, which is reserved." if id_ == FURTHER else f"defines the {kind} {id_} a second time.",
            file=str(path),
            pointer="" if is_table else "/id",
            remedy="Rename the file." if is_table else f"Give your {kind} an id of its own.",
        )
