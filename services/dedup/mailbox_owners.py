"""Whose the mailboxes of two leads are: each its lead's, after a wedding too, or nobody's own."""

from services.dedup.mailbox_names import SHORTEST_GIVEN, listed, made_of_the_name, spells_the_name
from services.dedup.record import Record


def each_its_name(a: Record, b: Record) -> bool:
    """Return whether each mailbox is spelt as its lead spells the name: yurii_shevchenko."""
    return spells_the_name(a.local, a) and spells_the_name(b.local, b)


def each_repeats_its_name(a: Record, b: Record) -> bool:
    """Return whether each mailbox repeats its lead's name, in whichever spelling."""
    return made_of_the_name(a.local, a) and made_of_the_name(b.local, b)


def nobodys(a: Record, b: Record) -> bool:
    """Return whether the mailbox that both give is a word named after neither: mechirot@.

    What begins as a name does is a form of it: jo.doe@ and jo@ are John Doe's.
    """
    local = a.local
    if not local.isalpha() or listed(local):
        return False
    names = [word for each in (a, b) for word in f"{each.given} {each.family}".split()]
    if any(word.startswith(local) or (len(word) > 2 and word in local) for word in names):
        return False
    return not (made_of_the_name(local, a) or made_of_the_name(local, b))


def renamed(a: Record, b: Record) -> bool:
    """Return whether one family name holds the other and a word more, as each mailbox says.

    Hilde Delvaux, hilde.delvaux@, and Hilde Delvaux-Dehaene, hilde.dehaene@: after a wedding.
    """
    one, other = (f"{each.middle} {each.family}".split() for each in (a, b))
    if len(one) == len(other):
        return False
    (short, before), (long, after) = sorted(((one, a.local), (other, b.local)), key=_words)
    added = [word for word in long if word not in short and len(word) >= SHORTEST_GIVEN]
    kept = [word for word in short if word in long and word in before]
    return bool(kept) and any(word in after for word in added)


def _words(told: tuple[list[str], str]) -> int:
    return len(told[0])
