"""Ordinary events of a trail, which come in nearly every minute (V4), in the kinds that patterns may tell apart.

What they hold: CloudTrail record contents, CloudTrail userIdentity element, Insights and console sign-in left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache

Members = Mapping[str, object]
Kind = Callable[[str, bool], Members]
"""The members in which events of a kind differ from a plain call, by their account and whether they read."""

# Endings tell nothing; what a call does stands in front.
_NAMES = {
    True: ("DescribeOrdinary", "GetOrdinary", "ListOrdinary"),
    False: ("Ordinary", "CreateOrdinary", "DeleteOrdinary", "PutOrdinary", "UpdateOrdinary"),
}


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


def ordinary_events(
    kind: Kind, read_only: bool, account: str, region: str, version: str
) -> Iterator[dict[str, object]]:
    """Calls of a kind that succeeded, in words that no pattern names but for the account and the region."""
    members = kind(account, read_only)
    for name in _NAMES[read_only]:
        yield {
            "eventVersion": version,
            "userIdentity": _role(account),
            "eventTime": "2026-01-01T00:00:00Z",
            "eventSource": "ordinary.amazonaws.com",
            "eventName": name,
            "awsRegion": region,
            "sourceIPAddress": "192.0.2.1",
            "userAgent": "ordinary",
            "requestParameters": None,
            "responseElements": None,
            "requestID": "00000000-0000-0000-0000-000000000000",
            "eventID": "00000000-0000-0000-0000-000000000000",
            "readOnly": read_only,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": account,
            "eventCategory": "Management",
            **members,
        }


def _role(account: str, **attributes: str) -> dict[str, object]:
    """Who called: a role's session, which always has the role and a temporary key."""
    return {
        "type": "AssumedRole",
        "principalId": "AROAORDINARY:ordinary",
        "arn": f"arn:aws:sts::{account}:assumed-role/ordinary/ordinary",
        "accountId": account,
        "accessKeyId": "ASIAORDINARY",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAORDINARY",
                "arn": f"arn:aws:iam::{account}:role/ordinary",
                "accountId": account,
                "userName": "ordinary",
            },
            "attributes": {"creationDate": "2026-01-01T00:00:00Z", "mfaAuthenticated": "false", **attributes},
        },
    }


def _plain(account: str, read_only: bool) -> Members:
    return {}


def _full(account: str, read_only: bool) -> Members:
    """Every optional member of a signed call, as SDKs make it."""
    return {
        "sourceIPAddress": "203.0.113.99",
        "userAgent": "Boto3/1.40.0 md/Botocore#1.40.0 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.11.0",
        "requestParameters": {"ordinary": "ordinary"},
        "responseElements": None if read_only else {"ordinary": "ordinary"},
        "additionalEventData": {"SignatureVersion": "SigV4", "ordinary": "ordinary"},
        "resources": [
            {"ARN": f"arn:aws:ordinary:::{account}", "accountId": account, "type": "AWS::Ordinary::Ordinary"}
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
    def of_agent(account: str, read_only: bool) -> Members:
        return {"userAgent": agent}

    return of_agent


def _of_user(account: str, read_only: bool) -> Members:
    """A user with a key that lasts."""
    user = {
        "type": "IAMUser",
        "principalId": "AIDAORDINARY",
        "arn": f"arn:aws:iam::{account}:user/ordinary",
        "accountId": account,
        "accessKeyId": "AKIAORDINARY",
        "userName": "ordinary",
    }
    return {**_full(account, read_only), "userIdentity": user}


def _in_console(account: str, read_only: bool) -> Members:
    return {
        "userIdentity": _role(account, mfaAuthenticated="true"),
        "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
        "sessionCredentialFromConsole": "true",
    }


def _of_workload(account: str, read_only: bool) -> Members:
    """What runs on an instance, in a cluster or a function calls with its role."""
    identity = _role(account)
    session = identity["sessionContext"]
    assert isinstance(session, dict)
    federation = {
        "federatedProvider": "arn:aws:iam::aws:oidc-provider/ordinary",
        "attributes": {"ordinary": "ordinary"},
    }
    further = {"ec2RoleDelivery": "2.0", "sourceIdentity": "ordinary", "webIdFederationData": federation}
    scope = {"issuerType": "AWS::Ordinary::Thing", "credentialsIssuedTo": f"arn:aws:ordinary::{account}:a"}
    identity |= {"sessionContext": {**session, **further}, "inScopeOf": scope}
    return {**_full(account, read_only), "userIdentity": identity}


def _through_endpoint(account: str, read_only: bool) -> Members:
    endpoint = {"vpcEndpointId": "vpce-0", "vpcEndpointAccountId": account, "sourceIPAddress": "10.0.0.1"}
    return {**_full(account, read_only), **endpoint}


def _for_user(account: str, read_only: bool) -> Members:
    """What a service does with the role of its user."""
    service = "ordinary.amazonaws.com"
    identity = {**_role(account), "invokedBy": service}
    return {"userIdentity": identity, "sourceIPAddress": service, "userAgent": service}


def _by_service(account: str, read_only: bool) -> Members:
    """What a service does by itself, as it takes on a role: nobody's key, one record for both accounts."""
    service = "ordinary.amazonaws.com"
    return {
        **{key: value for key, value in _full(account, read_only).items() if key != "tlsDetails"},
        "userIdentity": {"type": "AWSService", "invokedBy": service},
        "sourceIPAddress": service,
        "userAgent": service,
        "sharedEventID": "00000000-0000-0000-0000-000000000000",
    }


def _of_service(account: str, read_only: bool) -> Members:
    """What befalls a service, without a call."""
    service = "ordinary.amazonaws.com"
    identity = {"accountId": account, "invokedBy": service}
    return {
        "userIdentity": identity,
        "sourceIPAddress": service,
        "userAgent": service,
        "eventType": "AwsServiceEvent",
        "serviceEventDetails": {"ordinary": "ordinary"},
    }


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
)
"""Kinds of calls of which an account may have hardly any, or little else."""


@cache
def telling_members() -> tuple[frozenset[str], frozenset[str]]:
    """Names of the members in which ordinary events of two accounts differ, and those of two regions."""

    def members(account: str, region: str) -> list[tuple[str, object]]:
        kinds = ((kind, read_only) for kind in (*USUAL, *FURTHER) for read_only in (True, False))
        events = (event for kind, read_only in kinds for event in ordinary_events(kind, read_only, account, region, ""))
        return [member for event in events for member in _members(event)]

    def differing(account: str, region: str) -> frozenset[str]:
        pairs = zip(members("0", "a"), members(account, region), strict=True)
        return frozenset(name for (name, first), (_, second) in pairs if first != second)

    return differing("1", "a"), differing("0", "b")


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
