"""Documents → answers of calls; what capture records and seals say of them, and which files are others."""

from auditor.evidence.recognising.classify import classify, unopened
from auditor.evidence.recognising.content_place import content_place, place_shown_by_trails
from auditor.evidence.recognising.recognise import resource_in, value_at
from auditor.evidence.recognising.recognised import Classified, OtherMember, Printed, Recognised
from auditor.evidence.recognising.record import THE_FILE, Record, with_own
from auditor.evidence.recognising.record_files import digests_of, is_capture_record, read_record_files
from auditor.evidence.recognising.recorded_time import recorded_time
from auditor.evidence.recognising.sealed import NEVER_SEALED, SealFacts, partly_sealed, read_sealing
from auditor.evidence.recognising.without_envelope import (
    NO_ENVELOPE,
    OTHERWISE_SPELT,
    PERHAPS_CUT,
    WITHOUT_ENVELOPE,
)

__all__ = [
    "NEVER_SEALED",
    "NO_ENVELOPE",
    "OTHERWISE_SPELT",
    "PERHAPS_CUT",
    "THE_FILE",
    "WITHOUT_ENVELOPE",
    "Classified",
    "OtherMember",
    "Printed",
    "Recognised",
    "Record",
    "SealFacts",
    "classify",
    "content_place",
    "digests_of",
    "is_capture_record",
    "partly_sealed",
    "place_shown_by_trails",
    "read_record_files",
    "read_sealing",
    "recorded_time",
    "resource_in",
    "unopened",
    "value_at",
    "with_own",
]
