"""What is fuzzed: entry points for untrusted bytes. Each returns, or raises what a defect of the program raises."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from random import Random

from click.testing import CliRunner

from auditor import api, gsl, patterns
from auditor.bundle import Member, open_bundle
from auditor.cli.program import program
from auditor.errors import AuditorError
from auditor.evidence.reading.decode import decode
from auditor.reports import USUAL_FORMATS
from auditor.reports.write import rendered
from auditor.resources import validator
from auditor.result import AuditResult
from tests.fuzz.captures import DrawnBundle, bundle
from tests.textbook import ACCOUNT, REGION, textbook, write

NEIGHBOUR = "444455556666"
CHOICE = {"controls": ["ssm-actions"], "frameworks": ["iso27001-2022"]}
CAPTURES = {path: json.dumps(answer).encode() for path, answer in textbook().items()}
FILES = {
    **CAPTURES,
    f"{ACCOUNT}/{REGION}/cloudtrail-get-trail-status/main.json": b'{"IsLogging": true, "StartLoggingTime": 1795560385}',
    f"{ACCOUNT}/{REGION}/logs-describe-log-groups.json": b'{"logGroups": [{"logGroupName": "ct"}]}',
    "captures.json": b'[{"file": "x.json", "call": "logs:DescribeMetricFilters", "exit_code": 0}]',
    "bad.zip": b"PK\x05\x06" + bytes(18),
}
ENTITIES = [{"name": "a" * 40, "isMultiRegionTrail": True, "tags": [{"key": "k", "value": "v"}]}]


def archive(data: bytes) -> None:
    """A zip, a tar or a gzipped file, among good files."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("bad.zip", "bad.tar", "bad.json.gz"):
            Path(folder, name).write_bytes(data)
        Path(folder, "good.json").write_bytes(b"{}")
        read = list(open_bundle([folder]).read())
        assert any(isinstance(item, Member) and item.path == "good.json" for item in read)


def json_text(data: bytes) -> None:
    """The text of a capture in whatever encoding."""
    found = decode(Member("a.json", len(data), "", data, False))
    assert len(found.pages) == len(found.page_pointers)
    json.dumps(found.pages, ensure_ascii=True).encode()


def evidence(data: bytes) -> None:
    """One file of one account, from capture to result: the neighbour keeps its finding, the result can be written."""
    names = sorted(FILES)
    name = names[data[0] % len(names)] if data else names[0]
    with tempfile.TemporaryDirectory() as folder:
        result = api.audit(write(textbook() | textbook(NEIGHBOUR) | {name: data[1:]}, Path(folder)), **CHOICE)
    found = json.loads(result.to_json())
    verdicts = {one["account_id"]: one["verdict"] for one in found["findings"]}
    assert verdicts[NEIGHBOUR] == "PASS"
    assert not [one for one in found["problems"] if one["code"] == "not-computable"]


def captures(data: bytes) -> None:
    """A whole bundle drawn from the schemas; the bytes only choose it. The reports of each twentieth are made."""
    random = Random(data)
    audited(bundle(random), strict=random.random() < 0.2, reports=random.random() < 0.05)


def audited(drawn: DrawnBundle, *, strict: bool = False, reports: bool = False) -> None:
    """The audit of a drawn bundle: every account handed in has its finding, the result follows its schema and is read
    back as it was, and reports can be made of it.
    """
    with tempfile.TemporaryDirectory() as folder:
        write(dict(drawn.files), Path(folder))
        result = api.audit(folder, strict=strict, **CHOICE)
    text = result.to_json()
    document = json.loads(text)
    assert not [error.message for error in validator("results").iter_errors(document)]
    judged = {one["account_id"] for one in document["findings"]}
    proven = {one["account_id"] for one in document["population"]["accounts"] if one["status"] != "covered"}
    assert {*drawn.accounts} <= judged | proven, (drawn.accounts, judged)
    assert not [one for one in document["problems"] if one["code"] == "not-computable"]
    assert AuditResult.from_json(text).to_json() == text
    if reports:
        for _ in rendered(result, USUAL_FORMATS):
            pass


def pattern(data: bytes) -> None:
    """Two filter patterns, and an event: explained, related, matched."""
    left, _, rest = data.decode("utf-8", "replace").partition("\n")
    right, _, event = rest.partition("\n")
    try:
        both = patterns.parse(left), patterns.parse(right)
    except patterns.PatternSyntaxError:
        return
    comparison = patterns.relate(*both)
    assert (str(comparison.relation) == "equal") == (str(patterns.relate(both[1], both[0]).relation) == "equal")
    for one in both:
        patterns.explain(one)
        patterns.match(one, event)


def rule(data: bytes) -> None:
    """A rule of GSL, parsed and evaluated on an entity."""
    text = data.decode("utf-8", "replace")
    try:
        api.gsl(text, entities=ENTITIES, as_of="2026-09-30")
    except (AuditorError, gsl.GslError):
        return


def events(data: bytes) -> None:
    """A file of recorded events."""
    try:
        for _ in islice(patterns.stream_events(io.BufferedReader(io.BytesIO(data)), "events.json"), 10_000):  # type: ignore[type-var, arg-type]
            pass
    except AuditorError:
        return


def report(data: bytes) -> None:
    """A results.json: every report is made of it, or one line says why not."""
    with tempfile.TemporaryDirectory() as folder:
        results, out = Path(folder, "results.json"), Path(folder, "out")
        results.write_bytes(data)
        ended = CliRunner().invoke(program, ["report", str(results), "--out", str(out)])
        assert ended.exit_code in (0, 2), ended.output
        assert (ended.exit_code == 0) == (out / "digest.txt").exists()
        assert ended.exit_code == 0 or ended.stderr.count("\n") == 1, ended.stderr


def _zip_seed() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in CAPTURES.items():
            packed.writestr(name, content)
    return stream.getvalue()


def _tar_seed() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as packed:
        for name, content in CAPTURES.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            packed.addfile(entry, io.BytesIO(content))
    return gzip.compress(stream.getvalue(), mtime=0)


def _report_seeds() -> Iterable[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        yield api.audit(write(textbook(), Path(folder)), **CHOICE).to_json()


def _evidence_seeds() -> Iterable[bytes]:
    for number, name in enumerate(sorted(FILES)):
        yield bytes([number]) + FILES[name]


# Where each begins: bytes that mean something, which are then changed.
TARGETS: dict[str, tuple[Callable[[bytes], None], Callable[[], Iterable[bytes]]]] = {
    "archive": (archive, lambda: [_zip_seed(), _tar_seed()]),
    "decode": (json_text, lambda: [*CAPTURES.values(), '{"a": "\u00e9"}'.encode("utf-16")]),
    "evidence": (evidence, _evidence_seeds),
    "captures": (captures, lambda: [bytes([number]) for number in range(20)]),
    "pattern": (
        pattern,
        lambda: [
            b"{ ($.eventName = A*) && ($.x[0].y != 1.5) || ($.z NOT EXISTS) }\n{ $.eventName = %A.c% }\n"
            b'{"eventName":"A"}',
            b'?ERROR ?"a b" -c\n[a, b != 1*, ..., c = %x%]\na b c',
        ],
    ),
    "gsl": (
        rule,
        lambda: [
            b"CloudTrail where name like '%a%' should have tags contain [ key='k' and value regexMatch /^(v|w)+$/ ]",
            b"CloudTrail should have isMultiRegionTrail=true and not name in ('a', $b) and length() > 3",
        ],
    ),
    "events": (
        events,
        lambda: [
            b'{"Records": [{"eventName": "A", "eventTime": "2026-09-01T00:00:00Z"}]}',
            b'{"eventName": "A"}\n{"eventName": "B"}\nraw text\n',
            b'{"events": [{"message": "{}", "timestamp": 1}]}',
        ],
    ),
    "report": (report, _report_seeds),
}  # fmt: skip
