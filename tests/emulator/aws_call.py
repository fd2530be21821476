"""``aws`` as scripts find it in their PATH: hands its arguments and streams to ``aws_server.py``, ends with its code.

Standard library only, and little of it: it starts once for each call of a script.
"""

import json
import os
import socket
import sys


def call(path: str, arguments: list[str], environment: dict[str, str], folder: str, streams: list[int]) -> int | str:
    """The exit code of ``aws ARGUMENTS`` that the server at ``path`` makes with these open files as its streams."""
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(path)
        request = json.dumps([arguments, environment, folder]).encode()
        socket.send_fds(server, [request[:1]], streams)
        server.sendall(request[1:])
        server.shutdown(socket.SHUT_WR)
        code = server.recv(1)
    return code[0] if code else "the server of the AWS CLI went away"


if __name__ == "__main__":
    here = os.getcwd()  # noqa: PTH109 (pathlib takes longer to import than the rest)
    sys.exit(call(sys.argv[1], sys.argv[2:], dict(os.environ), here, [0, 1, 2]))
