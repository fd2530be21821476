"""The filter patterns of the monitoring family, as publishers print them and as people retype them.

Written down here and not taken from the catalogue, so that the samples do not follow it where it errs. Sources: CIS AWS
Foundations Benchmark 1.2.0 to 7.0.0, AWS Security Hub's CloudWatch controls, Check Point's D9.AWS.MON.23.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.emulator.watch import Watch


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of one service that a control counts; ``limited``: its published pattern asks for the service besides."""

    service: str
    names: tuple[str, ...]
    limited: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """Three spellings of a pattern that asks for more than the names of calls."""

    published: str
    unquoted: str
    retyped: str


CALLS = {
    "cloudtrail-config-changes": Calls(
        "cloudtrail", ("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging")
    ),
    "cmk-disable-or-delete": Calls("kms", ("DisableKey", "ScheduleKeyDeletion"), limited=True),
    "config-changes": Calls(
        "config",
        ("StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder"),
        limited=True,
    ),
    "iam-policy-changes": Calls(
        "iam",
        (
            "DeleteGroupPolicy", "DeleteRolePolicy", "DeleteUserPolicy", "PutGroupPolicy", "PutRolePolicy",
            "PutUserPolicy", "CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion",
            "AttachRolePolicy", "DetachRolePolicy", "AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy",
            "DetachGroupPolicy",
        ),
    ),
    "nacl-changes": Calls(
        "ec2",
        (
            "CreateNetworkAcl", "CreateNetworkAclEntry", "DeleteNetworkAcl", "DeleteNetworkAclEntry",
            "ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation",
        ),
    ),
    "network-gateway-changes": Calls(
        "ec2",
        (
            "CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway", "CreateInternetGateway",
            "DeleteInternetGateway", "DetachInternetGateway",
        ),
    ),
    "organizations-changes": Calls(
        "organizations",
        (
            "AcceptHandshake", "AttachPolicy", "CreateAccount", "CreateOrganizationalUnit", "CreatePolicy",
            "DeclineHandshake", "DeleteOrganization", "DeleteOrganizationalUnit", "DeletePolicy", "DetachPolicy",
            "DisablePolicyType", "EnablePolicyType", "InviteAccountToOrganization", "LeaveOrganization",
            "MoveAccount", "RemoveAccountFromOrganization", "UpdatePolicy", "UpdateOrganizationalUnit",
        ),
        limited=True,
    ),
    "route-table-changes": Calls(
        "ec2",
        (
            "CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation", "DeleteRouteTable",
            "DeleteRoute", "DisassociateRouteTable",
        ),
    ),
    "s3-bucket-policy-changes": Calls(
        "s3",
        (
            "PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle", "PutBucketReplication",
            "DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication",
        ),
        limited=True,
    ),
    "security-group-changes": Calls(
        "ec2",
        (
            "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress",
            "RevokeSecurityGroupEgress", "CreateSecurityGroup", "DeleteSecurityGroup", "ModifySecurityGroupRules",
        ),
    ),
    "ssm-actions": Calls(
        "ssm",
        (
            "ListCommands", "ListCommandInvocations", "SendCommand", "StartSession", "DescribeSessions",
            "GetConnectionStatus", "DescribeInstanceProperties", "DescribeInstanceInformation", "TerminateSession",
            "ResumeSession",
        ),
    ),
    "vpc-changes": Calls(
        "ec2",
        (
            "CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection", "CreateVpcPeeringConnection",
            "DeleteVpcPeeringConnection", "RejectVpcPeeringConnection", "AttachClassicLinkVpc",
            "DetachClassicLinkVpc", "DisableVpcClassicLink", "EnableVpcClassicLink",
        ),
    ),
}  # fmt: skip

TEXTS = {
    "console-auth-failures": Texts(
        '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
        '{($.eventName=ConsoleLogin)&&($.errorMessage="Failed authentication")}',
        '{ ( $.errorMessage = "Failed authentication" ) && ( $.eventName = "ConsoleLogin" ) }',
    ),
    "console-signin-without-mfa": Texts(
        '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }',
        "{($.eventName=ConsoleLogin)&&($.additionalEventData.MFAUsed!=Yes)}",
        '{ ( $.additionalEventData.MFAUsed != "Yes" ) && ( $.eventName = "ConsoleLogin" ) }',
    ),
    "root-usage": Texts(
        '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
        "{ $.userIdentity.type = Root && $.userIdentity.invokedBy NOT EXISTS && $.eventType != AwsServiceEvent }",
        '{ ( $.eventType != "AwsServiceEvent" ) && ( $.userIdentity.invokedBy NOT EXISTS )'
        ' && ( $.userIdentity.type = "Root" ) }',
    ),
    "unauthorized-api-calls": Texts(
        '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
        "{($.errorCode=*UnauthorizedOperation)||($.errorCode=AccessDenied*)}",
        '{ ( $.errorCode = "AccessDenied*" ) || ( $.errorCode = "*UnauthorizedOperation" ) }',
    ),
}

Spelling = Callable[[str], str]
"""The pattern of a control, by its id."""


def published(control: str) -> str:
    """As CIS prints it, and ssm-actions as Check Point does."""
    if control == "ssm-actions":
        return unquoted(control)
    return _spelt(CALLS[control], "{} = {}", " ") if control in CALLS else TEXTS[control].published


def unquoted(control: str) -> str:
    """Without blanks and quotation marks where none are needed."""
    return _spelt(CALLS[control], "{}={}", "") if control in CALLS else TEXTS[control].unquoted


def retyped(control: str) -> str:
    """Every value quoted, and the clauses in another order."""
    if control in TEXTS:
        return TEXTS[control].retyped
    calls = CALLS[control]
    return _spelt(replace(calls, names=calls.names[::-1]), ' {} = "{}" ', " ")


def by_service(control: str) -> str:
    """Limited to the service whose calls are meant, also where the publisher does not ask for it."""
    return _spelt(replace(CALLS[control], limited=True), "{}={}", "") if control in CALLS else published(control)


def _spelt(calls: Calls, clause: str, blank: str) -> str:
    names = f"{blank}||{blank}".join(f"({clause.format('$.eventName', name)})" for name in calls.names)
    if not calls.limited:
        return f"{{{blank}{names}{blank}}}"
    service = clause.format("$.eventSource", f"{calls.service}.amazonaws.com")
    return f"{{{blank}({service}){blank}&&{blank}({names}){blank}}}"


def all_but(control: str, *missing: str, spelling: Spelling = unquoted) -> Watch:
    """The control's filter and alarm, with some of its calls left out of the pattern."""
    pattern = spelling(control)
    for name in missing:
        joint = next(one for one in (f"||($.eventName={name})", f" || ($.eventName = {name})") if one in pattern)
        pattern = pattern.replace(joint, "")
    return Watch(control, pattern)


def family(*changes: Watch, spelling: Spelling = published, without: tuple[str, ...] = ()) -> tuple[Watch, ...]:
    """Filter and alarm of each control but ``without``, by name, as one template deploys them; ``changes`` instead."""
    deployed = {control: Watch(control, spelling(control)) for control in (*CALLS, *TEXTS) if control not in without}
    return tuple(watch for _, watch in sorted((deployed | {watch.control: watch for watch in changes}).items()))


def ssm_alone(*missing: str, **settings: Any) -> tuple[Watch, ...]:
    """The filter and alarm of ssm-actions and no others."""
    return (replace(all_but("ssm-actions", *missing), **settings),)


# CIS 1.2.0 to 4.0.1 do not know the call that changes rules in place.
SECURITY_GROUPS_TO_4_0_1 = all_but("security-group-changes", "ModifySecurityGroupRules", spelling=published)

# CIS 1.3.0 to 1.5.0: true of nearly every event, by "||" where "&&" was meant.
UNAUTHORIZED_1_4_0 = Watch(
    "unauthorized-api-calls",
    '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") || '
    '($.sourceIPAddress!="delivery.logs.amazonaws.com") || ($.eventName!="HeadBucket") }',
)
# CIS 4.0.0 and later: "&&" binds tighter, so that both conditions narrow AccessDenied* only.
UNAUTHORIZED_7_0_0 = Watch(
    "unauthorized-api-calls",
    "{ ($.errorCode =*UnauthorizedOperation) || ($.errorCode =AccessDenied*) && "
    "($.sourceIPAddress!=delivery.logs.amazonaws.com) && ($.eventName!=HeadBucket) }",
)
# CIS 1.4.0 and later offer this against false alarms; Security Hub demands it.
SIGNIN_OF_USERS = Watch(
    "console-signin-without-mfa",
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && '
    '($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
)
# CIS 3.0.0 and later, audit text: the event source binds CreateRoute only.
ROUTE_TABLES_7_0_0 = Watch(
    "route-table-changes",
    "{($.eventSource = ec2.amazonaws.com) && ($.eventName =CreateRoute) || ($.eventName = CreateRouteTable) || "
    "($.eventName =ReplaceRoute) || ($.eventName = ReplaceRouteTableAssociation) || ($.eventName= DeleteRouteTable) || "
    "($.eventName = DeleteRoute) || ($.eventName =DisassociateRouteTable) }",
)

CIS_1_2_0 = family(SECURITY_GROUPS_TO_4_0_1, without=("organizations-changes", "ssm-actions"))
CIS_1_4_0 = family(SECURITY_GROUPS_TO_4_0_1, UNAUTHORIZED_1_4_0, SIGNIN_OF_USERS, without=("ssm-actions",))
CIS_7_0_0 = family(UNAUTHORIZED_7_0_0, ROUTE_TABLES_7_0_0, spelling=unquoted, without=("ssm-actions",))


def each(watches: tuple[Watch, ...], **settings: Any) -> tuple[Watch, ...]:
    """The same with settings in common, as a parameter of the template gives them."""
    return tuple(replace(watch, **settings) for watch in watches)
