"""`python -m tests.fuzz.run TARGET SECONDS [SEED]`: coverage-guided fuzzing of one entry point with atheris.

Ends after so many seconds, or at the first input that raises: the input is printed, and becomes a case of a test. Not
part of any test run; `pip install -e '.[fuzz]'` brings atheris, which runs on Linux. Without it, seeds are changed at
random, which reaches less. Bundles (``captures``) are drawn one after the other, without guidance.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from random import Random

from tests.fuzz.mutations import mutated

DRAWN = ("captures",)  # inputs only choose what is drawn: coverage would guide nothing, and cost much

try:
    if set(DRAWN) & set(sys.argv):
        raise ImportError
    import atheris
except ImportError:
    atheris = None

if atheris is not None:
    with atheris.instrument_imports(include=["auditor"]):
        from tests.fuzz.targets import TARGETS
else:
    from tests.fuzz.targets import TARGETS


def main(name: str, seconds: int, seed: int) -> None:
    """Fuzzes one target; says how often it ran."""
    target, seeds = TARGETS[name]
    if atheris is None:
        _plain(name, seconds, seed)
        return
    with tempfile.TemporaryDirectory() as corpus:
        for number, data in enumerate(seeds()):
            Path(corpus, str(number)).write_bytes(data)
        options = (f"-max_total_time={seconds}", "-max_len=65536", f"-seed={seed}", "-timeout=60", "-rss_limit_mb=4096",
                   "-print_final_stats=1", f"-artifact_prefix={Path.cwd()}/")  # fmt: skip
        atheris.Setup([sys.argv[0], *options, corpus], target)
        atheris.Fuzz()


def _plain(name: str, seconds: int, seed: int) -> None:
    target, seeds = TARGETS[name]
    inputs, random, runs = list(seeds()), Random(seed), 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data = f"{seed} {runs}".encode() if name in DRAWN else mutated(random.choice(inputs), random)
        try:
            target(data)
        except BaseException:
            print(f"{name}: {data!r}", file=sys.stderr)
            raise
        runs += 1
    print(f"{name}: {runs} runs in {seconds} s")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
