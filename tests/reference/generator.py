"""Random bundles over sections 1 to 8 of the law: a whole textbook chain, and up to four random changes to it.

A ``Recipe`` is plain data (base, changes with a seed each, arguments), so that a disagreement shrinks by leaving
changes out and is reproduced by its text. ``build`` makes the files of a recipe for given account ids.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests import textbook
from tests.reference import (
    arns,
    changes,  # noqa: F401 (each registers itself)
    composites,
)
from tests.reference.changes.files import linked_account
from tests.reference.recipes import ALARMS, BY_TOPIC, CHANGES, FILTERS, TRAILS, WEIGHTS, Case, Recipe


def _plain(rng: random.Random, case: Case) -> None:
    """One multi-region trail, filter, alarm and topic; in two partitions a single-region trail in each region."""
    single = case.recipe.base == "regions"
    for region in [case.region, case.recipe.other_region] if single else [case.region]:
        files = textbook.textbook(
            case.home,
            region,
            trails=[textbook.trail(case.home, region, IsMultiRegionTrail=not single)],
            filters=[textbook.metric_filter(case.required)],
        )
        case.files |= files
    case.alarms[0]["TreatMissingData"] = rng.choice(["notBreaching", "notBreaching", "missing"])


def _organisation(rng: random.Random, case: Case) -> None:
    """A management account with an organisation trail, and members with and without captures (T6 to T8)."""
    _plain(rng, case)
    case.trails[0]["IsOrganizationTrail"] = True
    if rng.random() < 0.1:
        case.trails[0]["IsMultiRegionTrail"] = False
    ids = list(case.accounts[: rng.choice([2, 3])])
    listed = [
        {
            "Id": account,
            "Arn": f"arn:aws:organizations::{case.home}:account/o-abcdefghij/{account}",
            "Email": f"{account}@example.com",
            "Name": f"n{account}",
            **rng.choice([{"Status": "ACTIVE"}, {"State": "ACTIVE"}, {"Status": "ACTIVE", "State": "ACTIVE"}]),
        }
        for account in ids
    ]
    if rng.random() < 0.8:
        case.put("organizations-list-accounts", {"Accounts": listed})
    if rng.random() < 0.7:
        case.put(TRAILS, {"trailList": [copy.deepcopy(case.trails[0])]}, account=case.accounts[1])
    if rng.random() < 0.3:
        case.put(FILTERS, {"metricFilters": []}, account=case.accounts[1])
        case.put(ALARMS, {"MetricAlarms": [], "CompositeAlarms": []}, account=case.accounts[1])


def _monitoring(rng: random.Random, case: Case) -> None:
    """The alarm stands in a monitoring account and names the source account (A14), or forgets to."""
    _plain(rng, case)
    other = case.accounts[1]
    alarm = textbook.alarm(other, case.region)
    alarm["TreatMissingData"] = case.alarms[0]["TreatMissingData"]
    metric = {key: alarm.pop(key) for key in ("Namespace", "MetricName", "Dimensions")}
    entry = {
        "Id": "m1",
        "MetricStat": {"Metric": metric, "Period": alarm.pop("Period"), "Stat": alarm.pop("Statistic")},
    }
    if rng.random() < 0.85:
        entry["AccountId"] = case.home
    alarm["Metrics"] = [entry]
    case.alarms.clear()
    case.put(ALARMS, {"MetricAlarms": [alarm], "CompositeAlarms": []}, account=other)
    del case.files[case.path(BY_TOPIC, "alerts")]
    case.put(BY_TOPIC, {"Subscriptions": [textbook.subscription(other, case.region)]}, "alerts", other)
    if rng.random() < 0.6:
        linked_account(rng, case)


BASES = {"plain": _plain, "regions": _plain, "organisation": _organisation, "monitoring": _monitoring}


def build(recipe: Recipe, accounts: Sequence[str]) -> dict[str, Any]:
    """The files of ``recipe`` for ``accounts`` (three ids, of which it uses the first or more)."""
    case = Case(recipe, accounts[:2] if recipe.base == "monitoring" else accounts)
    BASES[recipe.base](random.Random(recipe.seed), case)
    for name, seed in recipe.changes:
        CHANGES[name](random.Random(seed), case)
    _states(case)
    _copies(case)
    for change in case.last:
        change()
    files = case.files
    if recipe.region != "us-east-1":
        files = json.loads(json.dumps(files).replace("arn:aws:", f"arn:{arns.partition_of(recipe.region)}:"))
    if case.times:
        files = dict(files) | {"captures.json": {"captures": _record(case)}}
    return files


def _copies(case: Case) -> None:
    """A trail says the same of itself wherever it is met."""
    own = {str(trail["TrailARN"]): trail for trail in case.trails}
    for path, content in case.files.items():
        if TRAILS in path and isinstance(content, dict) and "trailList" in content:
            content["trailList"] = [copy.deepcopy(own.get(str(t["TrailARN"]), t)) for t in content["trailList"]]


def _states(case: Case) -> None:
    """Composites say in a capture what follows from the alarms below."""
    items = {str(a["AlarmName"]): a for a in case.alarms + case.composites}

    def state(name: str, above: tuple[str, ...] = ()) -> str:
        item = items.get(name)
        if item is None or name in above:
            return "OK"
        if "AlarmRule" not in item:
            return str(item.get("StateValue", "OK"))
        tree = composites.parse(str(item["AlarmRule"]))
        if tree is None:
            return "OK"
        return "ALARM" if tree.holds({child: state(child, (*above, name)) for child in tree.names}) else "OK"

    for item in case.composites:
        item["StateValue"] = state(str(item["AlarmName"]))


def _record(case: Case) -> list[dict[str, Any]]:
    entries = []
    for path in sorted(case.files):
        if path not in case.times or path.count("/") < 2:  # what lies astray has no entry
            continue
        account, region, call, *_ = path.removesuffix(".json").split("/")
        service, _, operation = call.partition(" (")[0].partition("-")
        words = [word for word in operation.split("-") if not word.isdigit()]  # a file may be a page of it
        name = "".join(word.capitalize() for word in words)
        arguments = ["--alarm-types", "MetricAlarm", "CompositeAlarm"] if call.startswith(ALARMS) and case.asked else []
        entry = {
            "file": path,
            "call": f"{service}:{name}",
            "account_id": account,
            "region": region,
            "arguments": [*arguments, *case.words.get(path, [])],
            "started_at": f"{case.times[path]}T00:00:00Z",
            "ended_at": f"{case.times[path]}T00:00:01Z",
        }
        if path in case.commands:
            entry["command"] = f"aws {service} {'-'.join(words)} {case.commands[path]}"
        if "/" in path.removeprefix(f"{account}/{region}/") and all(
            c not in path for c in ("subscription-attributes", "trail-status")
        ):
            entry["resource"] = path.rpartition("/")[2].removesuffix(".json")
        entries.append(entry)
    return entries


def random_recipe(rng: random.Random) -> Recipe:
    """A recipe for bulk runs."""
    base = rng.choices(["plain", "regions", "organisation", "monitoring"], (80, 6, 7, 7))[0]
    count = rng.choices(range(5), (8, 30, 32, 20, 10))[0]
    names = rng.choices(list(CHANGES), list(WEIGHTS.values()), k=count)
    chosen = [(name, rng.randrange(1 << 30)) for name in names]
    period = rng.random() < 0.06
    if period:
        chosen.append(("recorded", rng.randrange(1 << 30)))
    return Recipe(
        base,
        rng.randrange(1 << 30),
        tuple(chosen),
        strict=rng.random() < 0.3,
        covers=rng.random() < 0.1,
        scoped=rng.random() < 0.1,
        period=period,
    )


def recipes() -> st.SearchStrategy[Recipe]:
    """The same for hypothesis, which shrinks by leaving changes out."""
    seeds = st.integers(0, (1 << 30) - 1)
    weighted = [name for name, weight in WEIGHTS.items() for _ in range(weight)]
    return st.builds(
        Recipe,
        st.sampled_from(["plain"] * 10 + ["regions", "organisation", "monitoring"]),
        seeds,
        st.lists(st.tuples(st.sampled_from(weighted), seeds), max_size=4).map(tuple),
        strict=st.booleans(),
        covers=st.sampled_from([False, False, False, True]),
        scoped=st.sampled_from([False, False, False, True]),
        period=st.sampled_from([False, False, False, False, True]),
    )
