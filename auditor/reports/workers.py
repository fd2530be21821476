"""Tasks shared out among processes that are forked, so that each sees what the parent has made and nothing is copied.

A task that a process does not finish, whatever became of it, is left to the caller, who meets the same error.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_TOKEN = 4  # bytes of a task's number; smaller than what a pipe takes at once, so that no two are mixed
_DONE = 4 + 64  # a task's number and the text that it came to
MOST_TASKS = 1_000
"""Their numbers fit into a pipe of one page, which is what a user gets who has many pipes open (pipe(7))."""


@contextmanager
def left_alone() -> Iterator[None]:
    """What is there already is not walked by the garbage collector: it lives as long as the block anyway, and processes
    that are forked share its memory, since nobody writes to it.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def shared_out(tasks: int, work: Callable[[int], str], jobs: int) -> dict[int, str]:
    """What ``work`` came to for each task that was finished, by number: a text of 64 letters, as a digest is.

    ``jobs`` processes take one after the other, this one among them. Where there is no fork it does all of them.
    """
    others = min(jobs, tasks) - 1 if hasattr(os, "fork") and tasks <= MOST_TASKS else 0
    if others < 1:
        return {}
    parent = os.getpid()
    waiting, fill = os.pipe()
    finished, report = os.pipe()
    os.write(fill, b"".join(number.to_bytes(_TOKEN, "big") for number in range(tasks)))
    os.close(fill)
    children = []
    try:
        for _ in range(others):
            child = os.fork()
            if child == 0:
                _as_child(parent, waiting, finished, report, work)
            children.append(child)
        os.close(report)
        report = -1
        worked_off = _worked_off(waiting, work)
        return worked_off | _texts_of(finished)
    finally:
        os.read(waiting, MOST_TASKS * _TOKEN)  # after an error nobody begins another task
        os.close(waiting)
        os.close(finished)
        if report >= 0:
            os.close(report)
        for child in children:
            os.waitpid(child, 0)


def _as_child(parent: int, waiting: int, finished: int, report: int, work: Callable[[int], str]) -> None:
    """Works until no task is left and ends the process, without what a program does at its end."""
    try:
        os.close(finished)
        while os.getppid() == parent and (token := os.read(waiting, _TOKEN)):
            number = int.from_bytes(token, "big")
            os.write(report, token + work(number).encode())
        os._exit(0)
    except BaseException:  # the caller does the task again and says what is wrong
        os._exit(1)


def _worked_off(waiting: int, work: Callable[[int], str]) -> dict[int, str]:
    done = {}
    while token := os.read(waiting, _TOKEN):
        number = int.from_bytes(token, "big")
        done[number] = work(number)
    return done


def _texts_of(finished: int) -> dict[int, str]:
    data = bytearray()
    while more := os.read(finished, 65_536):
        data += more
    parts = [bytes(data[start : start + _DONE]) for start in range(0, len(data), _DONE)]
    return {int.from_bytes(part[:_TOKEN], "big"): part[_TOKEN:].decode() for part in parts if len(part) == _DONE}
