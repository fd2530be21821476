"""Log files in the forms in which clients hand them in, and what is told of those that cannot be read."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tarfile
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import AuditorError
from auditor.patterns import Message, held_text
from auditor.replay import files as recorded_module
from auditor.replay.files import Recorded
from tests.processor import Watch

KEY = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/08/01/111122223333_CloudTrail_us-east-1.json.gz"
ORGANIZATION_KEY = "AWSLogs/o-abcdef1234/111122223333/CloudTrail/us-east-1/2026/08/01/one.json.gz"


def event(number: int) -> dict[str, Any]:
    return {"eventID": f"id-{number}", "eventName": "StartSession"}


def delivered(*numbers: int) -> bytes:
    return gzip.compress(json.dumps({"Records": [event(number) for number in numbers]}).encode())


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    for key, numbers in ((KEY, (1, 2)), (ORGANIZATION_KEY, (3,))):
        file = tmp_path / "logs" / key
        file.parent.mkdir(parents=True)
        file.write_bytes(delivered(*numbers))
    return tmp_path / "logs"


def ids(recorded: Recorded) -> list[str]:
    return [one.record["eventID"] if isinstance(one, Message) else str(one) for one in recorded.events()]


def zipped(logs: Path, file: Path) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for one in logs.rglob("*.gz"):
            archive.write(one, one.relative_to(logs))
    return file


def tarred(logs: Path, file: Path) -> Path:
    with tarfile.open(file, "w:gz") as archive:
        archive.add(logs, "logs")
    return file


def test_a_folder_as_in_the_bucket(logs: Path) -> None:
    recorded = Recorded([logs])
    assert ids(recorded) == ["id-1", "id-2", "id-3"]
    (facts,) = recorded.facts()
    lines = sorted(
        f"{hashlib.sha256((logs / key).read_bytes()).hexdigest()}  {key}\n" for key in (KEY, ORGANIZATION_KEY)
    )
    assert facts == {
        "name": "logs",
        "files": 2,
        "bytes": sum((logs / key).stat().st_size for key in (KEY, ORGANIZATION_KEY)),
        "sha256": hashlib.sha256("".join(lines).encode()).hexdigest(),
    }
    assert ids(recorded) == ["id-1", "id-2", "id-3"]  # and again
    assert recorded.facts() == [facts]


@pytest.mark.parametrize(("name", "pack"), [("logs.zip", zipped), ("logs.tar.gz", tarred), ("logs.tgz", tarred)])
def test_an_archive_given_or_in_a_folder(logs: Path, tmp_path: Path, name: str, pack: Any) -> None:
    (tmp_path / "mailed").mkdir()
    file = pack(logs, tmp_path / "mailed" / name)
    recorded = Recorded([file])
    assert ids(recorded) == ["id-1", "id-2", "id-3"]
    (facts,) = recorded.facts()
    assert (facts["name"], facts["files"]) == (name, 2)
    assert facts["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    recorded = Recorded([tmp_path / "mailed"])
    assert ids(recorded) == ["id-1", "id-2", "id-3"]
    assert recorded.facts()[0]["files"] == 2
    assert not recorded.problems


def test_a_path_given_twice_or_below_another_counts_once(logs: Path) -> None:
    assert ids(Recorded([logs, logs / KEY, logs, logs / "AWSLogs"])) == ["id-1", "id-2", "id-3"]


@pytest.mark.parametrize(
    ("name", "content", "before", "says"),
    [
        ("cut.json.gz", delivered(*range(7000, 9000))[:-200], 1900, "end-of-stream"),
        ("cut.json", gzip.decompress(delivered(7, 8))[:-20], 1, "breaks off"),
        ("bad.json.gz", b"\x1f\x8bnot gzip", 0, "cannot be read"),
        ("bad.zip", b"PK not a zip", 0, "zip"),
    ],
)
def test_a_damaged_file_is_a_problem_and_the_others_are_read(
    logs: Path, name: str, content: bytes, before: int, says: str
) -> None:
    (logs / name).write_bytes(content)
    recorded = Recorded([logs])
    found = ids(recorded)
    assert found[:3] == ["id-1", "id-2", "id-3"]
    assert len(found) - 3 >= before
    (problem,) = recorded.problems
    assert problem.file == f"logs/{name}"
    assert says in problem.problem
    assert recorded.unread == 1


def test_a_damaged_member_of_an_archive_is_a_problem(logs: Path, tmp_path: Path) -> None:
    (logs / "cut.json.gz").write_bytes(delivered(7)[:-9])
    (logs / "broken.json.gz").write_bytes(gzip.compress(b'{"Records":[{"eventID":"id-8"},'))
    recorded = Recorded([zipped(logs, tmp_path / "logs.zip")])
    assert ids(recorded) == ["id-1", "id-2", "id-3", "id-8"]
    assert [one.file for one in recorded.problems] == ["logs.zip/broken.json.gz", "logs.zip/cut.json.gz"]


def test_a_file_of_other_lines_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hundred kilobytes can unpack to three hundred million lines."""
    monkeypatch.setattr(recorded_module, "PATIENCE", 50)
    (tmp_path / "1.json.gz").write_bytes(gzip.compress(b"x\n" * 1_000))
    (tmp_path / "2.json.gz").write_bytes(gzip.compress(json.dumps(event(1)).encode() + b"\nx" * 120))
    recorded = Recorded([tmp_path])
    assert ids(recorded) == ["x"] * 50 + ["id-1"] + ["x"] * 120
    assert [one.file for one in recorded.problems] == [f"{tmp_path.name}/1.json.gz"]
    assert "no event of CloudTrail" in recorded.problems[0].problem


def test_empty_lines_take_no_time(tmp_path: Path) -> None:
    (tmp_path / "e.json.gz").write_bytes(
        gzip.compress((b"\n" * 7 + b" \r\n") * 3_000_000 + b" " * 30_000_000 + b"\n", 1) + delivered(1)
    )
    with Watch() as watch:
        assert ids(Recorded([tmp_path / "e.json.gz"])) == ["id-1"]
    assert watch.seconds < 5


def test_a_link_is_told_and_not_followed(logs: Path, tmp_path: Path) -> None:
    (logs / "again").symlink_to(logs / "AWSLogs")
    recorded = Recorded([logs])
    assert ids(recorded) == ["id-1", "id-2", "id-3"]
    assert [(one.file, one.severity) for one in recorded.problems] == [("logs/again", "warning")]
    (tmp_path / "link").symlink_to(logs)
    assert len(ids(Recorded([tmp_path / "link"]))) == 3  # a link that is given is meant


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("none", "cannot be read"),
        ("empty", "no file of events"),
        ("pipe", "neither a file"),
        ("not.zip", "not a bundle|zip"),
    ],
)
def test_what_cannot_be_meant_stops_at_once(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "not.zip").write_bytes(b"text")
    with pytest.raises(AuditorError, match=says) as caught:
        Recorded([tmp_path / name])
    assert str(tmp_path / name) in str(caught.value)


def test_progress_is_told_in_hundredths_of_the_bytes(tmp_path: Path) -> None:
    for number in range(10):
        (tmp_path / f"{number}.json").write_text(json.dumps([event(one) for one in range(1000)]), encoding="utf-8")
    told: list[tuple[int, int | None, str]] = []
    assert sum(1 for _ in Recorded([tmp_path]).events(lambda *words: told.append(words))) == 10_000
    assert [words for _, _, words in told][::9] == ["replaying events: 1,000", "replaying events: 10,000"]
    done = [number for number, total, _ in told if total == 100]
    assert done == sorted(done)
    assert len(done) == 10
    assert 40 <= done[4] <= 60
    assert done[-1] == 99


def test_one_large_file_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_text, "_CHUNK", 1 << 14)
    file = tmp_path / "large.json.gz"
    file.write_bytes(delivered(*range(100_000)))  # 4.6 MB unpacked
    recorded = Recorded([file])
    tracemalloc.start()
    count = sum(1 for _ in recorded.events())
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 100_000
    assert highest < 1_000_000
