"""The notebooks run from top to bottom over the samples, and are stored without outputs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.notebooknode import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
FRAMEWORK = "iso27001-2022"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# What papermill would be given with `-p`, and how many pictures come of it; `{out}` is a folder of the test's.
RUNS: Mapping[str, tuple[Mapping[str, object], int]] = {
    "quarterly_review": (
        {
            "bundle": str(SAMPLES / "quarterly"),
            "claims": str(SAMPLES / "claims"),
            "frameworks": [FRAMEWORK],
            "out": "{out}",
        },
        4,
    ),
    "pattern_lab": ({"bundle": str(SAMPLES / "quarterly")}, 1),
    "trend": ({"quarters": [str(SAMPLES / "quarterly"), str(SAMPLES / "quarterly-next.zip")]}, 2),
}


def test_every_notebook_is_run() -> None:
    assert {path.stem for path in NOTEBOOKS} == set(RUNS)


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _is_parameters(cell: NotebookNode) -> bool:
    return "parameters" in cell.metadata.get("tags", [])


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookClient]:
    """A kernel for all notebooks, since its imports take longer than most cells; each begins without any name."""
    folder = tmp_path_factory.mktemp("kernel")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("MPLCONFIGDIR", str(folder / "matplotlib"))
        client = NotebookClient(nbformat.v4.new_notebook(), timeout=240)
        with client.setup_kernel():
            yield client


def _executed(path: Path, parameters: Mapping[str, object], out: Path, client: NotebookClient) -> NotebookNode:
    notebook = nbformat.read(path, as_version=4)
    given = {name: str(out / "report") if value == "{out}" else value for name, value in parameters.items()}
    (place,) = [number for number, cell in enumerate(notebook.cells) if _is_parameters(cell)]
    told = "\n".join(f"{name} = {value!r}" for name, value in given.items())
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(told))
    if "out" in given:
        notebook.cells.append(nbformat.v4.new_code_cell('accounts["worst"].value_counts().to_json("worst.json")'))
    notebook.cells.insert(0, nbformat.v4.new_code_cell(f"%reset -f\n%cd -q {out}"))
    client.nb = notebook
    client.reset_execution_trackers()
    for number, cell in enumerate(notebook.cells):
        client.execute_cell(cell, number)
    return notebook


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_notebook_is_stored_without_outputs(path: Path) -> None:
    cells = _code(nbformat.read(path, as_version=4))
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)
    assert [cell for cell in cells if _is_parameters(cell)] == [cells[0]]


@pytest.mark.allow_hosts(["127.0.0.1"])  # the kernel and its client talk over loopback
@pytest.mark.filterwarnings("default")  # what the libraries of the kernel's client warn of is not ours
@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_notebook_runs_from_top_to_bottom(path: Path, tmp_path: Path, client: NotebookClient) -> None:
    parameters, pictures = RUNS[path.stem]

    notebook = _executed(path, parameters, tmp_path, client)

    outputs = [output for cell in _code(notebook) for output in cell.outputs]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == pictures
    assert "Warning" not in "".join(output.get("text", "") for output in outputs)
    if "out" in parameters:
        written = {file.name for file in (tmp_path / "report").iterdir()}
        assert {f"{FRAMEWORK}.xlsx", f"{FRAMEWORK}.html", "results.json"} <= written
        _check_unit(tmp_path)


def _check_unit(folder: Path) -> None:
    """What the first picture calls accounts are accounts, each once, as the reports count them."""
    document = json.loads((folder / "report" / "results.json").read_bytes())
    (counts,) = [one["counts"] for one in document["frameworks"] if one["id"] == FRAMEWORK]
    assert json.loads((folder / "worst.json").read_bytes()) == {
        "PASS": counts["accounts_passed"],
        "FAIL by the letter only": counts["accounts_letter"],
        "INCONCLUSIVE": counts["accounts_inconclusive"],
        "FAIL": counts["accounts_failed"] - counts["accounts_letter"],
    }
