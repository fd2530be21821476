"""The result as an object: written, read again and checked, and seen as tidy tables."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from auditor.documents import read_bytes
from auditor.errors import AuditorError
from auditor.result.document import ClaimFacts, RelianceFacts, ResultDocument
from auditor.text import count

if TYPE_CHECKING:
    import pandas as pd

MAX_BYTES = 1_000_000_000  # some ten thousand accounts
REMEDY = "Give the results.json that `auditor audit` wrote."


def _lines(value: Any) -> bytes:
    """A value as JSON, the entries of a list on lines of their own, also those of a list within an object."""
    if isinstance(value, dict) and any(isinstance(member, list) for member in value.values()):
        members = [orjson.dumps(name) + b": " + _lines(member) for name, member in value.items()]
        return b"{" + b", ".join(members) + b"}"
    if isinstance(value, list) and value:
        return b"[\n" + b",\n".join(map(orjson.dumps, value)) + b"\n]"
    return orjson.dumps(value)


@dataclass(frozen=True, slots=True)
class AuditResult:
    """The result of an audit. ``document`` is what ``results.json`` holds."""

    document: ResultDocument

    def to_json(self) -> bytes:
        """The bytes of ``results.json``: UTF-8, one line for each finding, capture and other entry of a list, so that
        it stays small, two of them can be compared line by line, and ``grep`` finds an account's.
        """
        return b"{\n" + b",\n".join(
            orjson.dumps(name) + b": " + _lines(value) for name, value in self.document.items()
        ) + b"\n}\n"  # fmt: skip

    @classmethod
    def from_json(cls, data: bytes, file: str = "results.json") -> AuditResult:
        """The result that :meth:`to_json` wrote.

        Raises:
            AuditorError: the bytes are not JSON or do not follow the schema; names file and place.
        """
        from auditor.resources import validator  # noqa: PLC0415 (only reading needs the schema engine)

        try:
            document = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise AuditorError(f"is not JSON ({error}).", file=file, remedy=REMEDY) from None
        for violation in validator("results").iter_errors(document):
            place = "".join(f"/{part}" for part in violation.instance_path)
            raise AuditorError(
                f"is no result of this program: {violation.message}.", file=file, pointer=place, remedy=REMEDY
            )
        return cls(document)

    @classmethod
    def load(cls, path: str | Path) -> AuditResult:
        """The result in the file ``path``. Raises ``AuditorError`` as :meth:`from_json`, also if unreadable."""
        return cls.from_json(read_bytes(path, MAX_BYTES, REMEDY), str(path))

    @property
    def findings(self) -> pd.DataFrame:
        """One row per finding; columns ``number id account_id account_name control_id variant verdict
        as_published objective broken_link reason_code reason open_points material_open_points``.
        """
        import pandas as pd  # noqa: PLC0415 (keeps `auditor report` and imports quick)

        columns = [
            "number", "id", "account_id", "account_name", "control_id", "variant", "verdict",
            "as_published", "objective", "broken_link", "reason_code", "reason",
        ]  # fmt: skip
        rows = [
            {
                **{name: finding.get(name) for name in columns},
                "open_points": len(finding["open_points"]),
                "material_open_points": sum(point["material"] for point in finding["open_points"]),
            }
            for finding in self.document["findings"]
        ]
        return pd.DataFrame(rows, columns=[*columns, "open_points", "material_open_points"])

    @property
    def chains(self) -> pd.DataFrame:
        """One row per chain of each finding; the scalar columns of ``ChainFacts`` and ``link_*`` states."""
        import pandas as pd  # noqa: PLC0415

        rows = []
        for finding in self.document["findings"]:
            for chain in finding["chains"]:
                row: dict[str, Any] = {"finding": finding["id"], "account_id": finding["account_id"]}
                row |= {name: value for name, value in chain.items() if value is None or isinstance(value, str | int)}
                row |= {f"link_{link}": facts["state"] for link, facts in chain["links"].items()}
                rows.append(row)
        return pd.DataFrame(rows)

    @property
    def claims(self) -> pd.DataFrame:
        """One row per claim of the client's scanners, with its outcome and cause; the columns of ``ClaimFacts``. Empty
        if none were given.
        """
        import pandas as pd  # noqa: PLC0415

        return pd.DataFrame(self.document.get("claims") or [], columns=list(ClaimFacts.__annotations__))

    @property
    def reliance(self) -> pd.DataFrame:
        """One row per scanner and control: accounts by outcome, and the advice; the columns of ``RelianceFacts``."""
        import pandas as pd  # noqa: PLC0415

        return pd.DataFrame(self.document.get("reliance") or [], columns=list(RelianceFacts.__annotations__))

    def matrix(self) -> pd.DataFrame:
        """Accounts × controls: index ``account_id``, one column per ``control@variant``, cells verdicts."""
        frame = self.findings
        frame["control"] = frame["control_id"] + "@" + frame["variant"]
        return frame.pivot(index="account_id", columns="control", values="verdict").fillna("–")

    def __repr__(self) -> str:
        counts = self.document["counts"]
        return (
            f"<AuditResult {count(counts['accounts'], 'account')}: {counts['passed']} PASS, "
            f"{counts['failed']} FAIL, {counts['inconclusive']} INCONCLUSIVE>"
        )

    def _repr_html_(self) -> str:
        head = html.escape(repr(self)[1:-1])
        columns = [
            "account_id",
            "account_name",
            "control_id",
            "verdict",
            "objective",
            "broken_link",
            "reason",
        ]
        table = self.findings[columns].to_html(index=False, escape=True, na_rep="–", max_rows=60)
        return f"<p><strong>{head}</strong></p>{table}"
