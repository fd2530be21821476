"""The AWS CLI, called several times in one process: standard input is a JSON list of calls, each a list of words.

The CLI takes longer to start than to answer the emulator. The first call that is refused ends the program.
"""

from __future__ import annotations

import json
import sys

from awscli.clidriver import create_clidriver  # type: ignore[import-untyped]


def main() -> None:
    """Make the calls in their order."""
    for words in json.load(sys.stdin):
        code = create_clidriver().main(words)
        if code:
            sys.exit(f"aws {' '.join(words)}: exit code {code}")


if __name__ == "__main__":
    main()
