"""Keyboards that people type Latin letters on: which keys a finger may hit instead."""

_LAYOUTS = (
    ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    ("qwertzuiop", "asdfghjkl", "yxcvbnm"),
    ("azertyuiop", "qsdfghjklm", "wxcvbn"),
)
"""Rows of the keyboards of most countries, of German and Slavic ones, and of French ones."""

_BESIDE = frozenset(
    frozenset((key, near))
    for rows in _LAYOUTS
    for row, below in zip(rows, (*rows[1:], ""), strict=True)
    for at, key in enumerate(row)
    for near in row[at + 1 : at + 2] + below[max(0, at - 1) : at + 1]
)


def keys_beside(one: str, other: str) -> bool:
    """Return whether two lower-case letters have keys side by side, or one above the other.

    On any of the usual layouts: what somebody types on is not known.
    """
    return {one, other} in _BESIDE
