"""Blocks of the letter that ask many accounts for the same, as one block that is pasted in each of them.

Three hundred accounts that lack the same would otherwise fill a hundred pages. What differs is the account, the number
of the request, and the ids that AWS draws (of subscriptions, of keys): the block looks them up by the account that it
is pasted in.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.arn import ACCOUNT_ID
from auditor.text import count

MANY = 5  # blocks of one form from which they are written as one
_ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NUMBER = re.compile("[RS]-[0-9]+")
# No text has these: `visible` replaces what is for private use.
_ACCOUNT, _SET, _FIRST_ID, _MOST_IDS = "\ue000", "\ue001", 0xE010, 100
_PLACES = re.compile(f"[{_ACCOUNT}-{chr(_FIRST_ID + _MOST_IDS)}]")
_A_LINE = 7  # accounts


@dataclass(frozen=True, slots=True)
class Item:
    """Exports of one kind: their numbers, what they show and where, why they are needed."""

    numbers: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Block:
    """All that is asked of one account at once, or of many that are asked for the same (``accounts``: number and
    account of each). ``faults``: file and what was wrong with the last export; ``afterwards``: what only the answers
    can name.
    """

    number: str
    account: str
    extent: str
    remark: str
    faults: tuple[tuple[str, str], ...]
    items: tuple[Item, ...]
    questions: tuple[tuple[str, str], ...]
    afterwards: str
    script: str
    accounts: tuple[tuple[str, str], ...] = ()

    @property
    def heading(self) -> str:
        """``R-001: account 444455556666 web-prod, 2 exports``, ``S-001 and 179 more: 180 accounts, 5 exports each``."""
        if self.accounts:
            return f"{self.number} and {len(self.accounts) - 1:,} more: {self.account}, {self.extent} each"
        return f"{self.number}: account {self.account}" + (f", {self.extent}" if self.extent else "")

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Number and account of each set of requests in it."""
        return self.accounts or ((self.number, self.account),)


def joined_alike(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of one owner, those of one form as one where there are many; each stands where its first one stood."""
    forms: dict[Block, list[tuple[Block, tuple[str, ...]]]] = defaultdict(list)
    for block in blocks:
        form, ids = _form(block)
        forms[form].append((block, ids))
    return list(_written(forms))


def _written(forms: dict[Block, list[tuple[Block, tuple[str, ...]]]]) -> Iterator[Block]:
    for form, alike in forms.items():
        if len(alike) <= MANY or not form.script:
            yield from (block for block, _ in alike)
        else:
            yield _one_of_all(form, alike)


def _form(block: Block) -> tuple[Block, tuple[str, ...]]:
    """What it has in common with blocks that ask others for the same, and the ids in which it differs. A block that
    cannot be told from its names is a form of its own.
    """
    account = block.account.partition(" ")[0]
    ids = tuple(dict.fromkeys(_ID.findall(repr(block))))
    if (
        not (_NUMBER.fullmatch(block.number) and ACCOUNT_ID.fullmatch(account))
        or len(ids) > _MOST_IDS
        or _PLACES.search(str(block))
    ):
        return block, ()

    def opened(text: str) -> str:
        for place, id_ in enumerate(ids):
            text = text.replace(id_, chr(_FIRST_ID + place))
        return text.replace(account, _ACCOUNT).replace(block.number, _SET)

    form = Block(
        number="",
        account="",
        extent=block.extent,
        remark=opened(block.remark),
        faults=tuple((opened(file), opened(fault)) for file, fault in block.faults),
        items=tuple(Item(opened(item.numbers), opened(item.what), opened(item.why)) for item in block.items),
        questions=tuple((opened(number), opened(why)) for number, why in block.questions),
        afterwards=opened(block.afterwards),
        script=opened(block.script),
    )
    return form, ids


def _one_of_all(form: Block, alike: Sequence[tuple[Block, tuple[str, ...]]]) -> Block:
    first = alike[0][0].number
    remark = "The same is asked of each of these accounts: paste the block in each of them, it knows where it is."
    stands = f"ACCOUNT stands for its number, {first} for that of its request{', ID for an id' if alike[0][1] else ''}."

    def words(text: str) -> str:
        return _PLACES.sub("ID", text.replace(_ACCOUNT, "ACCOUNT").replace(_SET, first))

    return Block(
        number=first,
        account=count(len(alike), "account"),
        extent=form.extent,
        remark=" ".join(filter(None, (words(form.remark), remark, stands))),
        faults=tuple((words(file), words(fault)) for file, fault in form.faults),
        items=tuple(Item(words(item.numbers), words(item.what), words(item.why)) for item in form.items),
        questions=tuple((words(number), words(why)) for number, why in form.questions),
        afterwards=words(form.afterwards),
        script=_script(form.script, first, alike),
        accounts=tuple((block.number, block.account) for block, _ in alike),
    )


def _script(script: str, first: str, alike: Sequence[tuple[Block, tuple[str, ...]]]) -> str:
    """The block's commands with variables; ``begin`` is told all of the accounts and finds out in which one it is."""
    accounts = [block.account.partition(" ")[0] for block, _ in alike]
    lines = [" ".join(accounts[start : start + _A_LINE]) for start in range(0, len(accounts), _A_LINE)]
    listed = " \\\n  ".join(lines)
    chosen = [
        f"{account}) " + " ".join(f"id{place}={id_}" for place, id_ in enumerate(ids, start=1)) + ";;"
        for account, (_, ids) in zip(accounts, alike, strict=True)
        if ids
    ]
    case = "\n".join(["case $account in", *chosen, "esac", ""]) if chosen else ""
    _, _, commands = script.partition("\n")  # `begin ACCOUNT && {`
    return f"begin {listed} && {{\n{case}{_with_variables(commands.replace(_SET, first))}"


def _with_variables(commands: str) -> str:
    """Places as variables of the shell, which single quotes would not fill in."""
    quote, written = "", []
    for sign in commands:
        text = sign
        if sign in "'\"" and quote in ("", sign):
            quote = "" if quote else sign
        elif _PLACES.match(sign):
            text = "${account}" if sign == _ACCOUNT else f"${{id{ord(sign) - _FIRST_ID + 1}}}"
            text = f"'\"{text}\"'" if quote == "'" else text
        written.append(text)
    return "".join(written)
