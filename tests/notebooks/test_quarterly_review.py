"""The notebook runs from the sample bundle to reports, and is stored without outputs."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "notebooks" / "quarterly_review.ipynb"


def test_notebook_is_stored_without_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)
    assert [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])] == [cells[0]]


@pytest.mark.allow_hosts(["127.0.0.1"])  # the kernel and its client talk over loopback
@pytest.mark.filterwarnings("default")  # what the libraries of the kernel's client warn of is not ours
def test_notebook_goes_from_bundle_to_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "matplotlib"))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    place = 1 + next(
        number for number, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])
    )
    # what papermill does with `-p`
    samples = ROOT / "samples"
    given = (
        f"bundle = {str(samples / 'quarterly')!r}\nclaims = {str(samples / 'claims')!r}\n"
        f"out = {str(tmp_path / 'report')!r}"
    )
    notebook.cells.insert(place, nbformat.v4.new_code_cell(given))

    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(tmp_path)}}).execute()

    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 3
    written = {path.suffix for path in (tmp_path / "report").iterdir()}
    assert {".xlsx", ".html", ".json"} <= written
