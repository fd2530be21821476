"""The registry of AWS calls: one data file each in ``evidence/calls/``. Adding a call is one file and a schema."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from auditor.evidence.item import Item
from auditor.resources import data_files

PlaceKind = Literal["account", "region", "resource"]
Occasion = Literal["always", "management", "requested"]


@dataclass(frozen=True, slots=True)
class ItemList:
    """One list of a call's answer.

    ``member`` is the top-level member that holds it; ``identity`` the members that tell two items apart;
    ``arn`` the member whose ARN tells the place (None: the content does not tell); ``own_arns`` members whose ARN names
    the item whatever other member of its identity stands beside; ``used`` the members on
    which verdicts depend (a schema violation elsewhere harms no verdict); ``volatile`` members that may
    differ between two captures of the same thing. ``agree`` are members whose text must follow a template of other
    members (``AlarmArn`` and ``arn:*:alarm:{AlarmName}``). ``growing``: a log of what happened, to which a later
    capture adds. ``asked_by``: the value of ``--alarm-types`` without which the list stays empty (rule C1).
    ``always`` are members that AWS prints of every item that has the member above them (``""``: of every one), so that
    one without them was cut; ``always_one_of`` are members of which each item has one that is not empty;
    ``always_besides`` those of which that is sure where something shows that answers were
    cut, since older exports and those of other tools may lack them (rule X6).
    """

    member: str
    identity: tuple[str, ...]
    arn: str | None
    own_arns: tuple[str, ...]
    used: tuple[str, ...]
    volatile: tuple[str, ...]
    agree: tuple[tuple[str, str], ...]
    growing: bool
    asked_by: str
    always: tuple[tuple[str, tuple[str, ...]], ...]
    always_one_of: tuple[tuple[str, ...], ...]
    always_besides: tuple[str, ...]

    def left_out(self, item: Item, *, cut: bool) -> tuple[str, ...]:
        """The members that AWS always prints and an item lacks; ``cut``: something shows that its answer was cut."""
        always = [member for above, members in self.always if above in ("", *item) for member in members]
        lacking = [member for member in (*always, *(self.always_besides if cut else ())) if member not in item]
        none_of = [" or ".join(members) for members in self.always_one_of if not any(map(item.get, members))]
        return (*none_of, *lacking)


@dataclass(frozen=True, slots=True)
class Collecting:
    """How the capture script comes to make a call.

    ``when``: in each place, in the organisation's management account alone, or only if a request asks for it. A call
    about one resource is made for each that the answers to ``named_in`` (a call id) name: ``named_by`` is the POSIX
    regular expression of the line that names one, its group the name or ARN. ``foreign``: a resource whose owner is
    out of reach is asked about nevertheless. ``instead_of``: the call is made where this one was not answered.
    ``otherwise`` is the command where the service does not know a value of the usual one, ``""`` if there is none.
    """

    when: Occasion = "always"
    named_in: str = ""
    named_by: str = ""
    foreign: bool = False
    instead_of: str = ""
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """An AWS operation whose output is evidence.

    ``id`` is ``service:Operation`` as IAM and CloudTrail spell it, ``name`` the canonical file name without
    ending, ``command`` the CLI command that captures it (``{region}``, ``{resource}`` are filled in).
    An answer is this call's if it has all of ``keys_all`` and, unless that is empty, one of ``keys_any``.
    ``place`` says what the answer speaks of: the whole account, a region, or one ``resource`` (a topic, a
    trail …). A capture without ``lists`` is one record (``members_used`` as ``used`` above,
    ``agree`` with paths such as ``Attributes/TopicArn``).
    ``resource_member`` is the path (``Attributes/TopicArn``) of the member that names the resource,
    ``telling`` one that only this call's answer has, where others have the same top-level members. ``shared``: answers
    of other AWS operations have these members, too (rule X8). ``holds`` is a text without which an answer is none of
    this call's. ``told_by``: for members of the answer the sets of members that tell what they hold from all else,
    where it stands alone (rule X3). ``put_into``: the listings (call ids) into whose items scripts put its answer, and
    the members by which such an item names what the answer is about (rule X8).
    """

    id: str
    name: str
    title: str
    command: str
    permission: str
    required: bool
    place: PlaceKind
    resource: str | None
    keys_all: frozenset[str]
    keys_any: frozenset[str]
    token: str | None
    lists: tuple[ItemList, ...]
    members_used: tuple[str, ...]
    agree: tuple[tuple[str, str], ...]
    resource_member: str | None
    telling: str | None
    shared: bool
    holds: str
    told_by: tuple[tuple[str, tuple[frozenset[str], ...]], ...]
    put_into: tuple[tuple[str, tuple[str, ...]], ...]
    schema: str
    collecting: Collecting

    @property
    def service(self) -> str:
        """The CLI's service name, e.g. ``logs``."""
        return self.id.partition(":")[0]

    @property
    def operation(self) -> str:
        """The operation's name, e.g. ``DescribeMetricFilters``."""
        return self.id.partition(":")[2]

    def request(self, region: str = "", resource: str = "") -> str:
        """The command as one asks for it; what is not known of the place stands in capitals (``REGION``)."""
        named = resource or (self.resource or "").upper().replace(" ", "-")
        return self.command.format(region=region or "REGION", resource=named)

    @property
    def words(self) -> str:
        """The command without arguments as people say it: ``logs describe-metric-filters``."""
        return " ".join(self.command.split()[1:3])


@cache
def calls() -> dict[str, Call]:
    """All calls by id, in the order of their files."""
    by_id = {}
    for path in data_files("evidence/calls"):
        facts = json.loads(path.read_text(encoding="utf-8"))
        by_id[facts["id"]] = Call(
            id=facts["id"],
            name=path.stem,
            title=facts["title"],
            command=facts["command"],
            permission=facts["permission"],
            required=facts["required"],
            place=facts["place"],
            resource=facts.get("resource"),
            keys_all=frozenset(facts.get("keys_all", ())),
            keys_any=frozenset(facts.get("keys_any", ())),
            token=facts.get("token"),
            lists=tuple(
                ItemList(
                    member=member,
                    identity=tuple(entry["identity"]),
                    arn=entry.get("arn"),
                    own_arns=tuple(entry.get("own_arns", ())),
                    used=tuple(entry["used"]),
                    volatile=tuple(entry.get("volatile", ())),
                    agree=_templates(entry),
                    growing=entry.get("growing", False),
                    asked_by=entry.get("asked_by", ""),
                    always=tuple((above, tuple(members)) for above, members in entry.get("always", {}).items()),
                    always_one_of=tuple(map(tuple, entry.get("always_one_of", ()))),
                    always_besides=tuple(entry.get("always_besides", ())),
                )
                for member, entry in facts.get("lists", {}).items()
            ),
            members_used=tuple(facts.get("members_used", ())),
            agree=_templates(facts),
            resource_member=facts.get("resource_member"),
            telling=facts.get("telling"),
            holds=facts.get("holds", ""),
            shared=facts.get("shared", False),
            told_by=tuple((member, tuple(map(frozenset, ways))) for member, ways in facts.get("told_by", {}).items()),
            put_into=tuple((listing, tuple(members)) for listing, members in facts.get("put_into", {}).items()),
            schema=path.stem,
            collecting=Collecting(**facts.get("collect", {})),
        )
    return by_id


def _templates(entry: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((member, template) for member, templates in entry.get("agree", {}).items() for template in templates)
