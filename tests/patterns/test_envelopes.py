"""What AWS wraps around events is opened, and each message is the text that it was: never printed anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.patterns import Message, held_text, match, read_events
from auditor.patterns.documents import events_in

# Spelt as no program would print it again.
EVENT = '{"eventName" : "SendCommand","n": 1.50, "big":1e999, "s":"\\u0041"}'
RAW = "START RequestId: 1"
LOG = {"logStreamName": "s", "timestamp": 1, "ingestionTime": 2, "eventId": "3"}


def quoted(text: str) -> str:
    return json.dumps(text)


def log_events(*messages: str) -> str:
    return json.dumps([LOG | {"message": text} for text in messages])


def rows(*messages: str) -> str:
    cells = [[("@timestamp", "2026-08-01"), ("@message", text), ("@ptr", "CmEK")] for text in messages]
    return json.dumps([[{"field": name, "value": value} for name, value in row] for row in cells])


# Each form, with EVENT and RAW in it where it can hold a text that is no JSON.
FORMS: dict[str, tuple[str, list[str]]] = {
    "delivery": ('{"Records":[' + EVENT + ", " + EVENT + "]}", [EVENT, EVENT]),
    "delivery with a member before": ('{"a":[],"Records" : [' + EVENT + "]}", [EVENT]),
    "delivery of a text": ('{"Records":[' + quoted(RAW) + "]}", [RAW]),
    "filter-log-events": ('{"events":' + log_events(EVENT, RAW) + ',"searchedLogStreams":[]}', [EVENT, RAW]),
    "filter-log-events without any": ('{"events":[],"searchedLogStreams":[]}', []),
    "get-log-events": ('{"events":' + log_events(EVENT) + ',"nextForwardToken":"f/1"}', [EVENT]),
    "get-log-events of boto3": ('{"ResponseMetadata":{},"events":' + log_events(EVENT) + "}", [EVENT]),
    "pages of it": ("[" + ",".join('{"events":' + log_events(text) + "}" for text in (EVENT, RAW)) + "]", [EVENT, RAW]),
    "one log event": (log_events(EVENT)[1:-1], [EVENT]),
    "get-query-results": ('{"results":' + rows(EVENT, RAW) + ',"status":"Complete"}', [EVENT, RAW]),
    "get-query-results of CLI 2": ('{"queryLanguage":"CWLI","results":' + rows(EVENT) + ',"statistics":{}}', [EVENT]),
    "rows of Logs Insights": (json.dumps([{"@timestamp": "t", "@message": EVENT}]), [EVENT]),
    "parsed rows of Logs Insights": ('[{"@timestamp":"t","@message": ' + EVENT + "}]", [EVENT]),
    "subscription": (
        '{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logEvents":'
        + json.dumps([{"id": "1", "timestamp": 1, "message": EVENT}, {"id": "2", "timestamp": 1, "message": RAW}])
        + "}",
        [EVENT, RAW],
    ),
    "messages by --query": (json.dumps([EVENT, RAW]), [EVENT, RAW]),
    "control message": ('{"messageType":"CONTROL_MESSAGE","logEvents":[{"id":"","message":"CWL CONTROL"}]}', []),
    "EventBridge": (
        '{"version":"0","detail-type":"AWS API Call via CloudTrail","x":{"detail":1},"detail": ' + EVENT + "}",
        [EVENT],
    ),
    "lookup-events": ('{"Events":[{"EventId":"1","CloudTrailEvent":' + quoted(EVENT) + '}],"NextToken":"x"}', [EVENT]),
    "one of lookup-events": ('{"EventId":"1","CloudTrailEvent":' + quoted(EVENT) + "}", [EVENT]),
    # Events of others, which only look alike.
    "an event with events": ('{"events":[{"message":"m","level":"x"}]}', ['{"events":[{"message":"m","level":"x"}]}']),
    "an event with results": ('{"results":[{"a":1}]}', ['{"results":[{"a":1}]}']),
    "a message of an application": ('{"timestamp":1,"message":"m"}', ['{"timestamp":1,"message":"m"}']),
    "a detail of another event": ('{"detail-type":"x","detail":{"a":1}}', ['{"detail-type":"x","detail":{"a":1}}']),
}


def texts(text: str, size: int = 1 << 18) -> list[str]:
    """The messages in a text that is handed out in pieces of ``size`` characters, none without its text."""
    place = 0

    def read(most: int) -> str:
        nonlocal place
        piece = text[place : place + min(size, most)]
        place += len(piece)
        return piece

    found = list(events_in(read))
    assert all(isinstance(event, Message | str) for event in found)
    return [event.text if isinstance(event, Message) else event for event in found]  # type: ignore[union-attr]


@pytest.mark.parametrize("size", [1, 7, 1 << 18])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_opened_to_the_messages_as_they_were_written(
    form: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_text, "_CHUNK", size)
    text, messages = FORMS[form]
    assert texts(text, size) == messages
    assert texts(f"\n{text}\r\n\n{RAW}\n{text}", size) == [*messages, RAW, *messages], "lines"
    assert texts(text + text, size) == messages * 2, "one after the other, as Firehose writes them"


@pytest.mark.parametrize("form", FORMS)
def test_a_form_over_several_lines_is_opened_too(form: str) -> None:
    """As the AWS CLI prints it. What is a string in it is the message still; an object is spelt as the file has it."""
    text, messages = FORMS[form]
    spread = json.dumps(json.loads(text, parse_float=str), indent=4)
    found = texts(spread + "\n" + spread)
    assert len(found) == 2 * len(messages)
    for one, wanted in zip(found, messages * 2, strict=True):
        assert one == wanted or json.loads(one) == json.loads(wanted, parse_float=str)


def test_a_line_is_its_message_with_its_blanks() -> None:
    assert texts('  {"a": 1}  \r\n\t{"a" :1}') == ['  {"a": 1}  ', '\t{"a" :1}']


def test_a_message_that_a_line_wraps_is_opened() -> None:
    record = '{"eventVersion": "1.11","eventName":"SendCommand"}'
    assert texts(quoted(EVENT)) == [EVENT]
    assert texts(f"2026-08-01T09:00:00.000Z {record}\r\nraw") == [record, "raw"]
    for line in (quoted(RAW), '"a" b', '"', f"2026-08-01T09:00:00.000Z {EVENT}", f"2026-08-01T09:00:00Z {record}"):
        assert texts(f"{line}\nraw") == [line, "raw"]


def test_several_documents_over_lines_are_several_events() -> None:
    assert texts('{\n "a": 1\n}\n{\n "b": 1\n} {"c":1}\nraw') == ['{\n "a": 1\n}', '{\n "b": 1\n}', '{"c":1}', "raw"]


@pytest.mark.parametrize(
    "line", ['{"a":1} more', "[INFO] {}", "{", "[", '{"a":1}{"b"', '{"a":NaN}', '["a" ', "{}]", '{"a":1} 5', "[1 2"]
)
def test_a_line_that_is_no_json_is_a_raw_message(line: str) -> None:
    assert texts(f'raw\n{line}\n{{"b":1}}\nraw') == ["raw", line, '{"b":1}', "raw"]


def test_lines_that_only_begin_documents_take_no_time() -> None:
    """Each might begin one over all the lines that follow."""
    lines = ['{"a":'] * 20_000
    assert texts("\n".join([*lines, "end"])) == [*lines, "end"]


CASES = [
    ("Infinity", EVENT, False),
    ('"1.50"', EVENT, True),
    ('"\\"eventName\\" : \\"SendCommand\\""', EVENT, True),
    ('"\\\\u0041"', EVENT, True),
    ("{ $.n = 1.5 && $.s = A }", EVENT, True),
    ("[first, ...]", EVENT, True),
    ('[first = "{\\"eventName\\"", ...]', EVENT, True),
]


@pytest.mark.parametrize("form", [form for form, (_, messages) in FORMS.items() if EVENT in messages])
@pytest.mark.parametrize(("pattern", "event", "matched"), CASES)
def test_patterns_see_the_message_in_every_form(
    tmp_path: Path, form: str, pattern: str, event: str, matched: bool
) -> None:
    """As the same pattern sees the message by itself."""
    (tmp_path / "events").write_text(FORMS[form][0], "utf-8")
    found = [one for one in read_events(tmp_path / "events") if isinstance(one, Message)]
    assert found
    for one in found:
        assert match(pattern, one) is match(pattern, event) is matched


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
SPELLINGS = st.sampled_from([{}, {"indent": 1}, {"separators": (" , ", " : ")}, {"ensure_ascii": False}])


@given(st.lists(st.tuples(st.dictionaries(st.text(max_size=3), VALUES, max_size=4), SPELLINGS), max_size=4))
def test_a_record_keeps_its_spelling(records: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    written = [json.dumps(record, **spelling) for record, spelling in records]
    assert texts('{"Records": [' + ",\n".join(written) + "]}") == written
    assert texts('{"more": 1, "Records": [' + ",\n".join(written) + "]}") == written
