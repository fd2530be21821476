"""Placing captures: where each comes from, and which resource a call about one speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import unquote

from auditor.arn import log_group_of, parse_arn, partition_of
from auditor.engagement.scope import ScopeEntry
from auditor.errors import Problem
from auditor.evidence.capture import Capture, PlaceSource, Status
from auditor.evidence.classify import Found
from auditor.evidence.place import PathPlace, Siblings, content_place, path_place
from auditor.evidence.recognise import resource_in
from auditor.evidence.record import Record
from auditor.evidence.registry import Call
from auditor.text import listing

_PAGE = re.compile(r"\.page[0-9]+$")  # a page that lists nothing does not name its resource (X2)


def place(entry: Found, record: Record | None, problems: list[Problem]) -> PathPlace:
    """Place a member by record, content and path; return what its path says.

    Sources that contradict each other make the capture *misplaced* and are a problem.
    """
    call = entry.call
    assert call is not None
    where = entry.where = path_place(entry.path)
    accounts, regions = content_place(call, entry.pages)
    account = region = ""
    source: PlaceSource = ""
    if record is not None and not record.disputed and (record.account_id or record.region):
        account, region, entry.resource, source = record.account_id, record.region, record.resource, "record"
    conflict = _conflict(accounts, regions, account, region, where, call)
    if record is not None and record.disputed:
        conflict = "two entries of the capture record tell it differently"
    if not conflict:
        if accounts and not account:
            account, source = next(iter(accounts)), source or "content"
        if regions and not region:
            region, source = next(iter(regions)), source or "content"
        if where.account_id and not account:
            account, source = where.account_id, source or "path"
        if where.region and not region:
            region, source = where.region, source or "path"
    else:
        entry.status, entry.detail = "misplaced", conflict
        account, region = account or where.account_id, region or where.region
        problems.append(
            Problem(entry.path, "", f"{conflict}.", "Capture each account and region into a file of its own.",
                    "contradictory-place")
        )  # fmt: skip
    entry.account_id, entry.region, entry.place_source = account, region, source
    return where


def _conflict(accounts: set[str], regions: set[str], account: str, region: str, where: PathPlace, call: Call) -> str:
    """Why the sources of a place contradict each other, ``""`` if they agree."""
    for kind, told, recorded, in_path in (
        ("account", accounts, account, where.account_id if where.firm else ""),
        ("region", regions, region, where.region),
    ):
        if len(told) > 1:
            return f"the answer holds more than one {kind}: {listing(sorted(told))}"
        other = recorded or in_path
        if told and other and call.place != "resource" and other not in told:
            says = "the capture record" if recorded else "the path"
            return f"{says} names {kind} {other} and the content {kind} {next(iter(told))}"
    if account and where.firm and where.account_id and account != where.account_id and call.place != "resource":
        return f"the capture record names account {account} and the path account {where.account_id}"
    return ""


def place_by_siblings(entry: Found, siblings: Siblings) -> None:
    """Fill in what a member's siblings agree on, where record, content and path are silent."""
    assert entry.call is not None
    assert entry.where is not None
    account = entry.account_id or siblings.account(entry.where)
    region = entry.region or ("" if entry.call.place == "account" else siblings.region(entry.where))
    if (account, region) != (entry.account_id, entry.region):
        entry.account_id, entry.region, entry.place_source = account, region, "siblings"


def place_by_scope(entry: Found, scope: Sequence[ScopeEntry]) -> None:
    """Name the account whose path in the scope file holds the member, or whose name is one of its folders."""
    if entry.account_id:
        return
    folders = entry.path.split("/")[:-1]
    told = {
        account.account_id
        for account in scope
        if (account.path and f"{entry.path}/".startswith(f"{account.path.strip('/')}/"))
        or (account.name and account.name in folders)
    }
    if len(told) == 1:
        entry.account_id, entry.place_source = told.pop(), "scope"


def name_resource(entry: Found, problems: list[Problem]) -> None:
    """Name the resource of a call about one: by record, content, the items' ARN, or the file's name (rule X7).

    A record that names another one than the content makes the capture *misplaced*. Where the content holds items
    of several resources, as answers put together by hand do, they prove presence only.
    """
    call = entry.call
    assert call is not None
    if call.place != "resource":
        return
    inside = {told for page in entry.pages if isinstance(page, dict) for told in _resources(page, call)}
    told = next(iter(sorted(inside)), "")
    folder, _, name = entry.path.rpartition("/")
    if not entry.resource and not told and folder.rpartition("/")[2].lower() == call.name:
        told = _PAGE.sub("", name.removesuffix(".gz").removesuffix(".json").removesuffix(".txt"))
        told = unquote(told)  # CloudMapper: arn%3Aaws…
    recorded, told = _canonical(entry, entry.resource), _canonical(entry, told)
    if len(inside) > 1:
        _demote(entry, "presence_only", f"the file holds answers about more than one {call.resource}", problems)
    elif recorded and inside and recorded != told:
        says = f"the capture record names {call.resource} {recorded} and the content {told}"
        _demote(entry, "misplaced", says, problems)
    entry.resource = recorded or told
    topic = parse_arn(entry.resource) if call.resource == "topic" else None
    if topic is not None:
        entry.account_id, entry.region = topic.account_id, topic.region


def _resources(page: dict[str, Any], call: Call) -> Iterator[str]:
    """The resources that an answer names: itself, or by the ARN that each of its items has."""
    named = resource_in(page, call)
    if named:
        yield named
    for list_ in call.lists:
        items = page.get(list_.member)
        if list_.arn and isinstance(items, list):
            arns = (item.get(list_.arn) for item in items if isinstance(item, dict))
            yield from (arn for arn in arns if isinstance(arn, str))


def _canonical(entry: Found, resource: str) -> str:
    """One spelling for a resource that captures name in several: topics and trails by ARN, others by name or id."""
    assert entry.call is not None
    kind = entry.call.resource
    if not resource:
        return ""
    if resource.startswith("arn:"):
        group = log_group_of(resource) if kind == "log group" else None
        if group is not None:
            return group[3]
        return resource.rpartition(":key/")[2] if kind == "key" else resource
    service = {"topic": "sns", "trail": "cloudtrail"}.get(kind or "")
    if service is None or not (entry.account_id and entry.region):
        return resource
    name = f"trail/{resource}" if service == "cloudtrail" else resource
    return f"arn:{partition_of(entry.region)}:{service}:{entry.region}:{entry.account_id}:{name}"


def _demote(entry: Found, status: Status, says: str, problems: list[Problem]) -> None:
    """What a capture says of its own resource is contradictory, so that it proves less or nothing."""
    if entry.status not in ("captured", "presence_only"):
        return
    entry.status, entry.detail = status, says
    problems.append(
        Problem(entry.path, "", f"{says}.", "Capture each into a file of its own.", "contradictory-resource")
    )


def unplaced(captures: Iterable[Capture]) -> list[Problem]:
    """A problem for each capture whose account or region is not known."""
    return [
        Problem(
            capture.file, "",
            f"{capture.call.words}: its {'region' if capture.place.account_id else 'account'} is not known.",
            "Put the file under ACCOUNT/REGION/, name both in the file's name, or give a capture record.",
            "unplaced",
        )
        for capture in captures
        if not capture.placed and capture.status != "misplaced"
    ]  # fmt: skip
