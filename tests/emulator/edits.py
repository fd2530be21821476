"""What the emulator cannot produce: changes made to captures afterwards, each with its reason."""

from __future__ import annotations

import json
from typing import Any

from tests.emulator.collect import Edit


def numbers_as_text(capture: bytes) -> bytes:
    """An export that went through a script which turned every number of the alarms into text.

    The CLI itself can print no capture that breaks its own schema.
    """
    document = json.loads(capture)
    for alarm in document["MetricAlarms"]:
        for name, value in alarm.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                alarm[name] = str(value)
    return _printed(document)


def _printed(document: Any) -> bytes:
    """JSON as the CLI prints it."""
    return json.dumps(document, indent=4, ensure_ascii=False).encode() + b"\n"


QUARTERLY: dict[str, Edit] = {
    "700080009000/us-east-1/cloudwatch-describe-alarms.json": numbers_as_text,
}
