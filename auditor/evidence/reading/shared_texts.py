"""Answers kept in less memory: a text that recurs in the items of a list is one object.

An alarm has some 25 members, of which half say the same in all alarms of a region. As orjson reads them, each has texts
of its own, and a table of members for keys of any type: of 1,000 accounts a gigabyte more.
"""

from __future__ import annotations

FEW = 4
"""Fewer items share too little."""


def with_shared_texts(answer: dict[str, object]) -> dict[str, object]:
    """The same answer; its lists of objects are filled anew."""
    for items in answer.values():
        if type(items) is list and len(items) >= FEW:
            known: dict[str, str] = {}
            items[:] = [_shared(item, known) if type(item) is dict else item for item in items]
    return answer


def _shared(item: dict[str, object], known: dict[str, str]) -> dict[str, object]:
    same = known.setdefault
    return {
        name: same(value, value)
        if type(value) is str
        else [same(text, text) if type(text) is str else text for text in value]
        if type(value) is list and value
        else value
        for name, value in item.items()
    }
