"""What stands short, or apart, before a name, written as the parser of names reads it."""

import re


def spelt_out(text: str) -> str:
    """Return *text* with v.d. as van der, El Hadj in one word, and a generation behind the name."""
    if text[:1] in {"i", "I"}:
        text = _ELDER.sub(r"\1 sr", _YOUNGER.sub(r"\1 jr", text))
    if "t " in text:
        text = _JOINED_ARTICLE.sub(r"\1t ", text)
    if "adj" in text or "ADJ" in text:
        text = _PILGRIM.sub("hadji ", text)
    if "yeung" in text.lower():
        text = _TWO_SYLLABLES.sub("Auyeung ", text).rstrip()
    if "v." in text or "v/" in text:
        for short, whole in _CUT_PARTICLES:
            text = short.sub(whole, text)
    return text


_CUT_PARTICLES = (
    (re.compile(r"(?<!\w)v[./] ?d\.? ?(?=[^\W\d]{3})"), "van der "),
    (re.compile(r"(?<=\w\W)v\. ?(?=[^\W\d]{3})"), "van "),
)
"""How the Dutch and Germans shorten them before a family name: J. v.d. Berg, Anna v. Berg."""

_TWO_SYLLABLES = re.compile(r"(?i)^(au|ow)[ -](yeung) (?=\w)|(?<=\w )(au|ow)[ -](yeung)$")
"""A Cantonese family name of two syllables that are written apart: Au Yeung Kin-wah."""

_PILGRIM = re.compile(r"(?i)^(?:el|al)[ -]?had?dji? +(?=\w+ +\w)")
"""What West Africans put before the name of who has been to Mecca, where two words follow."""

_JOINED_ARTICLE = re.compile(r"(?i)(?<!\w)(van|in) ?['’`]t (?=\w)")
"""The Dutch article before a family name: Van 't Hoff is read as vant Hoff."""

_YOUNGER = re.compile(r"(?i)^(?:ifj|ifjabb)\.? (.+)$")
_ELDER = re.compile(r"(?i)^(?:id|idősb|idős)\. ?(.+)$")
"""What Hungarians put before the whole name of a son, and of his father."""
