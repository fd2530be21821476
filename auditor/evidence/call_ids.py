"""Names for the ids of the calls in the registry, so that a misspelt id is no key that is missing at run time.

A test holds them against the data files in ``evidence/calls/``.
"""

from __future__ import annotations

from typing import Final

LIST_REGIONS: Final = "account:ListRegions"
DESCRIBE_TRAILS: Final = "cloudtrail:DescribeTrails"
GET_EVENT_SELECTORS: Final = "cloudtrail:GetEventSelectors"
GET_TRAIL_STATUS: Final = "cloudtrail:GetTrailStatus"
DESCRIBE_ALARM_HISTORY: Final = "cloudwatch:DescribeAlarmHistory"
DESCRIBE_ALARMS: Final = "cloudwatch:DescribeAlarms"
GET_ALARM_MUTE_RULE: Final = "cloudwatch:GetAlarmMuteRule"
LIST_ALARM_MUTE_RULES: Final = "cloudwatch:ListAlarmMuteRules"
DESCRIBE_REGIONS: Final = "ec2:DescribeRegions"
GET_KEY_POLICY: Final = "kms:GetKeyPolicy"
DESCRIBE_ACCOUNT_POLICIES: Final = "logs:DescribeAccountPolicies"
DESCRIBE_LOG_GROUPS: Final = "logs:DescribeLogGroups"
DESCRIBE_METRIC_FILTERS: Final = "logs:DescribeMetricFilters"
GET_TRANSFORMER: Final = "logs:GetTransformer"
LIST_LINKS: Final = "oam:ListLinks"
LIST_SINKS: Final = "oam:ListSinks"
LIST_CENTRALIZATION_RULES_FOR_ORGANIZATION: Final = "observabilityadmin:ListCentralizationRulesForOrganization"
DESCRIBE_ORGANIZATION: Final = "organizations:DescribeOrganization"
LIST_ACCOUNTS: Final = "organizations:ListAccounts"
LIST_DELEGATED_ADMINISTRATORS: Final = "organizations:ListDelegatedAdministrators"
GET_SUBSCRIPTION_ATTRIBUTES: Final = "sns:GetSubscriptionAttributes"
GET_TOPIC_ATTRIBUTES: Final = "sns:GetTopicAttributes"
LIST_SUBSCRIPTIONS_BY_TOPIC: Final = "sns:ListSubscriptionsByTopic"
LIST_SUBSCRIPTIONS: Final = "sns:ListSubscriptions"
LIST_TOPICS: Final = "sns:ListTopics"
GET_CALLER_IDENTITY: Final = "sts:GetCallerIdentity"
