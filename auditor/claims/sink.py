"""What is gathered from one file, bounded: claims, rows that are none, problems, and of whom the file speaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from sys import intern

from auditor.claims.accounts import UnreadableAccountError, account_of, region_of
from auditor.claims.model import Claim, ClaimsFile, Ignored, Voice
from auditor.claims.times import moment
from auditor.errors import Problem, Severity
from auditor.text import count, one_line
from auditor.verdict import ClaimWord

OTHER_CONTROL = "other control"
_ALIKE = 20  # problems of one kind that are told one by one
_RULES = 5_000  # distinct rules of other controls that are counted one by one
_ACCOUNTS = 100_000  # of which a file speaks, as far as its silence is told; organisations have some thousand
_CLAIMS = 2_000_000  # of one file, some 250 bytes each: all accounts, controls and regions of the largest organisation
_SENTENCE, _NAME = 1024, 200
_NO_CLAIM = "The row is no claim. Ask for the export again, with account ids as text."


class Sink:
    """Gathers what one file says. Texts are made safe for one line, those that recur are held once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.claims: list[Claim] = []
        self.complete = True
        self._ignored: Counter[tuple[str, str]] = Counter()
        self._problems: list[Problem] = []
        self._alike: Counter[str] = Counter()
        self._voices: dict[str, Voice] = {}
        self._texts: dict[str, str] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing of the file was a scanner's."""
        return not (self.claims or self._ignored or self._voices or self._problems)

    def claim(
        self,
        tool: str,
        account: object,
        control: str | None,
        claim: ClaimWord,
        status: object,
        rule: str,
        *,
        ids: Iterable[object] = (),
        region: object = None,
        muted: bool = False,
        time: object = None,
        pointer: str = "",
        sentence: object = "",
        version: object = "",
        attested: bool = False,
        remark: str = "",
        reason_code: str = "",
        of_every_account: bool = False,
    ) -> None:
        """One row: a claim if ``control`` is one of ours and the account can be told, else why it is none.

        ``ids``: stable ids and ARNs of the row in which the account may stand too. ``of_every_account``: a row without
        account says that the scanner failed for all of them.
        """
        tool = one_line(tool, 60)
        stable = [str(identifier) for identifier in ids if isinstance(identifier, str)]
        try:
            whose = account_of(account, stable)
        except UnreadableAccountError as error:
            if control is None:
                self.ignore(rule, OTHER_CONTROL)
            else:
                what = f"account {one_line(str(account), 40)!r} {error}, and nothing in the row tells it in full."
                self.problem(pointer, what, _NO_CLAIM, "claims-account")
            return
        if whose:
            self.speaks(tool, whose, passes=claim == "PASS")
        if control is None:
            self.ignore(rule, OTHER_CONTROL)
            return
        if not str(status).strip():
            self.problem(pointer, "has no status.", "The row is no claim.", "claims-status")
            return
        if not whose and not of_every_account:
            self.problem(pointer, "names no account.", _NO_CLAIM, "claims-account")
            return
        if len(self.claims) >= _CLAIMS:
            what = f"holds more than {_CLAIMS:,} claims; the rest was not read."
            self.problem("", what, "Give the export in parts.", "claims-too-many", broken=True)
            return
        self.claims.append(
            Claim(
                self.file,
                intern(tool),
                intern(whose) if whose else None,
                intern(control),
                self._kept(region_of(region) or "") or None,
                claim,
                muted,
                self._kept(one_line(str(status).strip(), _NAME)),
                self._kept(one_line(rule, _NAME)),
                self._kept(moment(time) or "") or None,
                pointer,
                self._kept(one_line(str(sentence or ""), _SENTENCE)),
                self._kept(one_line(str(version or ""), 40)),
                attested,
                self._kept(remark),
                self._kept(one_line(reason_code, 100)),
            )
        )

    def speaks(self, tool: str, account: str, *, passes: bool = False) -> None:
        """A row of the scanner speaks of the account."""
        voice = self._voices.setdefault(tool, Voice())
        if len(voice.accounts) < _ACCOUNTS:
            voice.accounts.add(account)
        voice.passes = voice.passes or passes

    def ignore(self, rule: str, reason: str, records: int = 1) -> None:
        """Rows of one rule that are no claim."""
        key = (one_line(rule, _NAME), reason)
        if key not in self._ignored and len(self._ignored) >= _RULES:
            key = ("(further rules)", reason)
        self._ignored[key] += records

    def problem(
        self, place: str, what: str, remedy: str, code: str, severity: Severity = "warning", *, broken: bool = False
    ) -> None:
        """Something is wrong in the file; ``broken``: so that its silence proves nothing."""
        self.complete = self.complete and not broken
        self._alike[code] += 1
        if self._alike[code] <= _ALIKE:
            self._problems.append(Problem(self.file, place, what, remedy, code, severity))

    def add(self, problem: Problem, *, broken: bool = False) -> None:
        """A problem that was found elsewhere."""
        self.complete = self.complete and not broken
        self._problems.append(problem)

    @property
    def ignored(self) -> list[Ignored]:
        """The rows that are no claim, by rule and reason."""
        return [Ignored(self.file, rule, reason, number) for (rule, reason), number in sorted(self._ignored.items())]

    @property
    def problems(self) -> list[Problem]:
        """The problems; of many alike the first ones and their number."""
        rest = [
            Problem(
                self.file, "", f"{count(number - _ALIKE, 'more problem')} of this kind ({code}).", "", code, "warning"
            )
            for code, number in self._alike.items()
            if number > _ALIKE
        ]
        return [*self._problems, *rest]

    def facts(self) -> ClaimsFile:
        """What is known of the file as a whole."""
        return ClaimsFile(self.file, self.complete, self._voices)

    def _kept(self, text: str) -> str:
        if not text:
            return ""
        if len(self._texts) > 50_000:
            self._texts.clear()
        return self._texts.setdefault(text, text)
