"""How many examples a law draws."""

from __future__ import annotations

from hypothesis import settings


def examples(whole: int) -> settings:
    """All of them where every run draws new ones (``--hypothesis-profile random``), else a third, always the same."""
    return settings(max_examples=whole // 3 if settings.default.derandomize else whole)
