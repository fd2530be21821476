"""Ordinary events of a trail, which come in nearly every minute (V4), in the kinds that patterns may tell apart.

What they hold: CloudTrail record contents, CloudTrail userIdentity element, Insights and console sign-in left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from string import ascii_letters, digits

# Endings tell nothing; what a call does stands in front.
_NAMES = {
    True: ("DescribeOrdinary", "GetOrdinary", "ListOrdinary"),
    False: ("Ordinary", "CreateOrdinary", "DeleteOrdinary", "PutOrdinary", "UpdateOrdinary"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """What events of any kind have: whose, where, in which version of CloudTrail's records, when, and if they read.

    ``source`` and ``names``: what is called; without names calls of every service are.
    """

    account: str
    region: str
    version: str
    moment: str
    read_only: bool = True
    partition: str = "aws"
    source: str = "ordinary.amazonaws.com"
    names: tuple[str, ...] = ()

    @property
    def called(self) -> tuple[str, ...]:
        """The names of what is called."""
        return self.names or _NAMES[self.read_only]


Members = Mapping[str, object]
Kind = Callable[[Call], Members]
"""The members in which events of a kind differ from a plain call."""

MOMENTS = (
    "2026-05-17T09:24:38Z", "2024-02-29T23:59:59Z", "2025-12-31T00:40:07Z", "2027-03-08T12:00:00Z",
    "2028-10-26T18:31:42Z", "2029-07-14T05:13:21Z", "2031-11-03T15:46:55Z", "2033-08-22T21:07:16Z",
)  # fmt: skip
"""When events happen: no two of them in one year, month, day, hour, minute or second."""


class Share(Enum):
    """How many of some events a filter counts."""

    ALL = "all"
    MOST = "most"
    FEW = "few"

    @staticmethod
    def of(counted: Sequence[bool]) -> Share:
        """``MOST`` is more than half, as of a letter that most names have."""
        if all(counted):
            return Share.ALL
        return Share.MOST if 2 * sum(counted) > len(counted) else Share.FEW


def ordinary_events(kind: Kind, call: Call) -> Iterator[dict[str, object]]:
    """Calls of a kind that succeeded, in words that no pattern names but for those of ``call``."""
    members = kind(call)
    for name in call.called:
        yield {
            "eventVersion": call.version,
            "userIdentity": _role(call),
            "eventTime": call.moment,
            "eventSource": call.source,
            "eventName": name,
            "awsRegion": call.region,
            "sourceIPAddress": "192.0.2.1",
            "userAgent": "ordinary",
            "requestParameters": None,
            "responseElements": None,
            "requestID": "00000000-0000-0000-0000-000000000000",
            "eventID": "00000000-0000-0000-0000-000000000000",
            "readOnly": call.read_only,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": call.account,
            "eventCategory": "Management",
            **members,
        }


def _role(call: Call, **attributes: str) -> dict[str, object]:
    """Who called: a role's session, which always has the role and a temporary key."""
    return {
        "type": "AssumedRole",
        "principalId": "AROAORDINARY:ordinary",
        "arn": f"arn:{call.partition}:sts::{call.account}:assumed-role/ordinary/ordinary",
        "accountId": call.account,
        "accessKeyId": "ASIAORDINARY",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAORDINARY",
                "arn": f"arn:{call.partition}:iam::{call.account}:role/ordinary",
                "accountId": call.account,
                "userName": "ordinary",
            },
            "attributes": {"creationDate": call.moment, "mfaAuthenticated": "false", **attributes},
        },
    }


def _plain(call: Call) -> Members:
    return {}


def _full(call: Call) -> Members:
    """Every optional member of a signed call, as SDKs make it."""
    return {
        "sourceIPAddress": "203.0.113.99",
        "userAgent": "Boto3/1.40.0 md/Botocore#1.40.0 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.11.0",
        "requestParameters": {"ordinary": "ordinary"},
        "responseElements": None if call.read_only else {"ordinary": "ordinary"},
        "additionalEventData": {"SignatureVersion": "SigV4", "ordinary": "ordinary"},
        "resources": [
            {
                "ARN": f"arn:{call.partition}:ordinary:::{call.account}",
                "accountId": call.account,
                "type": "AWS::Ordinary::Ordinary",
            }
        ],
        "requestID": "ffffffff-ffff-4fff-bfff-ffffffffffff",
        "eventID": "ffffffff-ffff-4fff-bfff-ffffffffffff",
        "apiVersion": "2016-11-15",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": "ordinary.amazonaws.com",
        },
    }


def _by_agent(agent: str) -> Kind:
    def of_agent(call: Call) -> Members:
        return {"userAgent": agent}

    return of_agent


def _of_user(call: Call) -> Members:
    """A user with a key that lasts."""
    user = {
        "type": "IAMUser",
        "principalId": "AIDAORDINARY",
        "arn": f"arn:{call.partition}:iam::{call.account}:user/ordinary",
        "accountId": call.account,
        "accessKeyId": "AKIAORDINARY",
        "userName": "ordinary",
    }
    return {**_full(call), "userIdentity": user}


def _in_console(call: Call) -> Members:
    return {
        "userIdentity": _role(call, mfaAuthenticated="true"),
        "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
        "sessionCredentialFromConsole": "true",
    }


def _of_workload(call: Call) -> Members:
    """What runs on an instance, in a cluster or a function calls with its role."""
    identity = _role(call)
    session = identity["sessionContext"]
    assert isinstance(session, dict)
    federation = {
        "federatedProvider": "arn:aws:iam::aws:oidc-provider/ordinary",
        "attributes": {"ordinary": "ordinary"},
    }
    further = {"ec2RoleDelivery": "2.0", "sourceIdentity": "ordinary", "webIdFederationData": federation}
    scope = {
        "issuerType": "AWS::Ordinary::Thing",
        "credentialsIssuedTo": f"arn:{call.partition}:ordinary::{call.account}:a",
    }
    identity |= {"sessionContext": {**session, **further}, "inScopeOf": scope}
    return {**_full(call), "userIdentity": identity}


def _through_endpoint(call: Call) -> Members:
    endpoint = {"vpcEndpointId": "vpce-0", "vpcEndpointAccountId": call.account, "sourceIPAddress": "10.0.0.1"}
    return {**_full(call), **endpoint}


def _for_user(call: Call) -> Members:
    """What a service does with the role of its user."""
    service = "ordinary.amazonaws.com"
    identity = {**_role(call), "invokedBy": service}
    return {"userIdentity": identity, "sourceIPAddress": service, "userAgent": service}


def _by_service(call: Call) -> Members:
    """What a service does by itself, as it takes on a role: nobody's key, one record for both accounts."""
    service = "ordinary.amazonaws.com"
    return {
        **{key: value for key, value in _full(call).items() if key != "tlsDetails"},
        "userIdentity": {"type": "AWSService", "invokedBy": service},
        "sourceIPAddress": service,
        "userAgent": service,
        "sharedEventID": "00000000-0000-0000-0000-000000000000",
    }


def _of_service(call: Call) -> Members:
    """What befalls a service, without a call."""
    service = "ordinary.amazonaws.com"
    identity = {"accountId": call.account, "invokedBy": service}
    return {
        "userIdentity": identity,
        "sourceIPAddress": service,
        "userAgent": service,
        "eventType": "AwsServiceEvent",
        "serviceEventDetails": {"ordinary": "ordinary"},
    }


def _spelt_out(call: Call) -> Members:
    """A call whose names and numbers, which vary from call to call, have every letter and digit."""
    number, name = "01234567-89ab-4cde-bf01-23456789abcd", ".".join(ascii_letters + digits)
    session = {**_role(call), "arn": f"arn:{call.partition}:sts::{call.account}:assumed-role/{name}/{name}"}
    context = session["sessionContext"]
    assert isinstance(context, dict)
    issuer = {
        **context["sessionIssuer"],
        "arn": f"arn:{call.partition}:iam::{call.account}:role/{name}",
        "userName": name,
    }
    identity = {**session, "sessionContext": {**context, "sessionIssuer": issuer}}
    return {**_full(call), "userIdentity": identity, "eventID": number, "requestID": number}


def of_data(call: Call) -> Members:
    """A data event, where selectors take them."""
    thing = {"ARN": f"arn:{call.partition}:s3:::ordinary/ordinary", "type": "AWS::S3::Object"}
    return {**_full(call), "eventCategory": "Data", "managementEvent": False, "resources": [thing]}


USUAL: tuple[Kind, ...] = (_plain, _full)
"""Calls by roles, with as few members as may be and with all: who counts both counts nearly everything."""

FURTHER: tuple[Kind, ...] = (
    _by_agent("aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.1 exec-env/CloudShell"),
    _by_agent("aws-sdk-go-v2/1.39.0 ua/2.1 os/linux lang/go#1.25.0 md/GOARCH#amd64"),
    _by_agent("AWS Internal"),
    _of_user,
    _in_console,
    _of_workload,
    _through_endpoint,
    _for_user,
    _by_service,
    _of_service,
    _spelt_out,
)
"""Kinds of calls of which an account may have hardly any, or little else."""


@cache
def telling_members() -> Mapping[str, frozenset[str]]:
    """Names of the members in which ordinary events differ, by the member of ``Call`` in which their calls do."""
    call = Call("0", "a", "0", MOMENTS[0])
    others = {
        "account": replace(call, account="1"),
        "region": replace(call, region="b"),
        "version": replace(call, version="1"),
        "moment": replace(call, moment=MOMENTS[1]),
        "partition": replace(call, partition="other"),
    }

    def members(of: Call) -> list[tuple[str, object]]:
        calls = ((kind, replace(of, read_only=reads)) for kind in (*USUAL, *FURTHER) for reads in (True, False))
        events = (event for kind, each in calls for event in ordinary_events(kind, each))
        return [member for event in events for member in _members(event)]

    def differing(other: Call) -> frozenset[str]:
        pairs = zip(members(call), members(other), strict=True)
        return frozenset(name for (name, first), (_, second) in pairs if first != second)

    return {field: differing(other) for field, other in others.items()}


def _members(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Whatever is no object or array in an event, with the name of the member in which it stands."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from _members(member, key)
    elif isinstance(value, list):
        for item in value:
            yield from _members(item, name)
    else:
        yield name, value
