"""Given names: whether a word is one that somebody bears."""

from shared.normalize import nickname
from shared.normalize.name_frequency import UNLISTED, given_per_mille
from shared.normalize.text import fold


def known_given(word: str) -> bool:
    """Return whether *word* is in a table of given names."""
    folded = fold(word, 64)
    return bool(folded) and (nickname.known(folded) or given_per_mille(folded) > UNLISTED)
