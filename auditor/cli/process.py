"""The process around a command: its standard streams, signals and exit code, whatever state they are in.

An exit code other than those of the contract would read as a result: Python's own is 1 for nearly everything.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn, TextIO

import click

from auditor.cli.interrupts import INTERRUPTED, end_at_interrupts, hear_interrupts
from auditor.cli.output import complain
from auditor.cli.program import NOT_CARRIED_OUT, READER_GONE, program


def run() -> NoReturn:
    """Runs the command line of this process and exits."""
    _open_closed_streams()
    for name in ("SIGTERM", "SIGHUP"):  # a terminal that is closed hangs up
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _terminate)
    for stream in (sys.stdout, sys.stderr):
        # A terminal with a small code page shows \u2713 rather than ending the command.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    code = _run()
    end_at_interrupts()
    for stream in (sys.stdout, sys.stderr):
        code = _flushed(stream, code)
    sys.exit(code)


def _run() -> int:
    """The exit code of the command."""
    try:
        hear_interrupts()
        value = program.main(prog_name="auditor", standalone_mode=False)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else NOT_CARRIED_OUT if ended.code else 0
    except (KeyboardInterrupt, click.Abort):
        complain("Interrupted.")
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except OSError as error:  # of help or version, which no command writes
        return _lost(error)
    return value if isinstance(value, int) else 0


def _open_closed_streams() -> None:
    """Lead standard streams that are closed to nowhere, so that no report gets their number."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)


def _terminate(number: int, frame: object) -> NoReturn:
    """End as after Ctrl-C: what was begun is removed on the way out."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


def _flushed(stream: TextIO, code: int) -> int:
    """The exit code once all that was written has left: another one if it could not."""
    try:
        stream.flush()
    except OSError as error:
        # What is still held must not be written at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return code if stream is sys.stderr or code not in (0, 1) else _lost(error)
    return code


def _lost(error: OSError) -> int:
    if isinstance(error, BrokenPipeError):
        return READER_GONE
    complain(f"the output cannot be written: {error.strerror or error}. Check the free space.")
    return NOT_CARRIED_OUT
