"""Composites up to three deep, silencers and the alarms beside (section 5)."""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence

from tests import textbook
from tests.reference.changes.filters import publisher
from tests.reference.recipes import Case, change, pick, rename


def other_alarm(rng: random.Random, case: Case, name: str) -> None:
    """Another alarm, on a filter's metric or on a service's own."""
    if any(alarm["AlarmName"] == name for alarm in case.alarms + case.composites):
        return
    alarm = textbook.alarm(case.home, case.region, name)
    alarm["AlarmActions"] = []
    alarm["MetricName"] = f"Q-{name}"
    alarm["TreatMissingData"] = rng.choice(["notBreaching", "notBreaching", "missing", "breaching", "ignore"])
    alarm["StateValue"] = rng.choice(["OK", "OK", "OK", "ALARM", "INSUFFICIENT_DATA"])
    if rng.random() < 0.5:
        publisher(rng, case, f"Q-{name}")
    case.alarms.append(alarm)


def rule(rng: random.Random, names: Sequence[str], depth: int) -> str:
    """A rule over ``names``."""
    if depth == 0 or rng.random() < 0.4:
        state = rng.choice(["ALARM", "ALARM", "OK", "INSUFFICIENT_DATA"])
        name = rng.choice(names)
        return f"{'NOT ' if rng.random() < 0.3 else ''}{state}({rng.choice([name, chr(34) + name + chr(34)])})"
    if rng.random() < 0.15 and len(names) > 1:
        children = rng.sample(list(names), min(len(names), 3))
        return f"AT_LEAST({rng.choice(['1', '2', '50%'])}, {rng.choice(['ALARM', 'NOT OK'])}, ({', '.join(children)}))"
    joint = rng.choice([" AND ", " OR "])
    return "(" + joint.join(rule(rng, names, depth - 1) for _ in range(2)) + ")"


@change(5)
def composite(rng: random.Random, case: Case) -> None:
    """Composites up to three deep carry the action in place of the metric alarm."""
    alarm = pick(rng, case.alarms)
    if alarm is None or case.composites:
        return
    own = alarm["AlarmName"]
    others = ["b", "d"][: rng.choice([0, 1, 1, 2])]
    for name in others:
        other_alarm(rng, case, name)
    made: list[str] = []
    actions = list(alarm.get("AlarmActions", []))
    if rng.random() < 0.85:
        alarm["AlarmActions"] = []
    depth = rng.choice([1, 1, 2, 3])
    for level in range(depth):
        below = made[-1] if made else own
        form = rng.randrange(7)
        pool = [*others, *made[:-1]] or [below]
        if form == 0:
            text = f"ALARM({below})"
        elif form == 1:
            text = f'ALARM("{below}") OR {rule(rng, pool, 1)}'
        elif form == 2:
            text = f"ALARM({below}) AND NOT {rule(rng, pool, 0).removeprefix('NOT ')}"
        elif form == 3:
            text = f"ALARM({below}) AND ({rule(rng, pool, 1)})"
        elif form == 4:
            text = f"NOT OK({below})"
        elif form == 5:
            text = rule(rng, [below, *others], 2)
        else:
            text = f"ALARM(arn:aws:cloudwatch:{case.region}:{case.home}:alarm:{below})"
        name = f"c{level}"
        made.append(name)
        case.composites.append(
            {
                "AlarmName": name,
                "AlarmArn": f"arn:aws:cloudwatch:{case.region}:{case.home}:alarm:{name}",
                "AlarmRule": text,
                "ActionsEnabled": True,
                "AlarmActions": actions if level == depth - 1 else [],
                "OKActions": [],
                "InsufficientDataActions": [],
                "StateValue": "OK",
            }
        )
    last = case.composites[-1]
    if rng.random() < 0.15 and others:
        last["ActionsSuppressor"] = rng.choice(
            [*others, f"arn:aws:cloudwatch:{case.region}:{case.home}:alarm:{others[0]}"]
        )
        last["ActionsSuppressorWaitPeriod"] = last["ActionsSuppressorExtensionPeriod"] = 60
        if rng.random() < 0.3:
            last["ActionsSuppressedBy"] = "Alarm"
    if rng.random() < 0.06:
        case.composites[0]["AlarmRule"] += f" OR ALARM({made[-1]})"
    if rng.random() < 0.1:
        gone = pick(rng, [a for a in case.alarms if a["AlarmName"] in others])
        if gone is not None:
            case.alarms.remove(gone)


@change(2)
def silencer(rng: random.Random, case: Case) -> None:
    """A maintenance alarm or composite that silences (C5)."""
    if not case.composites:
        composite(rng, case)
    target = pick(rng, case.composites)
    if target is None or any(c["AlarmName"] == "m" for c in case.composites):
        return
    other_alarm(rng, case, "b")
    other_alarm(rng, case, "d")
    deep = rng.random() < 0.5
    if deep:
        silent = copy.deepcopy(target)
        rename(case, silent, "m")
        silent["AlarmActions"] = []
        silent.pop("ActionsSuppressor", None)
        silent["AlarmRule"] = rule(rng, ["b", "d"], 1)
        case.composites.append(silent)
    name = "m" if deep else "b"
    if rng.random() < 0.3:
        target["ActionsSuppressor"] = name
    else:
        target["AlarmRule"] = f"({target['AlarmRule']}) AND NOT ALARM({name})"


@change()
def composites_asked(rng: random.Random, case: Case) -> None:
    """A composite of somebody else shows that composites were asked for (C1)."""
    if not any(c["AlarmName"] == "unrelated" for c in case.composites) and case.alarms:
        other_alarm(rng, case, "b")
        case.composites.append(
            {
                "AlarmName": "unrelated",
                "AlarmArn": f"arn:aws:cloudwatch:{case.region}:{case.home}:alarm:unrelated",
                "AlarmRule": "ALARM(b)",
                "ActionsEnabled": True,
                "AlarmActions": [],
                "OKActions": [],
                "InsufficientDataActions": [],
                "StateValue": "OK",
            }
        )
