"""Review: what people wrote into the workbooks of an earlier build, read back and carried over by finding."""

from auditor.review.carry import carry
from auditor.review.read import read_reviews
from auditor.review.record import Record, ReviewFile

__all__ = ["Record", "ReviewFile", "carry", "read_reviews"]
