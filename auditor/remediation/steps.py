"""What to do about findings that fail, in the three ways of the founding rule: console, AWS CLI, Terraform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from itertools import groupby

from auditor.catalogue import Control
from auditor.remediation.names import ChainNames
from auditor.remediation.plan import Plan, Step, plan, steps_in_order
from auditor.remediation.policy import policy
from auditor.remediation.quoting import Quoted, text
from auditor.remediation.render import block
from auditor.remediation.target import AccountRegion, Target, target, usable
from auditor.result import RemediationSteps
from auditor.text import count, listing
from auditor.verdict import LINKS, Link

_ACCEPT = (
    "Every event of this control is counted. First decide whether to accept the deviation from the required pattern: "
    "record who owns it, the reason and the day on which the acceptance expires; then nothing is to be changed."
)
_ELSE = "Only if it is not accepted:"
_NAMED, _NAMED_IN_CONSOLE = 3, 40  # names of what is to be changed alike; the commands have all of them

_KEPT = {
    Link.TRAIL: ("trail", "trail_name"),
    Link.LOG_GROUP: ("log group", "log_group"),
    Link.METRIC_FILTER: ("metric filter", "filter_name"),
    Link.ALARM: ("alarm", "alarm_name"),
    Link.TOPIC: ("topic", "topic_name"),
}


@dataclass(frozen=True)
class Remedy:
    """What a finding needs: its control, the names of its chain, the links that are broken with their reason codes.

    ``accept_first``: the filter meets the objective, so that its pattern may as well stay.
    """

    control: Control
    names: ChainNames
    broken: Mapping[Link, Sequence[str]]
    accept_first: bool = False

    @cached_property
    def _usable_names(self) -> dict[str, str]:
        return usable(asdict(self.names), self.broken)

    @property
    def only_reason(self) -> str:
        """The code of the one thing that is wrong with the chain; ``""`` if there are several."""
        codes = [code for codes in self.broken.values() for code in codes]
        return codes[0] if len(codes) == 1 else ""

    @cached_property
    def chosen(self) -> Plan:
        """The steps that mend it."""
        return plan(self.broken, self._usable_names)

    @cached_property
    def aim(self) -> Target:
        """The chain that they lead to."""
        return target(self.control, self._usable_names, self.chosen.forgotten)


@dataclass(frozen=True, slots=True)
class _Part:
    """A remedy and the values that its templates are filled with."""

    remedy: Remedy
    values: dict[str, object]


def steps(remedies: Sequence[Remedy]) -> RemediationSteps:
    """The steps from the first broken link on, with the account's own names; earlier links are left as they are.

    Several remedies become one: what they share is done once, in the order of the chain; a call that takes several
    names is made once for all.
    """
    parts = _parts(remedies)
    first_broken = next(link for link in LINKS if any(link in remedy.broken for remedy in remedies))
    summary = _summary(parts, first_broken)
    accept = all(remedy.accept_first for remedy in remedies)
    comment = f"# {_ACCEPT}\n# {_ELSE}\n\n" if accept else ""
    return {
        "link": first_broken.value,
        "summary": f"{_ACCEPT} {_ELSE} {summary}" if accept else summary,
        "portal": [*([f"{_ACCEPT} {_ELSE[:-1]}, go on."] if accept else ()), *_portal(parts)],
        "cli": comment + "\n\n".join(_cli(parts)) + "\n",
        "terraform": comment + "\n\n".join(filter(None, _terraform(parts))) + "\n",
        "references": list(
            dict.fromkeys(page for remedy in remedies for step in remedy.chosen.steps for page in step.references)
        ),
    }


def _parts(remedies: Sequence[Remedy]) -> list[_Part]:
    parts = [_Part(remedy, {**_values(remedy.aim, remedy.chosen), "only": remedy.only_reason}) for remedy in remedies]
    labels: dict[object, Quoted] = {}
    enabled: dict[AccountRegion, dict[str, None]] = {}
    for part in parts:
        aim = part.remedy.aim
        shared = (aim.trail, aim.trail_name, aim.group, aim.log_group, aim.topic_arn, aim.endpoint)
        part.values["shared"] = labels.setdefault(shared, aim.label)
        if any(step.id == "alarm-enable" for step in part.remedy.chosen.steps):
            enabled.setdefault(aim.group, {})[aim.enabled_name] = None
        part.values["enabled_names"] = enabled.get(aim.group, {})
    return parts


def _values(aim: Target, chosen: Plan) -> dict[str, object]:
    values = {field.name: getattr(aim, field.name) for field in fields(aim)}
    names = ("transformation", "trail_arn", "log_group_arn", "role_arn", "role_policy_name", "topic_arn", "alarms_arn")
    values |= {name: getattr(aim, name) for name in names}
    values |= {"topic_account": aim.topic.account, "alarms_account": aim.group.account}
    values["steps"] = {step.id for step in chosen.steps}
    values["existing"] = {link.value for link in aim.existing}
    return values | {"policy": lambda name: policy(name, values)}


def _texts(parts: Sequence[_Part], kind: str) -> Iterator[tuple[Step, AccountRegion, dict[str, str]]]:
    """Per step and place the different texts of a block, each with the name of what it first changes."""
    for step in steps_in_order():
        places: dict[AccountRegion, dict[str, str]] = {}
        for part in parts:
            if step in part.remedy.chosen.steps:
                name = str(part.values[step.changes])
                template = step.terraform if kind == "terraform" else step.id
                texts = places.setdefault(part.remedy.aim.place(step.place), {})
                texts.setdefault(block(template, kind, part.values), name)
        for place, texts in places.items():
            yield step, place, texts


def _others(texts: Mapping[str, str], limit: int) -> str:
    """``4 more: a, b, c and 1 more``, ``""`` where one text says all."""
    first, *names = texts.values()
    others = [text(name) for name in dict.fromkeys(names) if name != first]
    return f"{count(len(names), 'more', 'more')}: {listing(others, limit=limit)}" if names else ""


def _summary(parts: Sequence[_Part], broken: Link) -> str:
    sentences: dict[str, None] = {}
    for _, _, texts in _texts(parts, "summary"):
        sentences[next(iter(texts))] = None
        if len(texts) > 1:
            sentences[f"Likewise {_others(texts, _NAMED)}."] = None
    kept: dict[str, None] = {}
    for link in LINKS[: LINKS.index(broken)]:
        names = dict.fromkeys(_kept(link, part.remedy.aim) for part in parts if link in part.remedy.aim.existing)
        if link in _KEPT and names:
            kind = _KEPT[link][0]
            kept[f"{kind} {text(next(iter(names)))}" if len(names) == 1 else f"{len(names)} {kind}s"] = None
    if kept:
        sentences[f"Left as found: {listing(kept)}."] = None
    return " ".join(filter(None, sentences))


def _kept(link: Link, aim: Target) -> str:
    return str(getattr(aim, _KEPT[link][1])) if link in _KEPT else ""


def _portal(parts: Sequence[_Part]) -> Iterator[str]:
    for place, group in groupby(_texts(parts, "portal"), lambda entry: entry[1]):
        yield f"Sign in to the AWS console of {_where(place)}."
        for _, _, texts in group:
            yield from next(iter(texts)).splitlines()
            if len(texts) > 1:
                yield f"Do the same for {_others(texts, _NAMED_IN_CONSOLE)}; the commands below have what differs."


def _cli(parts: Sequence[_Part]) -> Iterator[str]:
    for place, group in groupby(_texts(parts, "cli"), lambda entry: entry[1]):
        yield f"# In {_where(place)}:"
        yield from _each(group)


def _terraform(parts: Sequence[_Part]) -> Iterator[str]:
    written: set[str] = set()
    for place, group in groupby(_texts(parts, "terraform"), lambda entry: entry[1]):
        yield f"# In {_where(place)}:"
        for part in _each(group):
            if part not in written:  # several steps on one trail are one resource
                written.add(part)
                yield part


def _each(group: Iterable[tuple[Step, AccountRegion, Mapping[str, str]]]) -> Iterator[str]:
    for _, _, texts in group:
        yield from texts


def _where(place: AccountRegion) -> str:
    return f"account {text(place.account)}, region {text(place.region)}"
