"""One spelling of a text to look for phrases in: small letters, no accents, words between spaces.

Pure. Every character stands for one character of the text, so a place found here is a place there.
"""

import codecs
import unicodedata


class _Plain(dict[int, str]):
    """What each code point is read as, worked out when it is first met."""

    def __missing__(self, point: int) -> str:
        plain = _plain(chr(point))
        if len(self) < _MOST_REMEMBERED:
            self[point] = plain
        return plain


_MOST_REMEMBERED = 4096
"""Code points whose reading is kept: all of a handful of scripts."""

_LETTERS = {"ß": "s", "æ": "a", "œ": "o", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "t"}
"""Letters that Unicode does not take apart; each becomes one letter, so places stay."""

_TABLE = _Plain()


def folded(text: str) -> str:
    """Return *text* in small letters without accents, all that is no word a space; as long as it.

    "Kein Crédit-Bail!" is "kein credit bail ".
    """
    if not text.isascii():
        try:
            # Python looks up English letters alone in a table of its own; these in one of 256.
            return codecs.charmap_decode(text.encode(_WESTERN), "strict", _READ_AS)[0]
        except UnicodeEncodeError:
            pass
    return text.translate(_TABLE)


def phrase(written: str) -> list[str]:
    """Return the spellings under which `folded` texts hold a phrase of a data file.

    Umlauts are also typed as two letters ("bräuchte", "braeuchte"), and ß as ss.
    """
    lowered = unicodedata.normalize("NFC", written.lower())
    spellings = {lowered, lowered.translate(_TYPED)}
    return sorted({" ".join(folded(spelling).split()) for spelling in spellings} - {""})


_TYPED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def _plain(letter: str) -> str:
    lowered = letter.lower()[:1]
    if lowered in _LETTERS:
        return _LETTERS[lowered]
    base = unicodedata.normalize("NFKD", lowered)[:1].lower()
    base = _LETTERS.get(base, base)
    return base if base.isalnum() or unicodedata.category(base)[0] == "M" else " "


_WESTERN = "cp1252"
"""The code page that holds whatever most texts of the five languages are written in."""

_READ_AS = bytes(range(256)).decode(_WESTERN, "replace").translate(_TABLE)
"""What each byte of it is read as."""
