"""Option files in YAML or JSON made to harm: one line each."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.documents import read_yaml
from auditor.errors import AuditorError


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &a [x, x]\nb: [*a, *a]\n", "alias or brackets"),
        ("a: &a x\nb: *a\n", "alias or brackets"),
        ("[" * 10_000, "nested too deeply"),
        ('{"a":' * 10_000, "nested too deeply"),
        ("\n".join(" " * depth + "- " for depth in range(1_000)), "nested too deeply"),
        ("? " * 1_000, "is not YAML"),
        ("a: !!python/object/apply:os.system [x]", "alias or brackets"),
        ("a: \x00", "is not YAML"),
    ],
)
def test_yaml_made_to_harm_is_one_line(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "file.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(AuditorError, match=words) as caught:
        read_yaml(tmp_path / "file.yaml", 16_000_000, "Mend it.")
    assert len(str(caught.value)) < 500
