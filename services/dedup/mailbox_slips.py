"""Slips in the part of an address before the @: one mailbox, written in two ways.

A digit tells mailboxes apart as a letter does not, so slips in numbers have rules of their own.
"""

from services.dedup.mailbox_names import made_of_the_name
from services.dedup.record import Record
from shared import similarity

OWN_WORD = 8
"""Letters of a mailbox from which nobody else is likely to have chosen the same."""

YEARS_DIGITS = 2
"""Digits of a number that its owner chose: a year's last two."""

LONG_NUMBER = 4
"""Digits behind a word of as many letters that two mailboxes do not share by chance: a year."""

TOLD_NUMBER = 3
"""Digits of a number from which it is likelier one with a digit too many than a namesake's."""

SEPARATORS = str.maketrans("", "", "._-")


def slipped(one: str, other: str) -> bool:
    """Return whether two local parts are a slip apart: of hand, of camera, or of a digit's key."""
    if similarity.one_typo(one, other):
        return True
    if abs(len(one) - len(other)) > 1 or (one[:3] != other[:3] and one[-3:] != other[-3:]):
        return False  # most pairs
    return misread(one, other) or letter_for_digit(one, other)


def misread(one: str, other: str) -> bool:
    """Return whether a scanner reads one for the other: kooprnans, koopmans; matsum0to.

    A digit behind a word is chosen, and no letter misread: smith5 is not smiths.
    """
    if abs(len(one) - len(other)) > 1:
        return False
    for written, read in _LOOKALIKES:
        if (written in one or written in other) and (
            one.replace(written, read) == other.replace(written, read)
        ):
            return not written.isdigit() or _within(one, other)
    return False


def letter_for_digit(one: str, other: str) -> bool:
    """Return whether they differ by a letter among the digits of a number: foxtiger467f, 85 8i5."""
    if abs(len(one) - len(other)) > 1 or len(one) < 3 or len(other) < 3:
        return False
    long, short = (one, other) if len(one) >= len(other) else (other, one)
    at = next((i for i, sign in enumerate(short) if sign != long[i]), len(short))
    if at == 0 or not long[at - 1].isdigit():
        return False
    if len(long) == len(short):
        return long[at].isdigit() != short[at].isdigit() and long[at + 1 :] == short[at + 1 :]
    among = long[at].isalpha() and long[at + 1 : at + 2].isdigit()
    return among and long[at + 1 :] == short[at:]


def one_number(one: str, other: str) -> bool:
    """True if both hold the same digits, a year's at least: no namesake chooses them as well."""
    digits = [sign for sign in one if sign in _DIGITS]
    return len(digits) >= YEARS_DIGITS and digits == [sign for sign in other if sign in _DIGITS]


def wrong_number(a: Record, b: Record) -> bool:
    """True if one digit is off behind a word of one's own: eaglefoto793, but not john.smith2."""
    if a.organisation or abs(len(a.local) - len(b.local)) > 1:
        return False  # colleagues are numbered
    word = a.local.rstrip(_DIGITS)
    if len(word) < OWN_WORD or word != b.local.rstrip(_DIGITS):
        return False
    if len(a.local) != len(b.local) and min(len(a.local), len(b.local)) - len(word) < YEARS_DIGITS:
        return False  # eaglefoto, eaglefoto7
    if any(len(each.family) > 2 and each.family in word for each in (a, b)):
        return False
    named = made_of_the_name(a.local, a) or made_of_the_name(b.local, b)
    return not named and similarity.one_edit(a.local, b.local)


def other_number(one: str, other: str) -> bool:
    """True if one digit differs of a long number behind one word, or one is too many: kim328."""
    word = one.rstrip(_DIGITS)
    if not word or word != other.rstrip(_DIGITS):
        return False
    longer = max(len(one), len(other)) - len(word)
    if len(one) != len(other):
        shorter = min(len(one), len(other)) - len(word)
        told = longer >= TOLD_NUMBER and shorter >= YEARS_DIGITS
    else:
        told = longer >= LONG_NUMBER and len(word) >= LONG_NUMBER
    return told and min(len(one), len(other)) >= TOLD_NUMBER and similarity.one_edit(one, other)


def _within(one: str, other: str) -> bool:
    """True if a digit stands within a word on either side, and not in the number behind it."""
    return any(
        any(sign in _DIGITS for sign in each.rstrip(_DIGITS)) and each[-1] not in _DIGITS
        for each in (one, other)
    )


_DIGITS = "0123456789"

_LOOKALIKES = (
    *(("rn", "m"), ("cl", "d"), ("vv", "w"), ("ri", "n"), ("ii", "u"), ("li", "h")),
    *(("0", "o"), ("1", "l"), ("1", "i"), ("5", "s"), ("8", "b"), ("6", "g"), ("2", "z")),
)
"""What a scanner reads for another letter, of two signs and of one."""
