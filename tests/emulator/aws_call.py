"""``aws`` as scripts find it in their PATH: hands its arguments and streams to ``aws_server.py``, ends with its code.

Standard library only, and little of it: it starts once for each call.
"""

import json
import os
import socket
import sys

with socket.socket(socket.AF_UNIX) as server:
    server.connect(sys.argv[1])
    request = json.dumps([sys.argv[2:], dict(os.environ), os.getcwd()]).encode()  # noqa: PTH109 (pathlib takes longer to import than the rest)
    socket.send_fds(server, [request[:1]], [0, 1, 2])
    server.sendall(request[1:])
    server.shutdown(socket.SHUT_WR)
    code = server.recv(1)
sys.exit(code[0] if code else "the server of the AWS CLI went away")
