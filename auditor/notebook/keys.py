"""Account ids as keys of a join with one's own tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from auditor.errors import AuditorError

if TYPE_CHECKING:
    import pandas as pd

LENGTH = 12  # digits of an AWS account id


def account_ids(values: Iterable[object]) -> pd.Series[str]:
    """Account ids as text of twelve digits, also where a spreadsheet or ``read_csv`` made numbers of them and took
    their leading zeros; a missing value stays missing. The index of a series is kept.

    >>> account_ids([12345678901, "0123-4567-8901"]).tolist()
    ['012345678901', '012345678901']

    Raises:
        AuditorError: a value that can be no account id.
    """
    import pandas as pd  # noqa: PLC0415 (keeps `import auditor` quick)

    series = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
    return series.map(_account_id, na_action="ignore").astype("string")


def _account_id(value: object) -> str:
    whole = isinstance(value, float) and value.is_integer()
    text = str(int(value)) if whole else str(value).strip().replace("-", "")  # type: ignore[call-overload]
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= LENGTH):
        raise AuditorError(f"{value!r} is no account id.", remedy="An account id has twelve digits.", code="account")
    return text.zfill(LENGTH)
