"""Runs commands in forks of one process and stops them where it is told; prints one JSON line a command.

Standard input: one JSON object a line with ``words`` (the command), and ``signal`` at the ``number``-th event of those
that touch ``folder`` (a file opened for writing, renamed or removed), or ``seconds`` after the start, or ``bytes``,
which no file may exceed. Python's own audit events are counted, so no tool is needed.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any

EVENTS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir")
WRITING = os.O_WRONLY | os.O_RDWR
IMPORTED = ("auditor.cli.process", "auditor.cli.audit", "auditor.cli.report", "auditor.api", "openpyxl", "docx")


def touched(event: str, args: tuple[Any, ...]) -> str | None:
    """The path that an event changes; None if it changes none."""
    if event == "open" and not (isinstance(args[2], int) and args[2] & WRITING):
        return None
    return os.fsdecode(args[0]) if isinstance(args[0], str | bytes | os.PathLike) else None


def child(order: dict[str, Any], output: int) -> None:
    folder = order.get("folder", "")
    counted = 0
    outside: list[str] = []
    sockets: list[str] = []

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal counted
        if event.startswith("socket."):
            sockets.append(event)
        if event not in EVENTS or (path := touched(event, args)) is None:
            return
        if not Path(path).is_relative_to(folder):
            outside.append(path)
            return
        counted += 1
        if counted == order.get("number"):
            os.kill(os.getpid(), order["signal"])

    if "bytes" in order:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["bytes"], order["bytes"]))
    error = os.memfd_create("error")  # a limit on files does not hold for what is this short
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(error, 2)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if folder:
        sys.addaudithook(hook)
    sys.argv = ["auditor", *order["words"]]
    code: object = None
    try:
        from auditor.cli import main

        main()
    except SystemExit as ended:
        code = ended.code
    told = os.pread(error, 100_000, 0).decode()
    line = {"code": code, "counted": counted, "outside": outside, "sockets": sockets, "error": told}
    os.write(output, json.dumps(line).encode())
    os._exit(0)


def carried_out(order: dict[str, Any]) -> dict[str, Any]:
    """What became of one command: as it said itself, or the signal that ended it."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        child(order, writing)
    os.close(writing)
    if "seconds" in order:
        time.sleep(order["seconds"])
        os.kill(process, order["signal"])
    with os.fdopen(reading, "rb") as stream:
        text = stream.read()
    _, status = os.waitpid(process, 0)
    return json.loads(text) if text else {"signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0}


if __name__ == "__main__":
    for name in IMPORTED:
        __import__(name)
    for order_line in sys.stdin:
        print(json.dumps(carried_out(json.loads(order_line))), flush=True)
