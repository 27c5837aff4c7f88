"""Slips of hand, ear and camera: one word written in two ways."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from shared import similarity
from shared.normalize.email_domains import registrable
from shared.normalize.keyboard import keys_beside
from shared.normalize.text import GROUP

_LOOKALIKES = (
    (re.compile("rn"), "m"),
    (re.compile("vv"), "w"),
    (re.compile("1|!"), "l"),
    (re.compile("0"), "o"),
    (re.compile("5"), "s"),
    (re.compile("8"), "b"),
    (re.compile("9"), "g"),
    (re.compile("2"), "z"),
    (re.compile("(?<=.)cl"), "d"),
)
"""What a scanner takes for another letter, on badges and business cards."""


_SPELLINGS = tuple(
    (letters, re.compile(spelt), sound)
    for letters, spelt, sound in (
        ("opadhyay", "^bandyopadhyaya?$", "banerji"),
        ("opadhyay", "^gangopadhyaya?$", "ganguli"),
        ("opadhyay", "opadhyaya?$", "erji"),
        ("gruff", "gruff[uy](?:dd|th)", "griffith"),
        ("x", "x(?=.*(?:shvili|dze)$)|^x(?=[aou])", "kh"),
        ("tch", "(?:sch|ch|sh)t(?:sch|ch|sh)", "shch"),
        ("tsch", "schtsch", "shch"),
        ("tsch", "tsch", "ch"),
        ("ff", "(?<=[oe])ff$", "v"),
        ("gu", "gu(?=[ei])", "g"),
        ("tx", "tx", "ch"),
        ("ts", "ts", "c"),
        ("x", "x", "ks"),
        ("io", "^io(?=.{3})", "yo"),
        ("gg", "gg(?=[ei])", "ng"),
        ("dj", "^dj|(?<=[rn])dj", "d"),
        ("g", "^g(?=[aeiou].{6})", "k"),
        ("gi", "^gi(?=a)", "y"),
        ("j", "^j", "y"),
        ("zh", "zh", "z"),
        ("gj", "gj", "g"),
        ("kj", "kj", "k"),
        ("o", "(?<=[bcdfghklmnprstvxz])[yj]o", "e"),
        ("kh", "kh", "h"),
        ("gh", "gh(?=[aeiou])", "k"),
        ("iah", "iah$", "ia"),
        ("ph", "ph", "f"),
        ("w", "w", "v"),
        ("v", "(?<=[aeiou])v(?=[aeiou])", "b"),
        ("q", "q", "k"),
        ("o", "ou|oo", "u"),
        ("ee", "ee", "i"),
        ("i", "i[yj]|[yj]i", "i"),
        ("", "(?<=[aeo])[yj](?![aeiou])", "i"),
        ("chr", "^ch(?=r)", "h"),
        ("basil", "^basil", "vasil"),
        ("bb", "bb(?=id|as$|ou$)", "v"),
        ("on", "^(?:oi|i|e)[kc]on", "ekon"),
        ("y", r"(?<=[^aeiou])y(?![aeiou])", "i"),
        ("", r"(.)\1+", GROUP),
    )
)
"""Letters without which nothing is respelt, what is, and how.

Spellings of one sound: Milica and Militsa, Jordan and Yordan, Oksana and Oxana; Georgian
Xucishvili and Khutsishvili, Greek Aggelos and Angelos, Serbian Đorđe and Djordje, Basque and
Spanish Etxeberria and Echeverría, Bengali Mukhopadhyay and Mukherji, Mia and Miah, Persian
Sadeghi and Sadeqi, Turkmen Gurbangeldi and Russian Kurbangeldi."""

_THAI = tuple(
    (re.compile(spelt), letters)
    for spelt, letters in (
        ("tch", "ch"),
        ("ch", "j"),
        ("([ptk])h", GROUP),
        ("v", "w"),
        ("ee|ii", "i"),
        ("oo|ou|uu", "u"),
        ("sd[iy]?$|dh?$", "t"),
        ("orn", "on"),
        (r"(.)\1+", GROUP),
    )
)
"""Thai is romanised by sound (RTGS), after the letters, and by taste: Chaidi and Jaidee, Suksawat
and Sooksawasdi, Naphatson and Napatsorn."""

_CONSONANTS = frozenset("bcdfghjklmnpqrstvwxz")

_SYLLABIC = frozenset("aeiouyrl")
"""What a syllable may be said on; Slavic ones on r and l, too: Vlk, Srđan."""

_ONSETS = frozenset(
    (
        *("bh", "bj", "bl", "br", "by", "bw", "ch", "ck", "cl", "cr", "cs", "cv", "cz", "dh", "dj"),
        *("dl", "dm", "dr", "dv", "dw", "dy", "dz", "fj", "fl", "fr", "fy", "gb", "gc", "gh", "gj"),
        *("gl", "gn", "gr", "gv", "gw", "gy", "hj", "hl", "hm", "hn", "hr", "hs", "ht", "hv", "hw"),
        *("hy", "jh", "jy", "kh", "kj", "kl", "km", "kn", "kr", "ks", "kt", "kv", "kw", "ky", "kp"),
        *("lh", "lj", "ll", "lv", "ly", "lw", "mb", "mc", "mg", "mh", "ml", "mm", "mn", "mp", "mr"),
        *("ms", "mt", "mv", "mw", "my", "mz", "nc", "nd", "ng", "nh", "nj", "nk", "nn", "ns", "nt"),
        *("nw", "ny", "nz", "pf", "ph", "pj", "pl", "pn", "pr", "ps", "pt", "py", "ql", "qu", "rh"),
        *("ry", "rw", "rz", "sb", "sc", "sd", "sf", "sg", "sh", "sj", "sk", "sl", "sm", "sn", "sp"),
        *("sq", "sr", "ss", "st", "sv", "sw", "sy", "sz", "th", "tj", "tk", "tl", "tr", "ts", "tv"),
        *("tw", "tx", "ty", "tz", "vl", "vr", "vy", "wh", "wl", "wn", "wr", "wy", "xh", "zb", "zd"),
        *("zg", "zh", "zl", "zm", "zn", "zo", "zr", "zs", "zv", "zw", "zy"),
    )
)
"""Two consonants that a name somewhere begins with, in Latin letters."""

LEAST_LIKE = 0.55
"""Likeness that two spellings of one word have at least: Jaidee and Chaidi."""

LIKE_IN_SOUND = 0.7
"""Likeness that a word has at least with what a typo or a romanisation makes of it."""

SHORTEST_MISTYPED, LONGEST_MISTYPED = 3, 4
"""Letters of a short word with a slip in it: of two letters, both may be initials."""

SHORTEST_THAI = 5
"""Letters from which two words so respelt are one: Chan and Jan are two names."""

MOST_REMEMBERED = 8192
"""Words that are kept in memory as respelt (under 2 MB)."""


def misread(a: str, b: str) -> bool:
    """Return whether two folded words are one, read by a scanner: Ahrned, Ahmed; V1ad, Vlad."""
    if _surely_read(a + b):
        return a == b  # most pairs, at a fourth of what follows
    one, other = seen(a), seen(b)
    one_was_misread = (one != a) != (other != b)
    return one == other or (one_was_misread and similarity.one_typo(one, other))


def mistyped(a: str, b: str) -> bool:
    """Return whether one of two short folded words is what no tongue says, and a slip of the other.

    Kmi for Kim, Tmo for Tom, Nna for Anna; of longer words `similarity.one_typo` tells. Not for
    scripts that write no vowels.
    """
    if len(a) > LONGEST_MISTYPED or len(b) > LONGEST_MISTYPED:
        return False  # most
    if len(a) < SHORTEST_MISTYPED or len(b) < SHORTEST_MISTYPED:
        return False
    if OSA.distance(a, b, score_cutoff=1) != 1:
        return False
    return _unsaid(a) != _unsaid(b)


def _unsaid(word: str) -> bool:
    """True for a word without a vowel, or that begins as no name does; Vlk and Sng are names."""
    if len(word) < SHORTEST_MISTYPED or word.endswith("ng"):
        return False
    begins = word[0] in _CONSONANTS and word[1] in _CONSONANTS
    return (begins and word[:2] not in _ONSETS) or _SYLLABIC.isdisjoint(word)


def sounds_alike(a: str, b: str, sound_a: str, sound_b: str, likeness: float) -> bool:
    """True for a typo or another romanisation; equal sounds alone are too coarse for that.

    *likeness* is the words' `similarity.spelling`.
    """
    if likeness < LIKE_IN_SOUND:
        return False
    return likeness >= 0.92 or sound_a == sound_b or similarity.one_typo(a, b)


@lru_cache(MOST_REMEMBERED)
def respelt(word: str) -> str:
    """Return a folded word with what romanisations write in two ways written in one."""
    for letters, pattern, sound in _SPELLINGS:
        if letters in word:  # a twentieth of what a pattern takes
            word = pattern.sub(sound, word)
    return word


def same_sounds(a: str, b: str, likeness: float) -> bool:
    """Return whether two folded words are one, once what is written in two ways is written in one.

    *likeness* is their `similarity.spelling`. Thai has a spelling of its own.
    """
    if likeness < LEAST_LIKE:
        return False
    if respelt(a) == respelt(b):
        return True
    return min(len(a), len(b)) >= SHORTEST_THAI and _thai(a) == _thai(b)


@lru_cache(MOST_REMEMBERED)
def _thai(word: str) -> str:
    for pattern, letters in _THAI:
        word = pattern.sub(letters, word)
    return word


def one_sign_misread(a: str, b: str) -> bool:
    """Return whether two folded words differ in an i read as l or j, or an e as c: Wai, Hce."""
    if len(a) != len(b) or a == b:
        return False
    return any(a.replace(*pair) == b.replace(*pair) for pair in _ONE_SIGN)


_ONE_SIGN = (("i", "l"), ("e", "c"), ("j", "i"))


def seen(word: str) -> str:
    """Return a folded word as a scanner that errs would see it: one form for lookalikes."""
    if _surely_read(word):
        return word
    for pattern, letter in _LOOKALIKES:
        word = pattern.sub(letter, word)
    return word


def _surely_read(word: str) -> bool:
    """True if nothing in *word* is taken for another letter."""
    return word.isalpha() and not ("rn" in word or "vv" in word or "cl" in word)


def sign_moved(one: str, other: str) -> bool:
    """Return whether one sign stands a letter further on: maria.rossi, mariar.ossi.

    Not where it is another sign: maria_rossi.
    """
    return one != other and sorted(one) == sorted(other) and similarity.one_typo(one, other)


def mistyped_domain(one: str, other: str, organisations: int) -> bool:
    """Return whether one of two domains, *organisations* of them no provider's, is a slip.

    No provider is another one's slip, but a host of one is. A first letter is taken for that of
    a key beside it only where one of the domains is a provider's.
    """
    if not similarity.one_typo(one, other):
        return False
    if not organisations and registrable(one) != registrable(other):
        return False
    if one[0] == other[0]:
        return True
    turned_round = one[:2] == other[1::-1]
    return organisations < 2 and (turned_round or keys_beside(one[0], other[0]))


def first_sign_slipped(one: str, other: str) -> bool:
    """Return whether two words differ in how they begin alone: Gelena, elena, Ehlena for Helena.

    By the key beside, by a letter too few, or by two that changed places.
    """
    if one[1:] == other[1:]:
        return keys_beside(one[0], other[0])
    return one[1:] == other or other[1:] == one or (one[:2], one[2:]) == (other[1::-1], other[2:])
