"""The JSON patterns among those found in public repositories, each meaning once."""

from __future__ import annotations

import json
from pathlib import Path

from auditor.patterns import PatternSyntaxError, parse

DATA = Path(__file__).parents[1] / "data"


def is_json(text: str) -> bool:
    """Whether it is a JSON pattern."""
    try:
        return parse(text).kind == "json"
    except PatternSyntaxError:
        return False


def _wild() -> list[str]:
    collected = json.loads((DATA / "wild.json").read_text(encoding="utf-8"))
    texts = [*collected["reference"].values(), *(case["pattern"] for case in collected["patterns"])]
    return list({parse(text): text for text in texts if is_json(text)}.values())


WILD = _wild()
