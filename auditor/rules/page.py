"""``docs/rules.md``, made from the data: ``python -m auditor.rules.page > docs/rules.md``."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.rules.law import Rule, Source, chapters, known_in_words
from auditor.rules.reasons import reasons

_INTRODUCTION = """\
# The rules

What is true of the chain trail → log group → metric filter → metric → alarm → topic → subscription, and what a bundle
of exported answers can therefore prove. Every reason of a verdict names one of these rules, and every report repeats
those that it cites. *Stated by AWS*: in the pages and models named. *Reported from running accounts*: by people who
run them, not by AWS. *Our own reading*: chosen so that a PASS is never wrong; change one only with a better source.

This page is made from `auditor/rules/rules.json` and `reasons.json` by `python -m auditor.rules.page`; do not edit it.
"""


def page() -> str:
    """The text of ``docs/rules.md``."""
    return "\n".join([_INTRODUCTION, *_body()])


def _body() -> Iterator[str]:
    for chapter in chapters():
        yield f"## {chapter.letter} {chapter.title}\n"
        for rule in chapter.rules:
            yield f"### {rule.id} {rule.title}\n"
            yield f"{rule.says}\n"
            yield "\n".join(f"- {fact}" for fact in _facts(rule)) + "\n"


def _facts(rule: Rule) -> Iterator[str]:
    yield f"Known: {known_in_words(rule.known)}" + (f" ({', '.join(map(_link, rule.sources))})" if rule.sources else "")
    if rule.links:
        yield f"Link: {', '.join(link.replace('_', ' ') for link in rule.links)}"
    codes = [reason.code for reason in reasons().values() if reason.rule == rule.id]
    yield f"Reasons: {', '.join(f'`{code}`' for code in codes)}" if codes else f"No reason names it: {rule.no_reason}"


def _link(source: Source) -> str:
    return f"[{source}]({source.url})" if source.url else str(source)


if __name__ == "__main__":
    print(page(), end="")
