"""Frameworks that are simple tables: what they become, and how a bad row is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.catalogue import CatalogueError, Framework, load_controls, load_frameworks
from auditor.catalogue.table import read_table

HERE = Path(__file__).parent
BAD: list[dict[str, str]] = json.loads((HERE / "bad_tables.json").read_text(encoding="utf-8"))
CONTROLS = load_controls()
GOOD = """requirement,heading,control,Owner
A-1,"Remote access, and its use",ssm-actions,Kim
A-1,,d9.aws.mon.03,Kim
B-2,Physical access,,
"""


def loaded(path: Path, text: str | bytes) -> Framework:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(load_frameworks(path).values())[-1]


def told(framework: Framework) -> list[tuple[str, str, list[str]]]:
    return [
        (one.id, one.heading, [f"{mapping.control_id}@{mapping.variant}" for mapping in one.mappings])
        for one in framework.requirements
    ]


def test_a_table_becomes_a_framework(tmp_path: Path) -> None:
    framework = loaded(tmp_path / "Client's Policy v1.2.csv", GOOD)
    assert framework.id == "client-s-policy-v1.2"
    assert (framework.name, framework.version) == ("Client's Policy v1.2", "own")
    assert framework.publisher == "Client's Policy v1.2.csv"
    assert told(framework) == [
        ("A-1", "Remote access, and its use", ["ssm-actions@default", "root-usage@default"]),
        ("B-2", "Physical access", []),
    ]
    first = framework.requirements[0]
    assert first.mappings[0].provenance == "inferred"
    assert first.mappings[0].note == "Mapped in Client's Policy v1.2.csv, line 2."
    assert first.mappings[1].note.endswith("line 3.")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_sheets_as_programs_save_them(tmp_path: Path, separator: str, encoding: str, line_end: str) -> None:
    rows = (("Requirement", " HEADING ", "control"), ("A", "Größe → 操作", "ssm-actions@default"), ("", "", ""))
    text = line_end.join(separator.join(row) for row in rows)
    framework = loaded(tmp_path / "a.CSV", text.encode(encoding))
    assert told(framework) == [("A", "Größe → 操作", ["ssm-actions@default"])]


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nrequirement;heading;control\nA;x, y;root-usage\n",  # the first line tells Excel the separator
        'sep=,\r\nrequirement,heading,control\r\nA,"x, y",root-usage\r\n',
        "\n;;\nrequirement;heading;control\nA;x, y;root-usage\n",
        "requirement;heading;control;;\nA;x, y;root-usage;;\n;;;;\n",
        "requirement;heading;control\nA;x, y;root-usage;;\n",
        "Note, ours;control;heading;requirement\nk, l, m;root-usage;x, y;A\n",
        "requirement\theading\tcontrol\rA\tx, y\troot-usage\r",
        '"requirement";"heading";"control"\n"A";"x, y";"root-usage"\n',
    ],
)
def test_what_sheets_have_round_their_rows_does_no_harm(tmp_path: Path, text: str) -> None:
    assert told(loaded(tmp_path / "a.csv", text)) == [("A", "x, y", ["root-usage@default"])]


@pytest.mark.parametrize("case", BAD, ids=[case["why"] for case in BAD])
def test_a_bad_table_is_told_with_file_line_and_remedy(tmp_path: Path, case: dict[str, str]) -> None:
    with pytest.raises(CatalogueError) as caught:
        loaded(tmp_path / "own.csv", case["text"])
    assert str(caught.value).startswith(f"{tmp_path / 'own.csv'} {case['says']}")
    assert caught.value.problem.remedy
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("own.csv", b"requirement,heading,control\nA,\xe9,\n", "is no UTF-8 text"),
        ("方針.csv", b"requirement,heading,control\nA,x,\n", "Rename the file"),
        ("Further controls.csv", b"requirement,heading,control\nA,x,\n", "further-controls, which is reserved. Rename"),
        ("iso27001-2022.csv", b"requirement,heading,control\nA,x,\n", "a second time. Rename the file"),
    ],
)
def test_a_bad_file_is_told(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    with pytest.raises(CatalogueError, match=says):
        loaded(tmp_path / name, data)


def test_tables_and_documents_stand_in_one_folder(tmp_path: Path) -> None:
    own = HERE / "own_frameworks" / "client-policy.json"
    (tmp_path / own.name).write_bytes(own.read_bytes())
    (tmp_path / "second.csv").write_text("requirement,heading,control\nA,x,\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a framework", encoding="utf-8")
    assert set(load_frameworks(tmp_path)) - set(load_frameworks()) == {"client-policy", "second"}


CELLS = st.one_of(
    st.sampled_from(["requirement", "heading", "control", "A", "x", "", " ", "ssm-actions", "4.1", '"', "sep=;"]),
    st.text(max_size=8),
)
TEXTS = st.builds(
    lambda rows, mark, end: end.join(mark.join(row) for row in rows),
    st.lists(st.lists(CELLS, max_size=5), max_size=5),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any") / "own.csv"


@given(data=st.one_of(TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=64)))
def test_any_file_is_a_framework_or_one_line(sheet: Path, data: bytes) -> None:
    sheet.write_bytes(data)
    refused: CatalogueError | None = None
    try:
        assert read_table(sheet, CONTROLS)["requirements"]
    except CatalogueError as error:
        refused = error
    if refused:
        assert str(refused).startswith(str(sheet))
        assert "\n" not in str(refused)
        assert refused.problem.remedy
