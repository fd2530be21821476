"""The tables of a bundle as pandas frames, for people; pandas is imported when the first one is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from auditor.evidence.tables import Column, Row, Table

if TYPE_CHECKING:
    import pandas as pd


def frame_of(table: Table, rows: Sequence[Row]) -> pd.DataFrame:
    """The rows of a table as a frame whose columns have the declared dtypes."""
    import pandas as pd  # noqa: PLC0415 (an audit needs no frames, and pandas takes longer than a small audit)

    return pd.DataFrame({column.name: _column(column, [row[column.name] for row in rows]) for column in table.columns})


def _column(column: Column, values: list[Any]) -> Any:
    import pandas as pd  # noqa: PLC0415

    return pd.Series(values, dtype=object) if column.dtype == "object" else _array(values, column.dtype)


def _array(values: list[Any], dtype: str) -> Any:
    """The values of a column; missing where one is not of its type, which is a problem of the schema already."""
    import pandas as pd  # noqa: PLC0415

    try:
        return pd.array(values, dtype=dtype)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        if len(values) == 1:
            return pd.array([pd.NA], dtype=dtype)  # type: ignore[call-overload]
        return pd.array([_array([value], dtype)[0] for value in values], dtype=dtype)  # type: ignore[call-overload]
