"""Changes to subscriptions (section 7)."""

from __future__ import annotations

import json
import random

from tests.reference.recipes import BY_TOPIC, Case, change


@change(3)
def subscriptions(rng: random.Random, case: Case) -> None:
    arn = case.topic()
    parts = arn.split(":")
    path = case.path(BY_TOPIC, parts[5], parts[4], parts[3])
    content = case.files.get(path)
    if not isinstance(content, dict) or "Subscriptions" not in content:
        return
    items = content["Subscriptions"]
    kind = rng.randrange(6)
    if kind == 0 and items:
        items[0]["SubscriptionArn"] = rng.choice(["PendingConfirmation", "Deleted", "Something"])
    elif kind == 1:
        content["Subscriptions"] = []
    elif kind == 2:
        del case.files[path]
        case.put("sns-list-subscriptions", {"Subscriptions": items}, "", parts[4], parts[3])
    elif kind == 3 and items and items[0]["SubscriptionArn"].startswith("arn:"):
        policy = rng.choice(
            [
                ({"NewStateValue": ["OK"]}, "MessageBody"),
                ({"NewStateValue": ["ALARM"]}, "MessageBody"),
                ({"kind": ["x"]}, "MessageAttributes"),
                ({"kind": [{"exists": False}]}, "MessageAttributes"),
                ({"kind": ["x"]}, None),
            ]
        )
        attributes = dict(items[0]) | {"PendingConfirmation": "false", "FilterPolicy": json.dumps(policy[0])}
        if policy[1]:
            attributes["FilterPolicyScope"] = policy[1]
        case.put(
            "sns-get-subscription-attributes",
            {"Attributes": attributes},
            items[0]["SubscriptionArn"].rpartition(":")[2],
            parts[4],
            parts[3],
        )
    elif kind == 4 and items:
        items.append(dict(items[0]) | {"SubscriptionArn": "PendingConfirmation", "Endpoint": "b@example.com"})
    elif kind == 5 and items:
        items[0]["Protocol"] = rng.choice(["sqs", "lambda", "https"])
