"""The calls that a control watches, split so finely that each trail of an account delivers all or none of a part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from auditor.arn import partition_of
from auditor.catalogue import Event, is_global, is_regional, leading_regions
from auditor.chains import Selector, TrailPath, delivers, takes
from auditor.chains.selectors import SOURCE_ENDING, told_apart

ANY = "*"  # as source and name of an event: any call
# A sign-in of an IAM user is recorded in the region of the endpoint used, behind the global one too (AWS: "AWS
# Management Console sign-in events"), so that only trails of every region hear all of them.
_SIGN_IN = "signin.amazonaws.com"

Selectors = tuple[Selector, ...]


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls that each trail of an account treats alike: an event of the control, or a part of any call.

    ``number`` and ``event`` are the control's event that they belong to; ``source`` and ``name`` those of one call that
    speaks for all, recorded as one of a global service or not. Of any call, ``sources`` are those of the part, and
    where there are none it is of all sources but those ``apart``.
    """

    number: int
    event: Event
    source: str
    name: str
    globally: bool
    sources: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()

    @property
    def of_any(self) -> bool:
        """Whether they are a part of any call."""
        return self.event.source == ANY

    def delivered_by(self, path: TrailPath) -> bool:
        """Whether a trail delivers them, apart from its regions (T11, T14, T15)."""
        return delivers(path, self.source, self.name, self.event.read_only, globally=self.globally)

    @property
    def words(self) -> str:
        """The calls in words; of any call, what no name stands for."""
        if not self.of_any:
            return self.event.name
        calls = "calls that read" if self.event.read_only else "calls that write"
        return f"{calls} of {', '.join(self.sources)}" if self.sources else f"all {calls}"


def parts_of(events: tuple[Event, ...], paths: Iterable[TrailPath]) -> tuple[Calls, ...]:
    """The control's events in the parts that the trails of an account tell apart."""
    return _parts(events, tuple(dict.fromkeys(path.selectors for path in paths if path.selectors is not None)))


@lru_cache(maxsize=4096)
def _parts(events: tuple[Event, ...], selectors: tuple[Selectors, ...]) -> tuple[Calls, ...]:
    parts: dict[object, Calls] = {}
    for number, event in enumerate(events):
        if event.source != ANY:
            parts[number] = Calls(number, event, event.source, event.name, event.global_service)
            continue
        for globally in (True,) if event.global_service else (False, True):
            for part in _parts_of_any(number, event, selectors, globally):
                parts.setdefault((number, globally, part.source, part.name), part)
    return tuple(parts.values())


def _parts_of_any(number: int, event: Event, selectors: Sequence[Selectors], globally: bool) -> Iterator[Calls]:
    """Any call, by what each trail's selectors do with it: the sources they name, and all others."""
    conditions = [selector for per_trail in selectors for selector in per_trail]
    sources, names = told_apart(conditions, "eventSource", SOURCE_ENDING), told_apart(conditions, "eventName")
    named = [source for source in sources.named if (is_global(source) if globally else is_regional(source))]
    alike: dict[tuple[bool, ...], list[tuple[str, str]]] = {}
    # What stands for all others comes first, so that sources which are treated like these are among them.
    for source in (*sources.others, *named):
        for name in (*names.others, *names.named):
            treated = tuple(takes(per_trail, source, name, event.read_only) for per_trail in selectors)
            alike.setdefault(treated, []).append((source, name))
    if len(names.others) > 1 or names.named:  # selectors of event data stores, which no trail has (T15)
        yield from (Calls(number, event, *pairs[0], globally) for pairs in alike.values())
        return
    apart = {source for pairs in alike.values() if pairs[0][0] in named for source, _ in pairs}
    for pairs in alike.values():
        source, name = pairs[0]
        alone = tuple(of_pair for of_pair, _ in pairs) if source in apart else ()
        yield Calls(number, event, source, name, globally, alone, () if alone else tuple(sorted(apart)))


def heard_in(part: Calls, parts: Sequence[Calls], regions: tuple[str, ...]) -> tuple[str, ...]:
    """The regions where calls must be heard: the required ones, or those in which their global service records them.

    The latter count though the scope leaves them out: no trail of another region ever delivers the event (T11). Where
    any call is watched, as the root user's are, sign-ins of IAM users are not what is meant. Of a partition whose
    leading region is not known :func:`may_lead` says which ones may be meant.
    """
    return _heard_in(part, any(other.of_any for other in parts), regions)


@lru_cache(maxsize=16384)
def _heard_in(part: Calls, any_call: bool, regions: tuple[str, ...]) -> tuple[str, ...]:
    if not part.globally:
        return regions
    heard = dict.fromkeys(regions if part.event.source == _SIGN_IN and not any_call else ())
    for region in regions:
        leading = [
            leading_region for source in part.sources or (part.event.source,)
            for leading_region in leading_regions(partition_of(region), "" if source == ANY else source)
        ]  # fmt: skip
        heard |= dict.fromkeys(leading)
    return tuple(heard)


@lru_cache(maxsize=16384)
def may_lead(part: Calls, regions: tuple[str, ...], listed: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """By partition whose leading region is not known, the regions that may record the calls of a global service (T11).

    ``regions`` are the required ones, ``listed`` those that a whole listing of the account shows. Without a listing in
    a partition another region, which nothing shows, may lead it: the text for it is empty.
    """
    if not part.globally:
        return MappingProxyType({})
    led = {partition: regions for partition in map(partition_of, regions) if not leading_regions(partition)}
    return MappingProxyType(
        {
            partition: tuple(region for region in listed if partition_of(region) == partition)
            or (*(region for region in required if partition_of(region) == partition), "")
            for partition, required in led.items()
        }
    )


def everywhere(part: Calls, parts: Sequence[Calls]) -> bool:
    """Whether calls happen in whatever region the account can use, also one that nobody knows of (T10)."""
    return not part.globally or (part.event.source == _SIGN_IN and not any(other.of_any for other in parts))


def regions_heard(events: tuple[Event, ...], regions: tuple[str, ...], listed: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Every region in which one of the events must be heard, or may have to be (see :func:`may_lead`)."""
    parts = parts_of(events, ())
    heard = [region for part in parts for region in heard_in(part, parts, regions)]
    led = [region for part in parts for regions_of in may_lead(part, regions, listed).values() for region in regions_of]
    return tuple(filter(None, dict.fromkeys([*heard, *led])))
