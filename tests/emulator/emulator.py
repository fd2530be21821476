"""A local AWS: moto, brought nearer to the real service where evidence depends on it, with a still clock.

Run as a program it serves on a free port of 127.0.0.1, prints its address on one line and ends with its
standard input. Each ``nearer_…`` function names how moto 5.2.5 differs from AWS; it reaches into moto's
classes, so the version is pinned.
"""

from __future__ import annotations

import argparse
import hashlib
import inspect
import json
import os
import sys
import uuid
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any

from moto.cloudtrail.models import CloudTrailBackend, Trail, cloudtrail_backends
from moto.cloudtrail.responses import CloudTrailResponse
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.ec2.responses.availability_zones_and_regions import AvailabilityZonesAndRegions
from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.metric_filters import MetricFilters
from moto.logs.models import LogGroup, LogsBackend, logs_backends
from moto.organizations.exceptions import OrganizationsClientError
from moto.organizations.models import (
    FakeAccount,
    FakeDelegatedAdministrator,
    FakeOrganization,
    OrganizationsBackend,
    organizations_backends,
)
from moto.server import ThreadedMotoServer
from moto.sns.exceptions import SNSException
from moto.sns.models import SNSBackend, Subscription
from moto.sns.responses import SNSResponse
from moto.sts.models import AssumedRole

CONFIGURED = datetime(2026, 3, 2, 9, 0)  # when everything was set up; moto wants times without a zone
DELIVERED = datetime(2026, 9, 28, 7, 55).replace(tzinfo=UTC).timestamp()  # minutes before the captures
CLOUDTRAIL = "cloudtrail.amazonaws.com"
WAITS_FOR_ITS_OWNER = {"email", "email-json", "http", "https"}


def put_in(owner: Any, **replacements: Any) -> None:
    """Replace attributes of a class or module of moto."""
    for name, replacement in replacements.items():
        setattr(owner, name, replacement)


def still_clock() -> None:
    """The services that print times of their own print the same ones in each run."""
    for service in ("cloudtrail", "cloudwatch", "logs", "organizations"):
        put_in(sys.modules[f"moto.{service}.models"], utcnow=lambda: CONFIGURED)

    def user_id(role: AssumedRole) -> str:
        return f"AROA{hashlib.sha256(role.role_arn.encode()).hexdigest()[:17].upper()}:{role.session_name}"

    put_in(AssumedRole, user_id=property(user_id))


def nearer_organizations(organizations: dict[str, tuple[str, str]], ids: dict[str, str]) -> None:
    """Known ids, CloudTrail among the services that can be delegated, listings for those who may list.

    ``organizations`` are id and address by management account, ``ids`` those of accounts by name.
    """
    names = sys.modules["moto.organizations.utils"]
    put_in(names, make_random_create_account_status_id=lambda: "car-00000000")
    new_organization, new_account = FakeOrganization.__init__, FakeAccount.__init__
    list_accounts = OrganizationsBackend.list_accounts

    def with_its_own_id(self: Any, account_id: str, **kwargs: Any) -> None:
        organization_id, address = organizations[account_id]
        put_in(names, make_random_org_id=lambda: organization_id, MASTER_ACCOUNT_EMAIL=address)
        new_organization(self, account_id, **kwargs)

    def with_known_id(self: Any, organization: Any, **kwargs: Any) -> None:
        if kwargs["AccountName"] == "master":
            by_id = {account_id: name for name, account_id in ids.items()}
            kwargs["AccountName"] = by_id[organization.master_account_id]
        put_in(names, make_random_account_id=lambda: ids.get(kwargs["AccountName"], "000000000000"))
        new_account(self, organization, **kwargs)

    def listed_for_the_management_account(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.org is None:
            raise OrganizationsClientError(
                "AccessDeniedException", "You don't have permissions to access this resource."
            )
        return list_accounts(self, *args, **kwargs)

    put_in(FakeOrganization, __init__=with_its_own_id)
    put_in(FakeAccount, __init__=with_known_id)
    put_in(OrganizationsBackend, list_accounts=listed_for_the_management_account)
    FakeDelegatedAdministrator.SUPPORTED_SERVICES.append(CLOUDTRAIL)


def management_of(account_id: str, *, delegated: bool = False) -> str:
    """The management account of a member's organisation; "" if it has none or is no delegated administrator."""
    owner, partition = organizations_backends.master_accounts.get(account_id, ("", ""))
    if not owner or not delegated:
        return owner
    admins = organizations_backends[owner][partition].admins
    return owner if any(one.account.id == account_id and CLOUDTRAIL in one.services for one in admins) else ""


def nearer_trails() -> None:
    """Members see the organisation's trails; absent settings are left out; the flag of selectors is kept."""
    describe_trails, description = CloudTrailBackend.describe_trails, Trail.description

    def with_the_organizations(self: Any, include_shadow_trails: bool) -> list[Trail]:
        trails = list(describe_trails(self, include_shadow_trails))
        owner = management_of(self.account_id)
        if include_shadow_trails and owner:
            for backend in cloudtrail_backends[owner].values():
                trails += [
                    trail
                    for trail in backend.trails.values()
                    if trail.is_org_trail and (trail.is_multi_region or trail.region_name == self.region_name)
                ]
        return trails

    def as_configured(self: Trail, include_region: bool = False) -> dict[str, Any]:
        custom = bool(self.event_selectors or self.advanced_event_selectors)
        settings = description(self, include_region) | {"HasCustomEventSelectors": custom}
        return {name: value for name, value in settings.items() if value not in (None, "")}

    put_in(CloudTrailBackend, describe_trails=with_the_organizations)
    put_in(Trail, description=as_configured)


def nearer_organization_trails() -> None:
    """What a delegated administrator makes belongs to the management account, whose id its ARN carries.

    The log group stays the maker's. Members and outsiders are refused, as CloudTrail does.
    """
    create_trail, get_trail = CloudTrailBackend.create_trail, CloudTrailBackend.get_trail

    def for_the_management_account(self: Any, *settings: Any) -> Trail:
        named = inspect.signature(create_trail).bind(self, *settings).arguments
        if named["is_org_trail"] and organizations_backends[self.account_id]["aws"].org is None:
            owner = management_of(self.account_id, delegated=True)
            if not owner:
                raise JsonRESTError(
                    "NotOrganizationMasterAccountException",
                    "The request was made by neither the management account nor a delegated administrator.",
                )
            return create_trail(cloudtrail_backends[owner][self.region_name], *settings)
        return create_trail(self, *settings)

    def or_the_organizations(self: Any, name_or_arn: str) -> Trail:
        owner = management_of(self.account_id, delegated=True)
        if owner and f":{owner}:trail/" in name_or_arn:
            return get_trail(cloudtrail_backends[owner][self.region_name], name_or_arn)
        return get_trail(self, name_or_arn)

    put_in(CloudTrailBackend, create_trail=for_the_management_account, get_trail=or_the_organizations)


def nearer_trail_details() -> None:
    """A trail without selectors has AWS's default one; the status tells of delivery to CloudWatch Logs."""
    get_selectors, answer = Trail.get_event_selectors, CloudTrailResponse.get_event_selectors

    def or_the_default(self: Trail) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        basic, advanced = get_selectors(self)
        if not basic and not advanced:
            basic = [
                {
                    "ReadWriteType": "All",
                    "IncludeManagementEvents": True,
                    "DataResources": [],
                    "ExcludeManagementEventSources": [],
                }
            ]
        return basic, advanced

    def one_kind_only(self: CloudTrailResponse) -> str:
        return json.dumps({name: value for name, value in json.loads(answer(self)).items() if value != []})

    def status(self: CloudTrailResponse) -> str:
        name = self._get_param("Name")
        backend = self.cloudtrail_backend
        own = [
            one for one in backend.describe_trails(include_shadow_trails=True) if one.account_id == self.current_account
        ]
        trail = next((one for one in own if name in (one.trail_name, one.arn)), None) or backend.get_trail(name)
        answer: dict[str, Any] = {"IsLogging": trail.status.is_logging}
        if trail.status.started:
            answer["StartLoggingTime"] = CONFIGURED.replace(tzinfo=UTC).timestamp()
            answer["LatestDeliveryTime"] = DELIVERED
            if trail.cw_log_group_arn:
                answer["LatestCloudWatchLogsDeliveryTime"] = DELIVERED
        return json.dumps(answer)

    put_in(Trail, get_event_selectors=or_the_default)
    put_in(CloudTrailResponse, get_event_selectors=one_kind_only, get_trail_status=status)


def nearer_metric_filters() -> None:
    """put-metric-filter needs its group and replaces the filter of that name; groups count their filters."""
    put, describe = LogsBackend.put_metric_filter, LogGroup.to_describe_dict
    created = int(CONFIGURED.replace(tzinfo=UTC).timestamp() * 1000)

    def in_a_group_that_exists(
        self: LogsBackend, filter_name: str, filter_pattern: str, log_group_name: str, metric_transformations: Any
    ) -> None:
        if log_group_name not in self.groups:
            raise ResourceNotFoundException
        put(self, filter_name, filter_pattern, log_group_name, metric_transformations)

    def replace(
        self: MetricFilters, filter_name: str, filter_pattern: str, log_group_name: str, transformations: Any
    ) -> None:
        delete(self, filter_name, log_group_name)
        self.metric_filters.append(
            {
                "filterName": filter_name,
                "filterPattern": filter_pattern,
                "metricTransformations": transformations,
                "creationTime": created,
                "logGroupName": log_group_name,
                "applyOnTransformedLogs": False,
            }
        )

    def delete(
        self: MetricFilters, filter_name: str | None = None, log_group_name: str | None = None
    ) -> list[dict[str, Any]]:
        self.metric_filters[:] = [
            known
            for known in self.metric_filters
            if (known["filterName"], known["logGroupName"]) != (filter_name, log_group_name)
        ]
        return self.metric_filters

    def counted(self: LogGroup) -> dict[str, Any]:
        filters = logs_backends[self.account_id][self.region].filters
        own = [known for known in filters.metric_filters if known["logGroupName"] == self.name]
        return describe(self) | {"metricFilterCount": len(own), "logGroupClass": "STANDARD"}

    put_in(LogsBackend, put_metric_filter=in_a_group_that_exists)
    put_in(MetricFilters, add_filter=replace, delete_filter=delete)
    put_in(LogGroup, to_describe_dict=counted)


def nearer_alarms() -> None:
    """Composite alarms; describe-alarms shows the types asked for, metric alarms alone by default; no mute rules."""
    describe = CloudWatchResponse.describe_alarms

    def by_type(self: CloudWatchResponse) -> Any:
        answer: Any = describe(self)
        kinds = self._get_param("AlarmTypes") or ["MetricAlarm"]
        for kind, member in (("MetricAlarm", "MetricAlarms"), ("CompositeAlarm", "CompositeAlarms")):
            found = answer.result[member] if kind in kinds else []
            for alarm in found:
                alarm.state_transitioned_timestamp = alarm.state_updated_timestamp
                # AWS leaves out what a plain alarm does not have; moto prints it empty
                alarm.metric_data_queries = alarm.metric_data_queries or None
                alarm.state_reason_data = None
            answer.result[member] = found
        if "LogAlarm" in kinds:
            answer.result["LogAlarms"] = []
        return answer

    def no_mute_rules(self: CloudWatchResponse) -> ActionResult:
        return ActionResult({"AlarmMuteRuleSummaries": []})

    put_in(CloudWatchResponse, put_composite_alarm=CloudWatchResponse.put_metric_alarm, describe_alarms=by_type)
    put_in(CloudWatchResponse, list_alarm_mute_rules=no_mute_rules)


class AuthorizationError(SNSException):
    """What SNS answers to an account that the topic's policy does not let in."""

    code = "AuthorizationError"


def nearer_regions() -> None:
    """describe-regions shows those with the opt-in status asked for: scanners leave out what is not opted in."""
    describe = AvailabilityZonesAndRegions.describe_regions

    def by_status(self: AvailabilityZonesAndRegions) -> Any:
        answer: Any = describe(self)
        wanted = self._filters_from_querystring().get("opt-in-status")
        if wanted:
            answer.result["Regions"] = [one for one in answer.result["Regions"] if one.opt_in_status in wanted]
        return answer

    put_in(AvailabilityZonesAndRegions, describe_regions=by_status)


def nearer_subscriptions() -> None:
    """E-mail and HTTP endpoints wait for confirmation; another account's topic is refused; ids stay the same.

    ``confirm-subscription`` takes the endpoint itself as token: what its owner would find in the message.
    """
    subscribe = SNSBackend.subscribe

    def waiting_for_its_owner(self: SNSBackend, topic_arn: str, endpoint: str, protocol: str) -> Subscription:
        known = self._find_subscription(topic_arn, endpoint, protocol)
        if known is not None:
            return known
        subscription = subscribe(self, topic_arn, endpoint, protocol)
        del self.subscriptions[subscription.arn]
        name = uuid.uuid5(uuid.NAMESPACE_URL, f"{topic_arn} {protocol} {endpoint}")
        subscription.arn = subscription.attributes["SubscriptionArn"] = f"{topic_arn}:{name}"
        self.subscriptions[subscription.arn] = subscription
        if protocol in WAITS_FOR_ITS_OWNER:
            subscription.arn = "PendingConfirmation"
        return subscription

    def by_topic(self: SNSBackend, topic_arn: str, next_token: str | None = None) -> Any:
        if topic_arn.split(":")[4] != self.account_id:
            raise AuthorizationError(
                f"User is not authorized to perform: SNS:ListSubscriptionsByTopic on resource: {topic_arn}"
            )
        found = self._get_topic_subscriptions(self.get_topic(topic_arn))
        return self._get_values_nexttoken(
            OrderedDict((str(number), one) for number, one in enumerate(found)), next_token
        )

    def confirm(self: SNSResponse) -> Any:
        topic_arn, token = self._get_param("TopicArn"), self._get_param("Token")
        answer: Any = confirmed(self)
        for arn, subscription in self.backend.subscriptions.items():
            if (subscription.topic_arn, subscription.endpoint) == (topic_arn, token):
                subscription.arn = arn
                answer.result["SubscriptionArn"] = arn
        return answer

    confirmed = SNSResponse.confirm_subscription
    put_in(SNSBackend, subscribe=waiting_for_its_owner, list_subscriptions_by_topic=by_topic)
    put_in(SNSResponse, confirm_subscription=confirm)


def nearer_topics() -> None:
    """A topic counts its subscriptions; attributes that are not set are left out."""
    attributes = SNSResponse.get_topic_attributes

    def counted(self: SNSResponse) -> Any:
        topic = self.backend.get_topic(self._get_param("TopicArn"))
        found = self.backend._get_topic_subscriptions(topic)
        pending = [subscription for subscription in found if subscription.arn == "PendingConfirmation"]
        topic.subscriptions_pending = len(pending)
        topic.subscriptions_confimed = len(found) - len(pending)
        answer: Any = attributes(self)
        if not topic.delivery_policy:
            del answer.result["Attributes"]["DeliveryPolicy"]
        return answer

    put_in(SNSResponse, get_topic_attributes=counted)


def main() -> None:
    """Serve until standard input ends, so that the emulator never outlives the program that started it."""
    options = argparse.ArgumentParser(description="A local AWS for samples and tests.")
    options.add_argument(
        "--organization", nargs=3, action="append", default=[], metavar=("MANAGEMENT", "ID", "ADDRESS"),
        help="id of the organisation that this management account makes, and the account's address",
    )  # fmt: skip
    options.add_argument(
        "--account", nargs=2, action="append", default=[], metavar=("NAME", "ID"), help="id that NAME will get"
    )
    chosen = options.parse_args()
    still_clock()
    organizations = {account_id: (organization, address) for account_id, organization, address in chosen.organization}
    nearer_organizations(organizations, dict(chosen.account))
    nearer_trails()
    nearer_organization_trails()
    nearer_trail_details()
    nearer_metric_filters()
    nearer_alarms()
    nearer_regions()
    nearer_subscriptions()
    nearer_topics()
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    print(f"http://127.0.0.1:{port}", flush=True)
    sys.stdin.read()
    os._exit(0)  # nothing is kept: to stop the server and take everything down takes seconds


if __name__ == "__main__":
    main()
