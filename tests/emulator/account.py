"""How an account of a sample is built and captured: the types of ``quarterly.py`` and ``organizations.py``."""

from __future__ import annotations

from dataclasses import dataclass

from tests.emulator.family import family
from tests.emulator.watch import Watch


@dataclass(frozen=True, slots=True)
class Noise:
    """An alarm of an application, which has nothing to do with the controls."""

    name: str
    metric: str


@dataclass(frozen=True, slots=True)
class Account:
    """How one account is built. The defaults make a whole chain; each account changes what its story needs.

    ``trail``, ``log_group`` and ``topic`` None: the account has none of its own. ``watches`` are the filters on its
    log group and their alarms, the whole family by default.
    ``trail_account`` is the management account of an organisation trail, whose id its ARN carries, and
    ``trail_bucket`` a bucket of another account; ``archive`` is a bucket held for the trails of others.
    ``topic_account`` owns the topic that the alarms name, if it is another account; ``publisher`` is the
    account whose alarms the topic's policy lets in, instead of AWS's default policy.
    ``regions`` are captured; (): the organisation lists the account and nobody collected there. ``without``
    names calls that the collector did not make, ``alarm_options`` what it added to describe-alarms; ``settling``:
    it also made the calls that close open points, about mute rules and filter policies. ``leading``: where the region
    of the global services is none of ``regions``, it asked for the trails there nevertheless.
    """

    account_id: str
    name: str
    company: str
    home: str
    regions: tuple[str, ...]
    endpoint: str
    trail: str | None = "management-events"
    trail_account: str | None = None
    trail_bucket: str | None = None
    archive: str | None = None
    log_group: str | None = "cloudtrail/management-events"
    custom_selectors: bool = False
    watches: tuple[Watch, ...] = family()
    topic: str | None = "security-alerts"
    topic_account: str | None = None
    topic_deleted: bool = False
    publisher: str | None = None
    protocol: str = "email"
    confirmed: bool = True
    noise: tuple[Noise, ...] = ()
    composite: str | None = None
    without: tuple[str, ...] = ()
    alarm_options: tuple[str, ...] = ("--alarm-types", "MetricAlarm", "CompositeAlarm", "LogAlarm")
    settling: bool = False
    leading: bool = True

    @property
    def trail_arn(self) -> str:
        """ARN of the account's trail, with the management account's id if it is the organisation's (T7)."""
        return f"arn:aws:cloudtrail:{self.home}:{self.trail_account or self.account_id}:trail/{self.trail}"

    @property
    def topic_arn(self) -> str:
        """ARN of the topic that the account's alarms name."""
        return f"arn:aws:sns:{self.home}:{self.topic_account or self.account_id}:{self.topic}"


@dataclass(frozen=True, slots=True)
class Organization:
    """An organisation: its accounts, management account first, and who was delegated or has been closed."""

    organization_id: str
    domain: str
    accounts: tuple[Account, ...]
    delegated: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()

    @property
    def management(self) -> Account:
        """The account that made the organisation and lists it."""
        return self.accounts[0]


def account_named(name: str, accounts: tuple[Account, ...]) -> Account:
    """The account with this name. Raises ``KeyError``."""
    return {account.name: account for account in accounts}[name]
