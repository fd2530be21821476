"""Answers → whose they are and where: account, region, resource, by record, content and path (rule N3)."""

from auditor.evidence.placing.capture import Capture, Place
from auditor.evidence.placing.handed_in import accounts_handed_in, accounts_listed, accounts_of_texts
from auditor.evidence.placing.locate import located, unplaced
from auditor.evidence.placing.named_part import WHOLE, Part, named_parts
from auditor.evidence.placing.part_name import PAGE_WORDS, PART_WORDS, named_share, own_start, plain_name
from auditor.evidence.placing.place import Placed

__all__ = [
    "PAGE_WORDS",
    "PART_WORDS",
    "WHOLE",
    "Capture",
    "Part",
    "Place",
    "Placed",
    "accounts_handed_in",
    "accounts_listed",
    "accounts_of_texts",
    "located",
    "named_parts",
    "named_share",
    "own_start",
    "plain_name",
    "unplaced",
]
