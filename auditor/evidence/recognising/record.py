"""The capture record ``captures.json``: what each capture is, with which arguments, by whom and when."""

from __future__ import annotations

from dataclasses import dataclass, replace

from auditor.arn import REGION, account_of
from auditor.evidence.call_ids import DESCRIBE_METRIC_FILTERS
from auditor.evidence.operations import (
    Call,
    calls,
    foreign_host,
    log_group_asked,
    narrowed_by,
    operation_called,
    prints_no_answer,
    starting_token,
    value_of,
)
from auditor.text import one_line

THE_FILE = "the file itself"  # that holds the answer, where it tells of its call as a capture record does


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a capture record. ``captured_at`` is the time the call ended, as far as it tells that, in UTC.

    ``arguments`` is None where none are told; ``further`` are the other command lines that it tells.
    """

    file: str
    call: str
    account_id: str
    region: str
    resource: str
    arguments: tuple[str, ...] | None
    further: tuple[tuple[str, ...], ...]
    caller_arn: str
    cli_version: str
    captured_at: str | None
    error_code: str = ""  # AWS's, of a call that failed
    failure: str = ""  # how the call ended where it did not end well
    disputed: bool = False  # two entries tell it differently, or one entry itself
    sha256: str = ""  # of the bytes that were captured, "" if it is not told
    vouches: bool = True  # that nothing narrowed the answer (X3): not if the file has another digest
    host: str = ""  # that was asked and is none of AWS's
    speaker: str = "the capture record"  # or THE_FILE

    @property
    def caller_account(self) -> str:
        """The account of the principal that made the call, ``""`` if it is not told."""
        return account_of(self.caller_arn)

    @property
    def asked_account(self) -> str:
        """The account in which the call was made, ``""`` if nothing tells it.

        A topic, trail or key that a call is about may be another account's than the caller's.
        """
        call = operation_called(self.call).call
        accounts = (self.account_id, self.caller_account)
        of_resource = call is not None and call.place == "resource"
        return next(filter(None, reversed(accounts) if of_resource else accounts), "")

    def narrowed(self, call: Call | None) -> str:
        """What among all that was run narrowed the answer of a call, or may have; ``""`` if nothing did (rule X3)."""
        lines = (self.arguments, *self.further)
        token = next(filter(None, map(starting_token, self.further)), "")
        elsewhere = "--starting-token" if token and token != starting_token(self.arguments) else ""
        return next(filter(None, (narrowed_by(words, call) for words in lines)), elsewhere)

    @property
    def log_group(self) -> str:
        """The log group whose metric filters alone were asked for, ``""`` if something else narrowed the answer."""
        group, call = log_group_asked(self.arguments), calls()[DESCRIBE_METRIC_FILTERS]
        further = [words for words in self.further if narrowed_by(words, call)]
        return group if all(log_group_asked(words) == group for words in further) else ""

    @property
    def made_up(self) -> str:
        """Why what was run prints no answer of AWS (rule X5), ``""`` if nothing says so."""
        lines = [words for words in (self.arguments, *self.further) if words]
        host = next(filter(None, map(foreign_host, lines)), self.host)
        if host:
            return f"the call was made to {one_line(host, 80)}, which is none of AWS's endpoints"
        return "--generate-cli-skeleton prints no answer of AWS" if any(map(prints_no_answer, lines)) else ""

    @property
    def asked_region(self) -> str:
        """The region that the arguments ask, ``""`` if they name none."""
        region = self.option_value("--region").lower()
        return region if REGION.fullmatch(region) else ""

    def option_value(self, option: str) -> str:
        """The value that an option of the command has, ``""`` if none or one that stands elsewhere."""
        value = value_of(self.arguments, option)
        return "" if value.startswith(("$", "file:")) else value


def add(records: dict[str, Record], path: str, record: Record) -> None:
    """Remember what a record says of a member; a second entry that says otherwise makes both disputed."""
    before = records.get(path, record)
    same = replace(before, file="", sha256="") == replace(record, file="", sha256="")
    differ = before.disputed or record.disputed or not same
    records[path] = replace(record, disputed=differ)


def with_own(record: Record | None, own: Record | None) -> Record | None:
    """What a capture record and an answer's own file say of its call; where the two differ both are disputed."""
    if record is None or own is None:
        return record or own
    pairs = ((record.account_id, own.account_id), (record.region, own.region))
    differ = any(first and second and first != second for first, second in pairs)
    commands = [words for words in (record.arguments, own.arguments) if words is not None]
    return replace(
        record,
        account_id=record.account_id or own.account_id,
        region=record.region or own.region,
        resource=record.resource or own.resource,
        arguments=commands[0] if commands else None,
        further=(*commands[1:], *record.further, *own.further),
        caller_arn=record.caller_arn or own.caller_arn,
        captured_at=record.captured_at or own.captured_at,
        disputed=record.disputed or own.disputed or differ,
        host=record.host or own.host,
    )
