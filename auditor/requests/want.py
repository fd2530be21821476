"""What findings want, as the requests are made of it."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.chains import Need, OpenPoint


@dataclass(frozen=True, slots=True)
class Want:
    """What one INCONCLUSIVE finding wants: a capture, or (``need`` None) an answer in words."""

    finding: str
    account_id: str
    need: Need | None
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """An open point of a finding, which captures would close; ``reason`` says it in words."""

    finding: str
    point: OpenPoint
    reason: str
