"""What `auditor verify` says of a folder of reports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.output import cell, progress, write_json, write_table, write_text
from auditor.cli.sealed import STYLES
from auditor.text import count, listing, path_name

if TYPE_CHECKING:
    from auditor.custody import FolderState, Reproduction


def write_reports_verified(
    folder: Path, bundles: tuple[Path, ...], folders: list[Path], redaction_key: Path | None, as_json: bool
) -> bool:
    """Writes the state of a folder of reports; whether it is as it was written, and follows from ``bundles``."""
    from auditor.custody import folder_state, load_result, reproduce

    state = folder_state(folder)
    reproduction: Reproduction | None = None
    if bundles:
        with progress() as show:
            reproduction = reproduce(load_result(folder), state.listed, bundles, folders, redaction_key, show)
    ok = state.ok and (reproduction is None or reproduction.reproduced)
    if as_json:
        write_json(
            {
                "ok": ok,
                "altered": list(state.altered),
                "missing": list(state.missing),
                "added": list(state.added),
                "reproduced": None if reproduction is None else reproduction.reproduced,
                "differing": [] if reproduction is None else list(reproduction.differing),
                "why": [] if reproduction is None else list(reproduction.why),
                "command_line": None if reproduction is None else reproduction.command_line,
            }
        )
        return ok
    name = path_name(folder)
    if state.ok:
        write_text(f"{name}: verified. {count(len(state.listed), 'file')} as the audit wrote them (SHA-256).")
    else:
        write_text(f"{name}: NOT as the audit wrote it.")
        write_table(("", ""), _rows(state))
    if reproduction is not None:
        _write_made(reproduction, len(state.listed), bundles)
    return ok


def _rows(state: FolderState) -> Iterator[tuple[object, object]]:
    for words, names in (("altered", state.altered), ("missing", state.missing), ("added", state.added)):
        for name in names:
            yield cell(words, STYLES[words]), name


def _write_made(reproduction: Reproduction, files: int, bundles: tuple[Path, ...]) -> None:
    names = listing(map(path_name, bundles))
    if reproduction.reproduced:
        write_text(f"Reproduced: {count(files, 'file')} came out of {names} again byte for byte, by")
        write_table(("",), [(reproduction.command_line,)], indent=2)
        return
    write_text(f"NOT reproduced from {names}: {listing(reproduction.differing, limit=5)} came out otherwise.")
    write_table(("",), [(reason,) for reason in reproduction.why], indent=2)
