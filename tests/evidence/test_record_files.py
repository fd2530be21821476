"""Capture records about files that lie elsewhere now."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from auditor.evidence.recognising.record_files import _Endings

PATHS = st.lists(st.sampled_from(["a", "A", "ab", "b", "b.gz", "a.gz"]), min_size=1, max_size=4).map("/".join)


def ends_alike(path: str, other: str) -> bool:
    ends = ["/" + name.casefold().removesuffix(".gz") for name in (path, other)]
    return ends[0].endswith(ends[1]) or ends[1].endswith(ends[0])


@given(st.lists(PATHS, unique=True, max_size=8), PATHS)
def test_law_the_members_of_which_one_path_is_the_other_in_another_root(members: list[str], path: str) -> None:
    alike = {member for member in members if ends_alike(member, path)}
    like = _Endings(members).like(path)
    assert like <= alike
    assert like == alike or len(like) > 1
