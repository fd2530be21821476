"""The names of a broken chain, from which the steps that mend it are filled in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainNames:
    """What an account calls the parts of its chain, ``""`` where it has no such part; plans and templates use these
    words.

    ``region`` is where a new part is made, ``alarm_needs`` the settings that an alarm on the filter's metric must have,
    ``alarm_suits`` *yes* where the alarm has them, ``required_pattern`` what the filter is to count.
    """

    account_id: str
    region: str
    required_pattern: str
    partition: str = ""
    trail_name: str = ""
    trail_arn: str = ""
    trail_region: str = ""
    trail_account: str = ""
    log_group: str = ""
    log_group_account: str = ""
    log_group_region: str = ""
    filter_name: str = ""
    metric_name: str = ""
    metric_namespace: str = ""
    metric_value: str = ""
    default_value: str = ""
    unit: str = ""
    alarm_needs: str = ""
    alarm_suits: str = ""
    alarm_name: str = ""
    alarm_arn: str = ""
    composite_name: str = ""
    topic_arn: str = ""
    topic_name: str = ""
    subscription_arn: str = ""
    protocol: str = ""
    endpoint: str = ""
