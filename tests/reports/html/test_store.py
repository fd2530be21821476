"""What is stored comes back, and equal things are stored once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import AuditorError
from auditor.reports.html.store import Store, free_mark
from auditor.workpaper import visible

ACCOUNT = "111122223333"
TEXTS = st.one_of(st.text(), st.just(f"arn:aws:sns:eu-west-1:{ACCOUNT}:alerts"))
VALUES = st.recursive(st.one_of(TEXTS, st.integers(0, 99)), lambda inner: st.lists(inner, max_size=4), max_leaves=20)


def restored(store: Store, position: int, account: str, base: int) -> Any:
    """What data.js does."""
    entry = store.entries[position]
    if isinstance(entry, str):
        return entry.replace(store.mark, account) if account else entry
    if isinstance(entry, int):
        return entry + base
    return [restored(store, part, account, base) for part in entry]


def shown(value: Any) -> Any:
    return (
        visible(value)
        if isinstance(value, str)
        else [shown(part) for part in value]
        if isinstance(value, list)
        else value
    )


@given(st.lists(VALUES, min_size=1, max_size=5), st.integers(0, 5))
def test_values_come_back(values: list[Any], base: int) -> None:
    store = Store(free_mark(repr(values)))
    positions = [store.add(value, ACCOUNT, base) for value in values]
    assert [restored(store, position, ACCOUNT, base) for position in positions] == [shown(value) for value in values]


@given(VALUES)
def test_the_same_defect_in_another_account_adds_no_entry(value: Any) -> None:
    store = Store(free_mark(repr(value)))
    first = store.add([f"trail of {ACCOUNT}", [7, "x"], value], ACCOUNT, 5)
    size = len(store.entries)
    second = store.add([f"trail of {ACCOUNT}", [7, "x"], value], ACCOUNT, 5)
    assert (second, len(store.entries)) == (first, size)
    assert store.add(["trail of 444455556666", [9]], "444455556666", 7) == store.add(
        [f"trail of {ACCOUNT}", [7]], ACCOUNT, 5
    )


@given(st.text())
def test_a_mark_is_never_part_of_the_text(text: str) -> None:
    assert free_mark(text) not in text


def test_a_text_with_every_private_character_is_refused() -> None:
    with pytest.raises(AuditorError, match="private-use"):
        free_mark("".join(map(chr, range(0xE000, 0xF900))))
