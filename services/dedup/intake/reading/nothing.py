"""Nothing: what people and programs write into a box to say that there is nothing to say."""

import re

from shared.labels.spelling import folded
from shared.normalize.filler import unfilled

NOTHING = frozenset(
    (
        *(
            "none",
            "null",
            "undefined",
            "na",
            "n a",
            "nil",
            "no",
            "not applicable",
            "unknown",
            "tbd",
        ),
        *("not provided", "not set", "not specified", "not available", "no answer", "anonymous"),
        *("keine", "keiner", "kein", "entfallt", "nicht vorhanden", "keine angabe", "unbekannt"),
        *(
            "aucun",
            "aucune",
            "neant",
            "sans objet",
            "inconnu",
            "non renseigne",
            "ninguno",
            "ninguna",
        ),
        *("no aplica", "desconocido", "nada", "sin", "nenhum", "nenhuma", "nao tem", "nao possui"),
        *("nao informado", "nessuno", "nessuna", "non applicabile", "sconosciuto", "geen", "nvt"),
        *("n v t", "niet van toepassing", "onbekend", "brak", "nie dotyczy", "nieznany", "ingen"),
        *("inget", "ei ole", "нет", "не указано", "yok", "zadna", "zadny", "なし", "无", "없음"),
    )
)
"""Whole answers that say that there is none."""

NAMES_TOO = frozenset({"nada", "sin"})
"""Of these, what people are called: Nada Kovač, Sin Min-ji."""

NO_FIRM = frozenset(
    (
        *("self", "myself", "me", "my self", "self employed", "selfemployed", "freelance"),
        *("freelancer", "freelancing", "individual", "private", "private individual", "personal"),
        *("private person", "private customer", "no company", "without company", "not a company"),
        *("retired", "unemployed", "student", "homeowner", "home owner", "home", "sole trader"),
        *("no business", "dont have one", "don t have one", "i don t have one", "just me", "n o"),
        *("consumer", "household", "residential", "stay at home", "housewife", "independent"),
        *("privat", "privatperson", "privatkunde", "privatkundin", "selbststandig", "freiberufler"),
        *("freiberuflich", "ich selbst", "keine firma", "rentner", "rentnerin", "arbeitslos"),
        *("particulier", "independant", "a mon compte", "moi meme", "retraite", "sans emploi"),
        *("autonomo", "autonoma", "por cuenta propia", "particular", "yo mismo", "jubilado"),
        *("pessoa fisica", "eu mesmo", "aposentado", "autonomo a", "sem empresa", "sin empresa"),
        *("privato", "privata", "libero professionista", "autonomo", "in proprio", "pensionato"),
        *("zzp", "zzper", "zelfstandig", "geen bedrijf", "prive", "gepensioneerd", "eigen baas"),
        *(
            "osoba prywatna",
            "prywatnie",
            "prywatna",
            "wlasna dzialalnosc",
            "emeryt",
            "samozatrudniony",
        ),
        *(
            "privatkund",
            "egenforetagare",
            "pensionar",
            "selvstaendig",
            "yksityinen",
            "частное лицо",
        ),
        *(
            "самозанятый",
            "физлицо",
            "serbest",
            "bireysel",
            "soukroma osoba",
            "osvc",
            "個人",
            "个人",
            "개인",
        ),
    )
)
"""What people write for a firm who have none."""

LONGEST, LONGEST_NOTHING = 80, 30
"""Characters of a variable of a template, and of what says that there is nothing."""

_OPENING = frozenset("{$%#*[<@")
_PLACEHOLDER = re.compile(
    r"\{\{.{0,80}\}\}|\{[\w .-]{1,40}\}|\$\{.{0,80}\}|%[\w.-]{1,40}%|#\{.{0,80}\}|\*\|.{0,80}\|\*"
    r"|\[\[?[A-Za-z][\w -]{1,38}\]?\]|<[A-Za-z]\w{0,30}>|@[a-z][\w-]{0,30}"
)
"""A variable that a template has not filled in."""


def says_nothing(text: str, of_name: bool = False) -> bool:
    """Return whether *text* says that there is nothing: `n/a`, `keine`, `-`, `{{ name }}`.

    *of_name* if somebody's name was asked for: some words for nothing are names elsewhere.
    """
    bare = text.strip()
    if len(bare) > LONGEST:
        return False
    if bare[:1] in _OPENING and (_PLACEHOLDER.fullmatch(bare) or unfilled(bare)):
        return True
    if not any(map(str.isalnum, bare)):
        return True
    # Most answers are told by their first sign or as they stand; to fold every one costs time.
    if bare[0].isdigit() or "@" in bare or len(bare) > LONGEST_NOTHING:
        return False
    low = bare.lower()
    if of_name and low in NAMES_TOO:
        return False
    plain = low.isascii() and low.replace(" ", "").isalpha()
    return low in _NOTHING or (not plain and _folded(low) in _NOTHING)


def no_firm(text: str) -> bool:
    """Return whether *text* says that somebody has no firm."""
    return says_nothing(text) or (len(text) <= 40 and _folded(text) in _NO_FIRM)


def _folded(text: str) -> str:
    return folded(text).replace(" | ", " ")


NOBODY = frozenset(
    ("me", "myself", "self", "i", "same", "same as above", "as above", "ich", "ich selbst", "moi")
)
"""Whole answers, in lower case, that name nobody: who is asked for was said elsewhere."""

_NOTHING = frozenset(map(folded, NOTHING))
_NO_FIRM = frozenset(map(folded, NO_FIRM))
