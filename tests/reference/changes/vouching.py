"""What vouches for an answer: the record of what was run, what stands beside a list, and members that AWS always
prints (X1, X3, X5, X6)."""

from __future__ import annotations

import random

from tests.reference.changes.files import recorded
from tests.reference.reading import BESIDE, PRINTED
from tests.reference.recipes import ALARMS, BY_TOPIC, FILTERS, GROUPS, TRAILS, Case, change, pick

HARMLESS = ("--output json --no-cli-pager", "--profile audit", "--page-size 50")
CUTTING = ("| jq .x", "--unknown x", "-FilterNamePrefix f", "prefix f")


@change(2)
def run_otherwise(rng: random.Random, case: Case) -> None:
    """A record of what was run: some leaves the answer whole, of the rest nobody knows (X3)."""
    recorded(rng, case)
    path = pick(rng, [p for p in sorted(case.files) if any(call in p for call in (TRAILS, FILTERS, ALARMS, GROUPS))])
    if path is None:
        return
    cutting = ("--alarm-names x",) if ALARMS in path else CUTTING
    for line in rng.choices([*HARMLESS, f"--region {path.split('/')[1]}", *cutting], k=rng.choice([1, 2])):
        if rng.random() < 0.7 or path in case.commands:
            case.words[path] = [*case.words.get(path, []), *line.split()]
        else:
            case.commands[path] = line


@change(2)
def said_beside(rng: random.Random, case: Case) -> None:
    """A member beside a list says that the call failed, or that more exists, or that all is well (X1, X5)."""
    path = pick(rng, [p for p in sorted(case.files) if any(call in p for call in (FILTERS, ALARMS, BY_TOPIC, GROUPS))])
    if path is not None and isinstance(case.files[path], dict) and case.files[path]:
        name = rng.choice(sorted(BESIDE))
        case.files[path][name] = rng.choice(rng.choice(BESIDE[name]))


@change(2)
def left_out(rng: random.Random, case: Case) -> None:
    """A member that AWS always prints was cut out of an alarm, a filter or a selector (X6), last of all."""
    case.last.append(lambda: _leave_out(random.Random(rng.random()), case))


def _leave_out(rng: random.Random, case: Case) -> None:
    selectors = [
        selector
        for path, content in sorted(case.files.items())
        if "event-selectors" in path and isinstance(content, dict)
        for selector in content.get("EventSelectors", [])
    ]
    kinds = {
        "MetricAlarms": case.alarms, "CompositeAlarms": case.composites, "metricFilters": case.filters,
        "EventSelectors": selectors,
    }  # fmt: skip
    key = rng.choice([key for key, items in kinds.items() if items] or ["metricFilters"])
    item = pick(rng, kinds[key])
    if item is not None:
        named = ("MetricName", "Namespace", "ActionsSuppressor") if key.endswith("Alarms") else ()
        for member in {rng.choice([*PRINTED[key], *named, "Dimensions", "TreatMissingData"]) for _ in range(2)}:
            item.pop(member, None)
