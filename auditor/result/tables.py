"""The tables of a result, each declared once: its columns with their types, and the rows of a document.

Account ids are text, times are UTC, verdicts are ordered (PASS < INCONCLUSIVE < FAIL) and links are in the order of the
chain, so that ``max``, sorting and grouping say what they seem to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

import orjson

from auditor.result.beside_facts import ClaimFacts, RelianceFacts
from auditor.result.document import ResultDocument
from auditor.result.finding_facts import ChainFacts, Finding
from auditor.verdict import LINKS

if TYPE_CHECKING:
    import pandas as pd

VERDICTS = ("PASS", "INCONCLUSIVE", "FAIL")
Row = Mapping[str, object]


class Type(Enum):
    """What a column holds, and how a DataFrame holds it."""

    TEXT = auto()  # string
    NUMBER = auto()  # Int64
    REAL = auto()  # Float64
    FLAG = auto()  # boolean
    TIME = auto()  # datetime64[ns, UTC]
    VERDICT = auto()  # ordered categories
    TESTED = auto()  # the same, with NOT_ASSESSED below them: of a requirement
    LINK = auto()  # ordered categories, from trail to subscription
    LISTED = auto()  # a list, as it is


TEXT, NUMBER, REAL, FLAG, TIME = Type.TEXT, Type.NUMBER, Type.REAL, Type.FLAG, Type.TIME
VERDICT, LINK, LISTED = Type.VERDICT, Type.LINK, Type.LISTED
_CATEGORIES: dict[Type, list[str]] = {
    VERDICT: list(VERDICTS),
    Type.TESTED: ["NOT_ASSESSED", *VERDICTS],
    LINK: [str(link) for link in LINKS],
}
_DTYPES = {TEXT: "string", NUMBER: "Int64", REAL: "Float64", FLAG: "boolean", LISTED: "object"}


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` by name in order; ``rows`` gives of each row at least these members."""

    columns: Mapping[str, Type]
    rows: Callable[[ResultDocument], Iterable[Row]]

    def frame(self, document: ResultDocument) -> pd.DataFrame:
        """The table as a DataFrame of its own: changing it changes no result."""
        import pandas as pd  # noqa: PLC0415 (keeps `import auditor` quick)

        rows = list(self.rows(document))
        frame = pd.DataFrame({name: [row.get(name) for row in rows] for name in self.columns}, dtype="object")
        for name, kind in self.columns.items():
            if kind is TIME:
                frame[name] = pd.to_datetime(frame[name].astype("string"), utc=True, format="ISO8601")
            elif kind in _CATEGORIES:
                frame[name] = pd.Categorical(frame[name], categories=_CATEGORIES[kind], ordered=True)
            else:
                frame[name] = frame[name].astype(_DTYPES[kind])  # type: ignore[call-overload]
        return frame


def _named(finding: Finding) -> dict[str, object]:
    return {
        "finding": finding["number"],
        "finding_id": finding["id"],
        "account_id": finding["account_id"],
        "account_name": finding["account_name"],
        "control_id": finding["control_id"],
    }


_FINDING: dict[str, Type] = {
    "finding": TEXT, "finding_id": TEXT, "account_id": TEXT, "account_name": TEXT, "control_id": TEXT,
}  # fmt: skip


def _findings(document: ResultDocument) -> Iterator[Row]:
    causes = {finding: cause.get("number") for cause in document["causes"] for finding in cause["findings"]}
    for finding in document["findings"]:
        waiver = finding["waiver"]
        yield {
            **finding,
            "cause": causes.get(finding["id"]),
            "open_points": len(finding["open_points"]),
            "material_open_points": sum(point["material"] for point in finding["open_points"]),
            "waiver": waiver["status"] if waiver else None,
        }


def _chains(document: ResultDocument) -> Iterator[Row]:
    for finding in document["findings"]:
        for chain in finding["chains"]:
            yield {
                **_named(finding),
                **chain,
                **_alarm(chain),
                "witness": None if chain["witness"] is None else orjson.dumps(chain["witness"]).decode(),
                "regions": chain["covers"]["regions"],
                **{f"link_{link}": facts["state"] for link, facts in chain["links"].items()},
            }


_ALARM: dict[str, Type] = {
    "words": TEXT, "statistic": TEXT, "threshold": REAL, "comparison": TEXT, "period": NUMBER,
    "evaluation_periods": NUMBER, "datapoints_to_alarm": NUMBER, "treat_missing_data": TEXT, "actions_enabled": FLAG,
    "configured_at": TIME,
}  # fmt: skip


def _alarm(chain: ChainFacts) -> Row:
    alarm: Row = chain["alarm"] or {}
    return {f"alarm_{name}": alarm.get(name) for name in _ALARM}


def _open_points(document: ResultDocument) -> Iterator[Row]:
    return ({**_named(finding), **point} for finding in document["findings"] for point in finding["open_points"])


def _evidence(document: ResultDocument) -> Iterator[Row]:
    captures = {capture["file"]: capture for capture in document["captures"]}
    excerpts = document.get("excerpts", [])
    for finding in document["findings"]:
        for item in finding["evidence"]:
            capture = captures.get(item["file"])
            place = item.get("excerpt")
            excerpt = excerpts[place]["value"] if place is not None and place < len(excerpts) else None
            yield {
                **_named(finding),
                **item,
                "call": capture["call"] if capture else None,
                "region": capture["region"] if capture else None,
                "excerpt": None if excerpt is None else orjson.dumps(excerpt).decode(),
            }


def _requests(document: ResultDocument) -> Iterator[Row]:
    for purpose, requests in (("settle", document["requests"]), ("strengthen", document.get("strengthening", []))):
        yield from ({**request, "purpose": request.get("purpose", purpose)} for request in requests)


def _requirements(document: ResultDocument) -> Iterator[Row]:
    for framework in document["frameworks"]:
        for requirement in framework["requirements"]:
            yield {
                **requirement,
                **requirement["counts"],
                "framework": framework["id"],
                "requirement": requirement["id"],
                "controls": [mapping["control"] for mapping in requirement["controls"] if mapping["counted"]],
            }


def _causes(document: ResultDocument) -> Iterator[Row]:
    numbers = {finding["id"]: finding["number"] for finding in document["findings"]}
    for cause in document["causes"]:
        yield {
            **cause,
            "cause": cause.get("number"),
            "letter_only": cause.get("letter", False),
            "findings": [numbers.get(finding, finding) for finding in cause["findings"]],
            "accounts_affected": len(cause["accounts"]),
            "findings_affected": len(cause["findings"]),
        }


FINDINGS = Table(
    {
        "number": TEXT, "id": TEXT, "account_id": TEXT, "account_name": TEXT, "control_id": TEXT, "variant": TEXT,
        "verdict": VERDICT, "as_published": VERDICT, "objective": VERDICT, "broken_link": LINK, "reason_code": TEXT,
        "reason": TEXT, "rule": TEXT, "cause": TEXT, "resource": TEXT, "regions": LISTED, "open_points": NUMBER,
        "material_open_points": NUMBER, "waiver": TEXT,
    },
    _findings,
)  # fmt: skip
CHAINS = Table(
    {
        **_FINDING, "number": NUMBER, "decides": FLAG, "trail_arn": TEXT, "home_region": TEXT, "multi_region": FLAG,
        "organization_trail": FLAG, "regions": LISTED, "log_group": TEXT, "filter_name": TEXT, "filter_pattern": TEXT,
        "required_pattern": TEXT, "pattern_relation": TEXT, "missed": LISTED, "added": LISTED, "witness": TEXT,
        "witness_kind": TEXT, "assumptions": LISTED, "metric": TEXT, "alarm_arn": TEXT,
        **{f"alarm_{name}": kind for name, kind in _ALARM.items()}, "composite_arns": LISTED, "topic_arn": TEXT,
        "subscription_arn": TEXT, "protocol": TEXT, "endpoint": TEXT, "first_broken": LINK,
        **{f"link_{link}": TEXT for link in LINKS},
    },
    _chains,
)  # fmt: skip
OPEN_POINTS = Table(
    {**_FINDING, "link": LINK, "code": TEXT, "material": FLAG, "text": TEXT, "command": TEXT, "place": TEXT},
    _open_points,
)
EVIDENCE = Table(
    {
        **_FINDING, "file": TEXT, "pointer": TEXT, "sha256": TEXT, "captured_at": TIME, "call": TEXT, "region": TEXT,
        "excerpt": TEXT,
    },
    _evidence,
)  # fmt: skip
REQUESTS = Table(
    {
        "number": TEXT, "set": TEXT, "purpose": TEXT, "account_id": TEXT, "region": TEXT, "call": TEXT,
        "resource": TEXT, "what": TEXT, "why": TEXT, "command": TEXT, "save_as": TEXT, "permission": TEXT,
        "settles": LISTED, "settles_alone": LISTED,
    },
    _requests,
)  # fmt: skip
POPULATION = Table(
    {
        "account_id": TEXT, "name": TEXT, "owner": TEXT, "organization": TEXT, "organization_state": TEXT,
        "status": TEXT, "in_scope": FLAG, "reason": TEXT, "regions_expected": LISTED, "regions_captured": LISTED,
        "captures": NUMBER,
    },
    lambda document: document["population"]["accounts"],
)  # fmt: skip
REQUIREMENTS = Table(
    {
        "framework": TEXT, "requirement": TEXT, "heading": TEXT, "group": TEXT, "verdict": Type.TESTED, "words": TEXT,
        "controls": LISTED, "accounts": NUMBER, "passed": NUMBER, "failed": NUMBER, "inconclusive": NUMBER,
        "open": NUMBER, "material": NUMBER, "objective_not_letter": NUMBER, "waivers": NUMBER,
    },
    _requirements,
)  # fmt: skip
CAUSES = Table(
    {
        "cause": TEXT, "code": TEXT, "link": LINK, "verdict": VERDICT, "letter_only": FLAG, "resource": TEXT,
        "reason": TEXT, "accounts": LISTED, "findings": LISTED, "accounts_affected": NUMBER,
        "findings_affected": NUMBER,
    },
    _causes,
)  # fmt: skip


def _declared(facts: type) -> dict[str, Type]:
    """The members of a TypedDict as columns, by what they are annotated with."""
    return {name: _type_of(name, str(text)) for name, text in facts.__annotations__.items()}


def _type_of(name: str, annotation: str) -> Type:
    if name == "verdict":
        return VERDICT
    if "list[" in annotation:
        return LISTED
    return NUMBER if "int" in annotation else FLAG if "bool" in annotation else TEXT


CLAIMS = Table(_declared(ClaimFacts), lambda document: document.get("claims") or [])
RELIANCE = Table(_declared(RelianceFacts), lambda document: document.get("reliance") or [])
CAPTURES = Table(
    {
        "file": TEXT, "sha256": TEXT, "bytes": NUMBER, "call": TEXT, "account_id": TEXT, "region": TEXT,
        "resource": TEXT, "place_source": TEXT, "captured_at": TIME, "captured_at_source": TEXT, "caller_arn": TEXT,
        "cli_version": TEXT, "records": NUMBER, "pages": NUMBER, "status": TEXT, "complete": FLAG, "valid": FLAG,
    },
    lambda document: document["captures"],
)  # fmt: skip

TABLES: Mapping[str, Table] = {
    "findings": FINDINGS, "chains": CHAINS, "open_points": OPEN_POINTS, "evidence": EVIDENCE, "requests": REQUESTS,
    "population": POPULATION, "requirements": REQUIREMENTS, "causes": CAUSES, "captures": CAPTURES,
    "claims": CLAIMS, "reliance": RELIANCE,
}  # fmt: skip
"""Every table of a result by its name."""
