"""The command line: one small module per command, loaded when it is called."""

from __future__ import annotations

from typing import NoReturn

from auditor.cli.interrupts import end_at_interrupts

__all__ = ["main"]


def main() -> NoReturn:
    """Runs the command line of this process and exits."""
    end_at_interrupts()  # before anything large is loaded
    from auditor.cli.process import run

    run()
