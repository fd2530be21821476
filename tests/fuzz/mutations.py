"""Bytes changed a little, at random."""

from __future__ import annotations

from random import Random

# What parsers mind: brackets, numbers past every limit, halves of characters, marks, names of what decides.
PIECES = [
    b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b"\x00", b"\xff", b"\xfe", b"\xef\xbb\xbf", b"\r\n", b"null",
    b"true", b"-1", b"0", b"1e999", b"-1e999", b"NaN", b"Infinity", b"9" * 20, b"9" * 400, b"1e300", b"\\ud800",
    b'"\\u0000"', b"[]", b"{}", b'""', b"arn:aws:sns:::", b"\xe2\x80\xae", b"=1+1", b"<script>", b"\x1b[2J", b"*", b"%",
    b"(", b")", b"&&", b"||", b"!=", b"$.", b"PK\x03\x04", b"2026-13-40T99:99:99Z",
]  # fmt: skip


def mutated(data: bytes, random: Random) -> bytes:
    """``data`` with one to four changes: cut, repeated, overwritten, or a piece put in or in the place of a word."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 4)):
        first, second = sorted((random.randint(0, len(changed)), random.randint(0, len(changed))))
        second = min(second, first + random.choice((1, 4, 40, 400)))
        match random.randrange(6):
            case 0:
                del changed[first:second]
            case 1:
                changed[first:first] = changed[first:second]
            case 2 if changed:
                changed[first % len(changed)] = random.randrange(256)
            case 3:
                changed[first:first] = random.choice(PIECES)
            case 4:
                changed[first : _end_of_word(changed, first)] = random.choice(PIECES)
            case _:
                changed[first:second] = random.choice(PIECES) * random.choice((1, 1, 3, 50))
    return bytes(changed)


def _end_of_word(data: bytearray, start: int) -> int:
    end = start
    while end < len(data) and (data[end : end + 1].isalnum() or data[end : end + 1] in (b".", b"-", b"+")):
        end += 1
    return end
