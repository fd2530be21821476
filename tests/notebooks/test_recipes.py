"""The recipes of docs/for-analysts.md run as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
ANALYSTS = (ROOT / "docs" / "for-analysts.md").read_text(encoding="utf-8")


def test_recipes_of_analysts_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One after the other, as somebody would type them; those of SQL over what they wrote."""
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    monkeypatch.chdir(tmp_path)
    recipes = ANALYSTS.partition("## What `import auditor` gives")[0]
    names: dict[str, object] = {}
    blocks = re.findall(r"^```(python|sql)\n(.*?)^```$", recipes, re.MULTILINE | re.DOTALL)
    assert {language for language, _ in blocks} == {"python", "sql"}
    for language, code in blocks:
        if language == "python":
            exec(compile(code, "docs/for-analysts.md", "exec"), names)
        else:
            assert duckdb.sql(code).fetchall()
