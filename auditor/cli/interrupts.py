"""Ctrl-C while the program is still loading, when there is nothing yet to remove; it imports next to nothing."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import NoReturn

INTERRUPTED = 130  # 128 + SIGINT


def end_at_interrupts() -> None:
    """From now on Ctrl-C ends the process with one line; not where it was started so that Ctrl-C means nothing."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


def hear_interrupts() -> None:
    """From now on Ctrl-C raises KeyboardInterrupt again, so that a command can remove what it began."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _end(number: int, frame: object) -> NoReturn:
    with suppress(OSError):
        os.write(2, b"auditor: Interrupted.\n")
    os._exit(INTERRUPTED)
