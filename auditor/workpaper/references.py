"""What the pages are called to which controls and remedies refer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path


@cache
def titles() -> Mapping[str, str]:
    """Service and title by address."""
    data: Mapping[str, str] = json.loads(Path(__file__).with_name("reference_titles.json").read_text(encoding="utf-8"))
    return data


def reference_title(url: str) -> str:
    """What a page is called; the address itself of one that is not known, such as an own control's.

    >>> reference_title("https://docs.aws.amazon.com/sns/latest/dg/sns-create-topic.html")
    'SNS: Creating a topic'
    """
    return titles().get(url, url)


def references_in_words(urls: Iterable[str]) -> str:
    """A line a page: title and address."""
    return "\n".join(f"{titles()[url]}: {url}" if url in titles() else url for url in urls)
