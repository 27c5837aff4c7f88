"""The keyboard that most people type Latin letters on: which keys a finger may hit instead."""

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = frozenset(
    frozenset((key, near))
    for row, below in zip(_ROWS, (*_ROWS[1:], ""), strict=True)
    for at, key in enumerate(row)
    for near in row[at + 1 : at + 2] + below[max(0, at - 1) : at + 1]
)


def keys_beside(one: str, other: str) -> bool:
    """Return whether two lower-case letters have keys side by side, or one above the other."""
    return {one, other} in _BESIDE
