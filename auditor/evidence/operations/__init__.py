"""The calls whose answers are evidence: their names, options and schemas. Knows no bundle."""

from auditor.evidence.operations.arguments import (
    NARROWING,
    alarm_types,
    cuts_items,
    log_group_asked,
    narrowed_by,
    prints_no_answer,
    starting_token,
    value_of,
)
from auditor.evidence.operations.endpoints import emulator_in, foreign_host, foreign_member
from auditor.evidence.operations.known_members import known_members
from auditor.evidence.operations.operation_names import (
    NO_OPERATION,
    NamedOperation,
    is_place,
    operation_called,
    operation_named,
    operation_recorded,
)
from auditor.evidence.operations.portions import errors_of
from auditor.evidence.operations.recorded_commands import recorded_commands
from auditor.evidence.operations.registry import Call, ItemList, calls
from auditor.evidence.operations.validate import record_violations, violations

__all__ = [
    "NARROWING",
    "NO_OPERATION",
    "Call",
    "ItemList",
    "NamedOperation",
    "alarm_types",
    "calls",
    "cuts_items",
    "emulator_in",
    "errors_of",
    "foreign_host",
    "foreign_member",
    "is_place",
    "known_members",
    "log_group_asked",
    "narrowed_by",
    "operation_called",
    "operation_named",
    "operation_recorded",
    "prints_no_answer",
    "record_violations",
    "recorded_commands",
    "starting_token",
    "value_of",
    "violations",
]
