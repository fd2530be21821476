"""What functions remember for as long as the process lives is bounded, whatever a bundle holds."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from inspect import signature
from typing import Any

import auditor

NAMES_OF_OURS = {"auditor.resources.schema", "auditor.resources.validator"}  # by the names of the product's schemas
MOST = 65_536


def remembering() -> Iterator[tuple[str, Any]]:
    """The functions of the product that remember their answers, by where they are defined."""
    for module in pkgutil.walk_packages(auditor.__path__, "auditor."):
        if module.name == "auditor.__main__":
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if hasattr(value, "cache_parameters") and value.__module__.startswith("auditor."):
                yield f"{value.__module__}.{value.__qualname__}", value


def test_what_a_bundle_can_fill_is_bounded() -> None:
    functions = dict(remembering())
    assert len(functions) > 20
    unbounded = {name for name, function in functions.items() if function.cache_parameters()["maxsize"] is None}
    assert {name for name in unbounded if signature(functions[name]).parameters} == NAMES_OF_OURS


def test_no_function_remembers_more_than_the_page_says() -> None:
    sizes = [function.cache_parameters()["maxsize"] or 0 for _, function in remembering()]
    assert max(sizes) == MOST
