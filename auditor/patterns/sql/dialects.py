"""What each engine calls things: a dialect is data."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.patterns.syntax import Index, Name, Selector

_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.:/-]*")
_POSITIONS = 1 << 31


@dataclass(frozen=True, slots=True)
class Dialect:
    """Templates of one engine's SQL.

    ``source`` with ``{place}`` gives one JSON value ``event`` a row; ``value``, with ``{path}``, a member of it
    (SQL's NULL where it is absent), from which ``kind`` makes one of ``text``, ``number``, ``null``, ``true``,
    ``false``, ``nested`` or SQL's NULL, ``text`` the text of a text and ``number`` the double of a number.
    ``repeated``, with ``{value}``, says whether an object has a member twice, where the engine takes another than the
    last; ``""`` where it refuses such a file or takes the last. ``indexes`` and ``nulls``: whether elements of arrays,
    and null beside absent, are surely told apart.
    """

    name: str
    title: str
    place: str
    places: re.Pattern[str]
    place_words: str
    run: bool
    source: str
    value: str
    kind: str
    text: str
    number: str
    search: str
    of_bytes: str
    line: str
    count: str
    select: str
    repeated: str = ""
    indexes: bool = True
    nulls: bool = True
    quoted_name: str = "['{key}']"

    def path(self, selector: Selector) -> str | None:
        """The JSON path of a selector as an SQL literal; None if it cannot surely be written."""
        steps = []
        for step in selector:
            if isinstance(step, Name) and _KEY.fullmatch(step.key) and (self.indexes or not step.key.isdigit()):
                steps.append(self.quoted_name.format(key=step.key))
            elif isinstance(step, Index) and self.indexes and step.position < _POSITIONS:
                steps.append(f"[{step.position}]")
            else:
                return None
        return "'$" + "".join(steps) + "'"


_TABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*){0,2}")
_FILES = re.compile(r"[^'\\\x00-\x1f]+")

DUCKDB = Dialect(
    name="duckdb",
    title="DuckDB 1.4 or later",
    place="AWSLogs/**/*.json.gz",
    places=_FILES,
    place_words="a path or glob of files without quotation mark and backslash",
    run=True,
    source=(
        "SELECT unnest(json_extract(json, '$.Records[*]')) AS event\n"
        "  FROM read_json_objects('{place}', format = 'auto', maximum_object_size = 1073741824)"
    ),
    value="json_extract(event, {path})",
    kind=(
        "CASE json_type({value}) WHEN 'VARCHAR' THEN 'text' WHEN 'NULL' THEN 'null' WHEN 'OBJECT' THEN 'nested' "
        "WHEN 'ARRAY' THEN 'nested' WHEN 'BOOLEAN' THEN CAST({value} AS VARCHAR) "
        "ELSE CASE WHEN {value} IS NOT NULL THEN 'number' END END"
    ),
    text="CASE WHEN json_type({value}) = 'VARCHAR' THEN json_extract_string({value}, '$') END",
    number="TRY_CAST(json_extract_string({value}, '$') AS DOUBLE)",
    search="regexp_matches({text}, {regex})",
    of_bytes="decode(unhex('{digits}'))",
    line='event AS "@message"',
    count="COPY (\n{query}\n) TO 'counts.json' (FORMAT json)",
    select="COPY (\n{query}\n) TO 'selected.json.gz' (FORMAT json, COMPRESSION gzip)",
    repeated="len(json_keys({value})) > len(list_distinct(json_keys({value})))",
    quoted_name='."{key}"',
)

TRINO = Dialect(
    name="trino",
    title="Trino, Athena engine 3",
    place="cloudtrail_lines",
    places=_TABLE,
    place_words="a table's name, with its catalogue and schema where needed",
    run=False,
    source=(
        "SELECT record AS event\n  FROM {place}\n"
        "  CROSS JOIN UNNEST(CAST(json_extract(json_parse(line), '$.Records') AS ARRAY(JSON))) AS records(record)"
    ),
    value="json_extract(event, {path})",
    kind=(
        "CASE substr(json_format({value}), 1, 1) WHEN '\"' THEN 'text' WHEN 'n' THEN 'null' WHEN 't' THEN 'true' "
        "WHEN 'f' THEN 'false' WHEN '{{' THEN 'nested' WHEN '[' THEN 'nested' "
        "ELSE CASE WHEN {value} IS NOT NULL THEN 'number' END END"
    ),
    text="CASE WHEN substr(json_format({value}), 1, 1) = '\"' THEN json_extract_scalar({value}, '$') END",
    number="TRY_CAST(json_extract_scalar({value}, '$') AS DOUBLE)",
    search="regexp_like({text}, {regex})",
    of_bytes="from_utf8(from_hex('{digits}'))",
    line="json_format(event) AS line",
    count="{query}",
    select="{query}",
    indexes=False,
    nulls=False,
    quoted_name='["{key}"]',
)

SPARK = Dialect(
    name="spark",
    title="Spark 4 or later",
    place="cloudtrail_lines",
    places=_TABLE,
    place_words="a table's name, with its catalogue and schema where needed",
    run=True,
    source=(
        "SELECT explode(CAST(variant_get(parse_json(line), '$.Records') AS ARRAY<VARIANT>)) AS event\n  FROM {place}"
    ),
    value="variant_get(event, {path})",
    kind=(
        "CASE WHEN {value} IS NULL THEN NULL WHEN is_variant_null({value}) THEN 'null' "
        "WHEN schema_of_variant({value}) = 'STRING' THEN 'text' "
        "WHEN schema_of_variant({value}) = 'BOOLEAN' THEN CAST({value} AS STRING) "
        "WHEN schema_of_variant({value}) LIKE 'OBJECT%' OR schema_of_variant({value}) LIKE 'ARRAY%' THEN 'nested' "
        "ELSE 'number' END"
    ),
    text="CASE WHEN schema_of_variant({value}) = 'STRING' THEN CAST({value} AS STRING) END",
    number=(
        "CASE WHEN schema_of_variant({value}) = 'BIGINT' OR schema_of_variant({value}) LIKE 'DECIMAL%' "
        "OR schema_of_variant({value}) = 'DOUBLE' THEN CAST({value} AS DOUBLE) END"
    ),
    search="regexp_like({text}, {regex})",
    of_bytes="decode(unhex('{digits}'), 'UTF-8')",
    line="to_json(event) AS value",
    count="{query}",
    select="{query}",
    quoted_name='["{key}"]',
)

DIALECTS: dict[str, Dialect] = {dialect.name: dialect for dialect in (DUCKDB, SPARK, TRINO)}
