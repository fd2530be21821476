"""What a notebook gets of a result: tables that say what they seem to say."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

import auditor
from auditor import AuditResult, Bundle
from auditor.errors import AuditorError
from auditor.result.tables import TABLES, Type
from auditor.verdict import LINKS

SAMPLES = Path(__file__).parents[2] / "samples" / "quarterly"
# What the sample has none of.
NONE_THERE = {"waiver", "alarm_datapoints_to_alarm"}


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return auditor.open_bundle(SAMPLES)


@pytest.fixture(scope="module")
def result(bundle: Bundle) -> AuditResult:
    return auditor.audit(bundle, frameworks="iso27001-2022")


def test_completion_shows_what_there_is_to_use() -> None:
    assert {"audit", "open_bundle", "load_result", "relate", "compare"} <= set(dir(auditor))
    assert all(hasattr(auditor, name) for name in dir(auditor))


@pytest.mark.parametrize("name", [name for name in auditor.__all__ if name != "__version__"])
def test_no_room_hides_a_name(name: str) -> None:
    """Once imported, a room `auditor.NAME` stands where the function was."""
    assert find_spec(f"auditor.{name}") is None


@pytest.mark.parametrize("name", [name for name in TABLES if name not in ("claims", "reliance")])
def test_no_column_is_without_content(result: AuditResult, name: str) -> None:
    frame = TABLES[name].frame(result.document)
    assert len(frame)
    assert {column for column in frame if frame[column].isna().all()} <= NONE_THERE


@pytest.mark.parametrize("name", [name for name in TABLES if name != "captures"])
def test_every_table_is_an_attribute_with_the_declared_types(result: AuditResult, name: str) -> None:
    frame = getattr(result, name)
    for column, kind in TABLES[name].columns.items():
        if kind is Type.TIME:
            assert str(frame[column].dtype).startswith("datetime64")
            assert str(frame[column].dt.tz) == "UTC"
        elif kind in (Type.VERDICT, Type.LINK, Type.TESTED):
            assert frame[column].cat.ordered
    frame["own"] = 1
    assert "own" not in getattr(result, name), "a table is a copy"


def test_captures_of_a_bundle_have_the_same_types(bundle: Bundle) -> None:
    frame = bundle.captures
    assert {str(frame[name].dtype) for name in ("file", "status")} == {"string"}
    assert str(frame["complete"].dtype) == "boolean"
    assert str(frame["captured_at"].dt.tz) == "UTC"


@pytest.mark.parametrize("name", ["trails", "metric_filters", "alarms", "subscriptions", "captures"])
def test_the_help_of_a_table_names_its_columns(bundle: Bundle, name: str) -> None:
    words = set(re.findall(r"\w+", getattr(Bundle, name).__doc__))
    assert set(getattr(bundle, name).columns) <= words


def test_verdicts_and_links_have_an_order(result: AuditResult) -> None:
    worst = result.findings.groupby("account_id")["verdict"].max()
    assert worst.value_counts().to_dict() == {"FAIL": 13, "INCONCLUSIVE": 3, "PASS": 3}
    assert result.findings["broken_link"].cat.categories.tolist() == [str(link) for link in LINKS]


def test_witnesses_are_json(result: AuditResult) -> None:
    witnesses = result.chains["witness"].dropna()
    assert len(witnesses) > 5
    assert all(isinstance(json.loads(text), dict) for text in witnesses)


def test_matrix(result: AuditResult) -> None:
    plain, marked = result.matrix(), result.matrix(marks=True)
    assert plain.index.name == "account_id"
    assert plain.columns.tolist() == list(dict.fromkeys(result.findings["control_id"]))
    assert set(plain.to_numpy().ravel()) == {"PASS", "FAIL", "INCONCLUSIVE"}
    assert {"PASS*", "PASS!"} <= set(marked.to_numpy().ravel())
    assert (marked.apply(lambda column: column.str.rstrip("*!")) == plain).all(axis=None)
    assert result.matrix("objective").loc["200030004000", "ssm-actions"] == "PASS"


def test_cited_places_can_be_looked_up(bundle: Bundle, result: AuditResult) -> None:
    cited = result.evidence.dropna(subset=["excerpt"]).iloc[0]
    held = bundle.get(cited["file"], cited["pointer"])
    assert json.loads(cited["excerpt"]).items() <= held.items()
    held.clear()
    assert bundle.get(cited["file"], cited["pointer"]), "it is a copy"


@pytest.mark.parametrize(
    ("file", "pointer", "told"),
    [
        ("nowhere.json", "", "no capture"),
        ("012345678901/eu-west-1/cloudtrail-describe-trails.json", "/none/7", "nothing"),
    ],
)
def test_a_place_that_is_none(bundle: Bundle, file: str, pointer: str, told: str) -> None:
    with pytest.raises(AuditorError, match=told):
        bundle.get(file, pointer)


def test_own_tables_are_joined_by_twelve_digits(result: AuditResult) -> None:
    own = pd.DataFrame({"account": [12345678901, 100020003000], "team": ["ledger", "treasury"]})
    with pytest.raises(ValueError, match="merge on"):
        result.findings.merge(own, left_on="account_id", right_on="account")
    joined = result.findings.merge(own.assign(account_id=auditor.account_ids(own["account"])), on="account_id")
    assert joined["team"].value_counts().to_dict() == {"ledger": 16, "treasury": 16}
    assert auditor.account_ids(["0123-4567-8901", 1.0, None]).tolist() == ["012345678901", "000000000001", pd.NA]
    with pytest.raises(AuditorError, match="no account id"):
        auditor.account_ids(["prod"])


def test_a_result_is_written_and_read_again(result: AuditResult, tmp_path: Path) -> None:
    written = result.write(tmp_path, "csv")
    assert {path.name for path in written} > {"findings.csv", "results.json"}
    again = auditor.load_result(tmp_path)
    assert repr(again) == repr(result)
    assert "material" in repr(result)
    assert repr(result).startswith("<AuditResult 19 accounts, findings: ")
    assert result._repr_html_().count("<tr") == len(result.causes) + 1


def test_relate() -> None:
    relating = auditor.relate("{ $.eventName = A }", "{ $.eventName = A || $.eventName = B }")
    assert (relating.relation, relating.missed) == ("narrower", ("B",))
