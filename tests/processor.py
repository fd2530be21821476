"""Seconds of the processor that a piece of work takes, with whatever else a run of the tests does left out."""

from __future__ import annotations

import gc
import sys
import time


class Watch:
    """`with Watch() as watch: …`, then `watch.seconds`.

    Of the processor and not of the clock, since two workers share a machine; without `--cov`, which counts the lines
    of `auditor` and of no library (a ratio of both would say three times what it is); and without the collection of
    what other tests left.
    """

    def __enter__(self) -> Watch:
        self.trace, self.collects = sys.gettrace(), gc.isenabled()
        sys.settrace(None)
        gc.disable()
        self.began = time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.process_time() - self.began
        if self.collects:
            gc.enable()
        sys.settrace(self.trace)
