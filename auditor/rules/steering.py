"""Names for the reason codes on which code decides; a test holds them against ``reasons.json``.

A code that is only given needs no name: it is a key of the reasons, and a test finds it where it is given.
"""

from __future__ import annotations

from typing import Final

NOT_REACHED: Final = "not-reached"  # no reason: what lies before the link gives nothing to judge

ALARM_ANOMALY_BELOW: Final = "alarm-anomaly-below"
ALARM_COUNTED_AGAIN: Final = "alarm-counted-again"
ALARM_LATE: Final = "alarm-late"
ALARM_MATHS_RATE: Final = "alarm-maths-rate"
ALARM_MEMBERS_LEFT_OUT: Final = "alarm-members-left-out"
ALARM_STATISTIC_UNKNOWN: Final = "alarm-statistic-unknown"
COMPOSITE_CONDITIONAL: Final = "composite-conditional"
COMPOSITE_SUPPRESSOR: Final = "composite-suppressor"
COMPOSITE_UNDECIDED: Final = "composite-undecided"
DELIVERY_NEVER: Final = "delivery-never"
DELIVERY_OLD: Final = "delivery-old"
DELIVERY_STOPPED: Final = "delivery-stopped"
FILTER_MISSES_EVENT: Final = "filter-misses-event"
FILTER_ON_TRANSFORMED_LOGS: Final = "filter-on-transformed-logs"
FILTER_UNDECIDABLE: Final = "filter-undecidable"
FILTERS_FEWER_THAN_COUNTED: Final = "filters-fewer-than-counted"
TOPIC_FIFO: Final = "topic-fifo"
VALUE_NOT_CONSTANT: Final = "value-not-constant"

# Why a listing of alarms proves no absence.
ALARM_LISTING_GAPS: Final = frozenset(
    {
        "alarms-altered",
        "alarms-contradictory",
        "alarms-narrowed",
        "alarms-not-captured",
        "alarms-out-of-period",
        "alarms-refused",
        "alarms-truncated",
        "alarms-unusable",
    }
)
