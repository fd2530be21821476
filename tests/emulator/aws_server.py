"""The AWS CLI, loaded once: each call is answered by a fork of this process, as by a process of its own.

The CLI takes longer to start than to answer the emulator. Run as a program with the path of a socket it prints a line
once it listens and ends with its standard input. ``aws_call.py`` is the other end.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import sys

from awscli.clidriver import CLIDriver, create_clidriver  # type: ignore[import-untyped]

SERVICES = {"cloudtrail", "cloudwatch", "logs", "organizations", "s3", "sns", "sts"}


def loaded() -> CLIDriver:
    """The CLI with the data of the services that the samples are made of."""
    driver = create_clidriver()
    loader = driver.session.get_component("data_loader")
    for name in ("cli", "endpoints", "partitions", "sdk-default-configuration", "_retry"):
        loader.load_data(name)
    for kind in ("service-2", "paginators-1", "endpoint-rule-set-1", "waiters-2"):
        found = loader.list_available_services(type_name=kind)
        for service in SERVICES.intersection(found):
            loader.load_service_model(service, kind)
    return driver


def call(driver: CLIDriver, caller: socket.socket) -> int:
    """The exit code of the call that arrives, made with the caller's streams, environment and folder."""
    first, streams, _, _ = socket.recv_fds(caller, 1, 3)
    with caller.makefile("rb") as rest:
        arguments, environment, folder = json.loads(first + rest.read())
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    try:
        code = driver.main(arguments)
    except SystemExit as ended:  # of argparse
        code = ended.code
    sys.stdout.flush()
    sys.stderr.flush()
    return int(code or 0)


def serve(driver: CLIDriver, door: socket.socket) -> None:
    """Answer calls until standard input ends, several at a time where one is the input of another."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    with selectors.DefaultSelector() as waiting:
        waiting.register(sys.stdin, selectors.EVENT_READ)
        waiting.register(door, selectors.EVENT_READ)
        while all(key.fileobj is door for key, _ in waiting.select()):
            caller, _ = door.accept()
            with caller:
                if os.fork() == 0:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    try:
                        caller.sendall(bytes([call(driver, caller)]))
                    finally:
                        os._exit(0)


def main() -> None:
    """Listen at the path that the command line names."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(sys.argv[1])
        driver = loaded()
        door.listen()
        print("ready", flush=True)
        serve(driver, door)
    os._exit(0)  # nothing is kept


if __name__ == "__main__":
    main()
