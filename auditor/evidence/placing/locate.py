"""Placing captures: where each comes from, and which resource a call about one speaks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from auditor.arn import log_group_of, parse_arn
from auditor.engagement.scope import ScopeEntry
from auditor.errors import Problem
from auditor.evidence.placing.capture import Capture
from auditor.evidence.placing.identities import Identities
from auditor.evidence.placing.place import PathPlace, Placed, Siblings, is_time_stamp, named_beside, path_place
from auditor.evidence.placing.recorded_place import RecordedPlace, recorded_place
from auditor.evidence.placing.resource_names import (
    KnownResources,
    bare,
    canonical,
    label_of,
    names_another,
    names_of,
    resources_in,
)
from auditor.evidence.reading import Owners
from auditor.evidence.recognising import (
    THE_FILE,
    Recognised,
    Record,
    content_place,
    place_shown_by_trails,
    resource_in,
    with_own,
)
from auditor.text import listing, one_line
from auditor.verdict import CaptureStatus, PlaceSource

_MOST_PLACES = 10_000  # of which a misplaced answer may be


def located(
    recognised: Sequence[Recognised],
    records: Mapping[str, Record],
    scope: Sequence[ScopeEntry],
    above: str,
    texts: Sequence[tuple[str, Owners]] = (),
) -> tuple[list[Placed], list[Problem]]:
    """Every recognised answer with its place, and the problems met.

    Record, content and path place an answer, then its siblings and at last the scope file. ``above``: a folder named
    after the account or region that the bundle itself is, below which paths are read, as where its parent is given.
    ``texts`` are files that are no captures and say whose they are.
    """
    problems: list[Problem] = []
    placed = []
    chosen = _chosen_by_content(recognised, above)
    siblings = Siblings()
    for entry in recognised:
        where = path_place(above + entry.spoken)
        where = where.choosing(chosen.get(where.candidates, ()))
        place, conflict = _place(entry, where, with_own(records.get(entry.path), entry.own))
        if place.source == "path" and not chosen.get(where.candidates) and place.status != "misplaced":
            others = {*where.candidates} - {place.account_id}
            place = replace(place, perhaps=tuple((a, place.region) for a in sorted(others) if not is_time_stamp(a)))
        placed.append(place)
        problems += [conflict] if conflict is not None else []
        siblings.add(place.where, entry.call, place.account_id, place.region)
    placed = [
        part
        if (part.account_id and part.region) or part.status == "misplaced"
        else _place_by_scope(_place_by_siblings(part, siblings), scope)
        for part in placed
    ]
    placed, of_others = Identities(placed, records, texts, above).disputed(placed)
    problems += of_others
    shown_resources = KnownResources(placed)
    named = [_with_resource(part, shown_resources) for part in placed]
    return [part for part, _ in named], [*problems, *(problem for _, problem in named if problem is not None)]


def _chosen_by_content(recognised: Iterable[Recognised], above: str) -> Mapping[tuple[str, ...], set[str]]:
    """By the accounts that folder names could mean: those that answers below them name (rule X9)."""
    accounts: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for entry in recognised:
        where = path_place(above + entry.spoken)
        if len(set(where.candidates)) > 1 and entry.call.place != "resource":
            accounts[where.candidates] |= content_place(entry.call, entry.pages)[0]
    return accounts


def _place(entry: Recognised, where: PathPlace, record: Record | None) -> tuple[Placed, Problem | None]:
    """An answer placed by record, content and path; sources that contradict each other make it *misplaced*."""
    accounts, regions = content_place(entry.call, entry.pages)
    around = parse_arn(entry.about) if entry.call.place != "resource" else None
    if around is not None:
        accounts, regions = accounts | {around.account_id}, regions | {around.region}
    where = where.choosing(accounts)
    recorded = recorded_place(record, entry.call)
    account, region = recorded.account_id, recorded.region
    resource = recorded.resource if entry.call.place == "resource" else ""  # a listing is of its place
    source: PlaceSource = "" if not (account or region) else "content" if recorded.speaker == THE_FILE else "record"
    where = where.choosing([account])
    owner, home = place_shown_by_trails(entry.call, entry.pages)
    regions = regions or {home} - {""}  # of single-region trails, which no other region's listing shows (T2)
    conflict = recorded.conflict or _conflict(accounts, regions, recorded, where, entry)
    of_name = named_beside(f"{where.folder}/{entry.spoken.rpartition('/')[2]}", entry.call, where)
    conflict = conflict or _between_names(of_name, accounts | {account} - {""}, regions | {region} - {""}, where)
    if conflict:
        account, region = account or where.account_id, region or where.region
        callers, asked_regions = recorded.elsewhere
        told_of = (
            (accounts | callers | {account, where.account_id, of_name[0]}) - {""},
            (regions | asked_regions | {region, where.region, of_name[1]}) - {""},
        )
        perhaps = tuple(sorted(product(*told_of)))[:_MOST_PLACES]
        placed = Placed(
            entry, where, account, region, resource, "", source, "misplaced", conflict, perhaps, recorded.rivals,
            recorded.speaker,
        )  # fmt: skip
        remedy = "Capture each account and region into a file of its own."
        return placed, Problem(entry.path, "", f"{conflict}.", remedy, "contradictory-place")
    if accounts and not account:
        account, source = next(iter(accounts)), source or "content"
    if regions and not region:
        region, source = next(iter(regions)), source or "content"
    if where.account_id and not account:
        account, source = where.account_id, source or "path"
    if where.region and not region:
        region, source = where.region, source or "path"
    if not (account and region):
        source = source or ("content" if owner or home else "")
        account, region = account or owner, region or home
    if entry.owners.sure and entry.call.place != "resource":
        own_account, own_region = _only(entry.owners.accounts), _only(entry.owners.regions)
        source = source or ("content" if own_account and not account else "")
        account, region = account or own_account, region or own_region
    return Placed(
        entry, where, account, region, resource, "", source, entry.status, entry.detail, speaker=recorded.speaker
    ), None


def _only(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ""


def _conflict(accounts: set[str], regions: set[str], record: RecordedPlace, where: PathPlace, entry: Recognised) -> str:
    """Why the sources of a place contradict each other, ``""`` if they agree.

    A resource named by its ARN may be another account's than the caller's; of a bare name nobody knows whose it is.
    """
    call, account, region = entry.call, record.account_id, record.region
    resource = record.resource if call.place == "resource" else ""
    folders = where.folder.lower().split("/") if where.region else ()
    for kind, values, recorded, in_path in (
        ("account", accounts, account, where.account_id if where.firm else ""),
        ("region", regions, region, where.region),
    ):
        if len(values) > 1:
            return f"the answer holds more than one {kind}: {listing(sorted(values))}"
        other = recorded or in_path
        if values and other and call.place != "resource" and other not in values:
            says = record.speaker if recorded else "the path"
            return f"{says} names {kind} {other} and the content {kind} {next(iter(values))}"
    inside = (name for page in entry.pages if isinstance(page, dict) for name in resources_in(page, call))
    by_arn = call.place == "resource" and any(map(parse_arn, (resource, *inside)))
    if account and where.firm and where.account_id and account != where.account_id and not by_arn:
        return f"{record.speaker} names account {account} and the path account {where.account_id}"
    if region and call.place != "account" and where.region != region and where.region in folders:
        return f"{record.speaker} names region {region} and the path region {where.region}"
    return ""


def _between_names(of_name: tuple[str, str], accounts: set[str], regions: set[str], where: PathPlace) -> str:
    """That a file's own name and its folders name two places, of which neither content nor record chooses one (X9)."""
    for kind, other, folder, known in (
        ("account", of_name[0], where.account_id, accounts),
        ("region", of_name[1], where.region, regions),
    ):
        if other and not known:
            return f"the file's name says {kind} {other} and its folder {kind} {folder}"
    return ""


def _place_by_siblings(placed: Placed, siblings: Siblings) -> Placed:
    """An answer with what its siblings agree on, where record, content and path are silent.

    Twelve digits that are a time stamp are an account only where no sibling's is known (rule X9).
    """
    where = placed.where
    account = placed.account_id or siblings.account(where, placed.recognised.call)
    region = placed.region or ("" if placed.recognised.call.place == "account" else siblings.region(where))
    source: PlaceSource = "siblings"
    if not account and not siblings.know_accounts(where):
        account, source = where.stamp, "path"
    if (account, region) == (placed.account_id, placed.region):
        return placed
    return replace(placed, account_id=account, region=region, source=source)


def _place_by_scope(placed: Placed, scope: Sequence[ScopeEntry]) -> Placed:
    """An answer of the account whose path in the scope file holds it, or whose name is one of its folders."""
    if placed.account_id:
        return placed
    path = placed.recognised.spoken
    folders = path.split("/")[:-1]
    by_scope = {
        account.account_id
        for account in scope
        if (account.path and f"{path}/".startswith(f"{account.path.strip('/')}/"))
        or (account.name and account.name in folders)
    }
    return replace(placed, account_id=by_scope.pop(), source="scope") if len(by_scope) == 1 else placed


def _with_resource(placed: Placed, shown_resources: KnownResources) -> tuple[Placed, Problem | None]:
    """An answer of a call about one resource with that: by record, content, or the path (rules T12, X7).

    A record that names another one than the content makes the capture *misplaced*. Where one answer holds items of
    several resources, as answers put together by hand do, they prove presence only.
    """
    entry = placed.recognised
    call, kind = entry.call, entry.call.resource or ""
    if call.place != "resource":
        return placed, None
    inside = {name for page in entry.pages if isinstance(page, dict) for name in resources_in(page, call)}
    inside |= {entry.about} - {""}
    from_content = canonical(kind, next(iter(sorted(inside)), ""), placed.account_id, placed.region)
    recorded, label = _recorded(placed, shown_resources)
    problem: Problem | None = _nobodys(placed, label, shown_resources) if label else None
    rivals: tuple[str, ...] = ()
    if len(inside) > 1:
        says = f"the file holds answers about more than one {kind}"
        placed, problem = _demoted(placed, "presence_only", says)
    elif recorded and inside and not _same_name(recorded, from_content):
        says = f"{placed.speaker} names {kind} {recorded} and the content {from_content}"
        placed, problem = _demoted(placed, "misplaced", says)
        rivals = (from_content,)
    elif recorded and not inside and (other := _named_by_path(placed, shown_resources)) not in ("", recorded):
        says = f"{placed.speaker} names {kind} {recorded} and the path {other}"
        placed, problem = _demoted(placed, "misplaced", says)
        rivals = (other,)
    elif label and from_content:
        says = f"{placed.speaker} names {kind} {one_line(label)} and the content {from_content}"
        placed, problem = _demoted(placed, "misplaced", says)
        label, rivals = "", (from_content,)
    elif not recorded and from_content and (other := _another_by_path(placed, shown_resources, from_content)):
        says = f"the path names {kind} {other} and the content {from_content}"
        from_content, rivals = "", (other, from_content)
        placed, problem = _demoted(placed, "misplaced", says)
    elif not recorded and not from_content and not label:
        from_content, label, problem = _by_path(placed, shown_resources)
    group = log_group_of(resource_in(entry.pages[0], call)) if kind == "log group" and entry.pages else None
    own_place = (placed.account_id, placed.region)
    if group is not None and all(own_place) and group[1:3] != own_place and placed.status == "captured":
        says = f"the answer is about a log group of account {group[1]}, {group[2]}, and lies in {', '.join(own_place)}"
        placed, problem = _demoted(replace(placed, perhaps=(own_place, group[1:3])), "misplaced", says)
    if placed.status == "misplaced":
        rivals = (*rivals, *_elsewhere(placed, recorded or from_content or label))
    whole = from_content if from_content.startswith("arn:") and not recorded.startswith("arn:") else ""
    resource = whole or recorded or from_content
    placed = _where_it_is(placed, resource, from_content)
    itself = placed.status != "misplaced" and any(map(parse_arn, inside))  # it says itself whose it is
    perhaps = () if itself else placed.perhaps
    named = replace(placed, resource=resource, label=label, rivals=(*placed.rivals, *rivals), perhaps=perhaps)
    return named, problem


def _where_it_is(placed: Placed, resource: str, from_content: str) -> Placed:
    """An answer about one resource in the place that this has by its ARN, where that is not the asker's alone."""
    kind = placed.recognised.call.resource
    arn, of_recorded = parse_arn(resource), parse_arn(placed.resource)
    if kind == "key" and of_recorded is not None:
        return replace(placed, account_id=of_recorded.account_id, region=of_recorded.region)
    if kind == "topic" and arn is not None:
        return replace(placed, account_id=arn.account_id, region=arn.region)
    arn = arn or of_recorded  # of a log group the canonical form is its name
    if arn is None or (resource != from_content and placed.account_id not in ("", arn.account_id)):
        return placed
    account, region = placed.account_id or arn.account_id, placed.region or arn.region
    return replace(placed, account_id=account, region=region, source=placed.source or "content")


def _elsewhere(placed: Placed, resource: str) -> Iterator[str]:
    """What a resource of this name is called in the other places of which a misplaced answer may be, and what the path
    calls it there.
    """
    call = placed.recognised.call
    names = (names_of(resource)[-1], bare(label_of(placed.recognised.spoken, call)[0]))
    for name, (account, region) in product(filter(None, dict.fromkeys(names)), placed.perhaps):
        yield canonical(call.resource or "", name, account, region)


def _same_name(recorded: str, from_content: str) -> bool:
    """Whether two spellings may be of one resource: an ARN and a bare name are if they end alike."""
    if recorded.startswith("arn:") == from_content.startswith("arn:"):
        return recorded == from_content
    return names_of(recorded)[-1] == names_of(from_content)[-1]


def _recorded(placed: Placed, shown_resources: KnownResources) -> tuple[str, str]:
    """The resource that the capture record names; a trail's name that fits none which is shown is nobody's (T12)."""
    call, place = placed.recognised.call, (placed.account_id, placed.region)
    name = placed.resource
    fitting = shown_resources.fitting(call, name, *place) if name else set()
    if len(fitting) == 1:
        return fitting.pop(), ""
    if call.resource == "trail" and name and not name.startswith("arn:") and shown_resources.of(call, *place):
        return "", name
    return canonical(call.resource or "", name, *place), ""


def _named_by_path(placed: Placed, shown_resources: KnownResources) -> str:
    """The resource that a file is firmly named after and that a capture shows, ``""`` if there is none (rule X7)."""
    entry, where = placed.recognised, placed.where
    label, must_name = label_of(entry.spoken, entry.call) if not entry.about else ("", False)
    places = [(placed.account_id, placed.region)]
    if where.firm and where.account_id and where.region:
        places.append((where.account_id, where.region))
    fitting = [shown_resources.fitting(entry.call, label, *place) for place in places if must_name]
    return next((names.pop() for names in fitting if len(names) == 1), "")


def _another_by_path(placed: Placed, shown_resources: KnownResources, resource: str) -> str:
    """The resource that a file is firmly named after where its content names one of another name, else ``""``."""
    other = _named_by_path(placed, shown_resources)
    if placed.recognised.call.resource == "trail" and other.startswith("arn:") and resource.startswith("arn:"):
        return "" if other == resource else other
    return "" if not other or names_of(other)[1:] == names_of(resource)[1:] else other


def _by_path(placed: Placed, shown_resources: KnownResources) -> tuple[str, str, Problem | None]:
    """The resource that the path names; else what it says instead, which is nobody's name, and a problem (T12)."""
    entry = placed.recognised
    place = (placed.account_id, placed.region)
    label, must_name = label_of(entry.spoken, entry.call)
    if entry.name and not must_name:
        label = entry.name
    if not label:
        return "", "", None
    fitting = shown_resources.fitting(entry.call, label, *place)
    if len(fitting) == 1:
        return fitting.pop(), "", None
    if must_name and not fitting and (other := names_another(entry.call, label, shown_resources, *place)):
        return other, "", None
    return "", label, _nobodys(placed, label, shown_resources)


def _nobodys(placed: Placed, label: str, shown_resources: KnownResources) -> Problem | None:
    """The problem of an answer whose name is nobody's; why there is no answer is a problem already."""
    entry, place = placed.recognised, (placed.account_id, placed.region)
    if not entry.pages:
        return None
    kind, shown = entry.call.resource, shown_resources.of(entry.call, *place)
    fits = "more than one" if shown_resources.fitting(entry.call, label, *place) else "no"
    return Problem(
        entry.path, "",
        f"answers {entry.call.words} and does not name its {kind}; its name fits {fits} {kind} that a capture shows"
        f"{f' ({listing(sorted(map(one_line, shown)), limit=3)})' if shown else ''}.",
        f"Name it after its {kind}, {entry.call.name}/NAME.json, or give a capture record.",
        "unnamed-resource", "warning",
    )  # fmt: skip


def _demoted(placed: Placed, status: CaptureStatus, says: str) -> tuple[Placed, Problem | None]:
    """A capture that contradicts itself about its own resource, so that it proves less or nothing."""
    if placed.status not in ("captured", "presence_only"):
        return placed, None
    problem = Problem(
        placed.recognised.path, "", f"{says}.", "Capture each into a file of its own.", "contradictory-resource"
    )
    return replace(placed, status=status, detail=says), problem


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
