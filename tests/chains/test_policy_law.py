"""S5 as a law: a policy lets CloudWatch through iff it does so whatever the unseen keys are, refuses iff it never does.

The second judge (``policy_oracle``) tries out every completion of the request; policies come by the thousand.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auditor.chains.policy import Request, decide
from tests.chains.policy_oracle import allows, completions
from tests.examples import examples

TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts"
ALARM = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:a"
REQUEST = Request("sns:Publish", TOPIC, ALARM, "111122223333", "o-1")
KNOWN = {
    "aws:sourcearn": [ALARM],
    "aws:sourceaccount": ["111122223333"],
    "aws:sourceowner": ["111122223333"],
    "aws:sourceorgid": ["o-1"],
    "aws:principalisawsservice": ["true"],
    "aws:principalservicename": ["cloudwatch.amazonaws.com"],
    "aws:securetransport": ["true"],
    "aws:viaawsservice": ["false"],
}
ABSENT = ["aws:PrincipalOrgID", "aws:PrincipalTag/a", "aws:username", "aws:CalledViaFirst"]
SINGLE = ["aws:SourceVpc", "aws:UserAgent"]  # one value each, which nobody knows
MANY = ["aws:TagKeys"]  # any number of values
FOREIGN = ["aws:PrincipalAccount", "aws:PrincipalArn"]
WORDS = ["a", "b", "A"]
PATTERNS = ["a*", "*b", "?", "*"]

texts = st.sampled_from([*WORDS, "111122223333", "o-1", ALARM, ALARM.upper(), "cloudwatch.amazonaws.com", TOPIC])
patterns = st.one_of(texts, st.sampled_from([*PATTERNS, "arn:aws:cloudwatch:*:111122223333:alarm:?", "arn:*alarm*"]))
arns = st.sampled_from([ALARM, "arn:aws:cloudwatch:*:*:alarm:*", "arn:aws:cloudwatch:*:1:alarm:*", "arn:a?s:*:*:*:*"])


def several(values: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.one_of(values, st.lists(values, min_size=1, max_size=3, unique=True))


def negatable(name: str, condition: str = "") -> st.SearchStrategy[str]:
    return st.sampled_from([name, name.replace("String", "StringNot").replace("Arn", "ArnNot")]).map(
        lambda one: f"{one}{condition}"
    )


def plain(operators: list[str]) -> st.SearchStrategy[str]:
    """The operators, their negations, and both with IfExists."""
    return st.sampled_from(operators).flatmap(lambda one: st.one_of(negatable(one), negatable(one, "IfExists")))


def condition(keys: list[str], operators: st.SearchStrategy[str], values: Any) -> st.SearchStrategy[Any]:
    return st.tuples(operators, st.sampled_from(keys), values)


TEXTUAL = ["aws:SourceArn", "aws:SourceAccount", "AWS:SourceOwner", "aws:SourceOrgID", "aws:PrincipalServiceName"]
BOOLEAN = ["aws:PrincipalIsAWSService", "aws:SecureTransport", "aws:ViaAWSService"]
EXACT = [
    condition([*TEXTUAL, *ABSENT, *SINGLE, *FOREIGN], plain(["StringEquals"]), several(texts)),
    condition([*TEXTUAL, *ABSENT], plain(["StringEqualsIgnoreCase"]), several(texts)),
    condition([*TEXTUAL, *ABSENT], plain(["StringLike"]), several(patterns)),
    condition(["aws:SourceArn", *ABSENT], plain(["ArnLike", "ArnEquals"]), several(arns)),
    condition([*BOOLEAN, *ABSENT, "aws:MultiFactorAuthPresent"], st.sampled_from(["Bool", "BoolIfExists"]),
              several(st.sampled_from(["true", "false"]))),
    condition([*TEXTUAL, *BOOLEAN, *ABSENT, *SINGLE, *FOREIGN, "aws:MultiFactorAuthPresent"], st.just("Null"),
              st.sampled_from(["true", "false", ["true", "false"]])),
    condition([*TEXTUAL, *ABSENT], st.sampled_from(["ForAnyValue:StringEquals", "ForAllValues:StringEquals",
              "ForAnyValue:StringNotLike", "ForAllValues:StringNotLike"]), several(patterns)),
]  # fmt: skip
LOOSE = [
    *EXACT,
    condition(SINGLE, plain(["StringLike", "StringEqualsIgnoreCase"]), several(st.sampled_from(WORDS + PATTERNS))),
    condition(MANY, st.sampled_from(["ForAnyValue:StringEquals", "ForAllValues:StringEquals", "ForAnyValue:StringLike",
              "ForAllValues:StringNotLike", "ForAnyValue:StringNotEquals"]),
              several(st.sampled_from(WORDS + PATTERNS))),
    condition(MANY, st.just("Null"), st.sampled_from(["true", "false"])),
]  # fmt: skip


@st.composite
def statements(draw: st.DrawFn, conditions: list[st.SearchStrategy[Any]]) -> dict[str, Any]:
    """A statement; most of them speak of the request as far as principal, action and resource go."""
    found: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    service = {"Service": "cloudwatch.amazonaws.com"}
    everyone = st.sampled_from(["*", {"AWS": "*"}, service, {"AWS": ["arn:aws:iam::1:root", "*"]}])
    other = st.sampled_from([{"Service": "events.amazonaws.com"}, {"AWS": "arn:aws:iam::111122223333:root"}])
    rarely = st.sampled_from([False, False, False, True])
    for name, usual, unusual in (
        ("Principal", everyone, other),
        (
            "Action",
            st.sampled_from(["SNS:Publish", "sns:*", "*", ["sns:Subscribe", "sns:publish"]]),
            st.just("sns:Get*"),
        ),
        ("Resource", st.sampled_from([TOPIC, "*", "arn:aws:sns:*:*:a*"]), st.just(f"{TOPIC}2")),
    ):
        strange, negated = draw(rarely), draw(rarely)
        found[f"Not{name}" if negated else name] = draw(unusual if strange != negated else usual)
    for operator, key, wanted in draw(st.lists(st.one_of(conditions), max_size=3)):
        found.setdefault("Condition", {}).setdefault(operator, {})[key] = wanted
    return found


def policies(conditions: list[st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    listed = st.lists(statements(conditions), min_size=1, max_size=4)
    return listed.map(lambda found: {"Version": "2012-10-17", "Statement": found})


def answers(policy: dict[str, Any]) -> set[bool]:
    """What the second judge says of the completions of the request."""
    # Values that meet each combination of the tests above: every word, each pattern alone, several, none of them.
    words = [*WORDS, "ab", "aab", "xb", "ax", "z", "zz", "B", "Ab"]
    named = [ALARM, TOPIC, "111122223333", "o-1", "cloudwatch.amazonaws.com", ALARM.upper()]
    text = json.dumps(policy).lower()
    unseen: dict[str, list[list[str] | None]] = {}
    for key in SINGLE:
        unseen[key] = [None, *([word] for word in (*words, *named))]
    for key in MANY:
        unseen[key] = [None, *([word] for word in words), ["a", "b"], ["a", "z"], ["z", "zz"], ["a", "b", "A", "ab"]]
    for key in FOREIGN:
        unseen[key] = [None, ["a value that no customer names"]]
    unseen["aws:MultiFactorAuthPresent"] = [None, ["true"], ["false"]]
    tried = {key.lower(): values for key, values in unseen.items() if key.lower() in text}
    return {allows(policy, "sns:Publish", TOPIC, context) for context in completions(KNOWN, tried)}


def decided(answer: set[bool]) -> bool | None:
    return answer.pop() if len(answer) == 1 else None


@examples(600)
@given(policies(EXACT))
def test_s5_decides_exactly_what_every_completion_agrees_on(policy: dict[str, Any]) -> None:
    assert decide(policy, REQUEST).allowed is decided(answers(policy))


@examples(400)
@given(policies(LOOSE))
def test_s5_never_says_more_than_every_completion(policy: dict[str, Any]) -> None:
    found = decide(json.dumps(policy), REQUEST).allowed
    assert found is None or found is decided(answers(policy))


@examples(200)
@given(policies(LOOSE), st.randoms(use_true_random=False))
def test_s5_the_order_of_statements_decides_nothing(policy: dict[str, Any], random: Any) -> None:
    shuffled = list(policy["Statement"])
    random.shuffle(shuffled)
    assert decide(policy | {"Statement": shuffled}, REQUEST).allowed is decide(policy, REQUEST).allowed
