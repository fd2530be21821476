"""The answers about patterns that the join asks for."""

from __future__ import annotations

from auditor.chains.counts import Counts
from auditor.judgement.along import counted_along
from auditor.judgement.ordinary import counts_nearly_everything
from auditor.judgement.reaching import counts_nothing

COUNTS = Counts(counts_nearly_everything, counts_nothing, counted_along)
