"""Whether an answer says yes: a ticked box, a `true`, a word for it in the languages of forms.

What is not surely a yes is a no (GDPR Art. 4(11): consent is an unambiguous indication).
"""

import re
from typing import Any

from services.dedup.intake.reading import values
from shared.labels.spelling import folded

YES = frozenset(
    (
        *("yes", "y", "true", "1", "on", "checked", "ticked", "ok", "okay", "accepted", "agreed"),
        *("ja", "jawohl", "oui", "si", "sim", "tak", "да", "так", "evet", "ano", "kylla", "igen"),
        *("da", "ναι", "نعم", "כן", "हां", "हाँ", "はい", "是", "是的", "네", "예", "co", "có", "ya"),
        *("agree", "accept", "consent", "granted", "given", "opted in", "opt in", "subscribed"),
        *("einverstanden", "zugestimmt", "akzeptiert", "accepte", "acepto", "aceito", "accetto"),
        *("akkoord", "zgadzam", "согласен", "согласна", "同意", "同意する", "동의", "동의함"),
    )
)
"""Whole answers."""

_AGREES = re.compile(
    r"\b(?:agree|accept|consent|einverstanden|stimme|akzeptier\w*|willige|j accepte|accepte|consens"
    r"|acepto|consiento|aceito|concordo|accetto|acconsento|akkoord|ga akkoord|zgadzam|wyrazam"
    r"|akceptuje|согласен|согласна|даю согласие|kabul|onayliyorum|souhlasim|samtycker|godkanner"
    r"|accepterer|samtykker|hyvaksyn|elfogadom|de acord|αποδεχομαι|συμφωνω|أوافق)\b|同意|동의"
)
_REFUSES = re.compile(
    r"\b(?:no|not|don|dont|decline|refuse|never|nein|nicht|kein|keine|non|pas|ne|nao|non|niet|geen"
    r"|nie|не|нет|hayir|nechci|nesouhlasim|nej|nei|ikke|inte|ei|nem|nu|οχι|δεν|لا|לא|नहीं)\b"
    r"|不|しない|ません|안함|않"
)


def affirmative(value: Any) -> bool:
    """Return whether *value*, as a sender posted it, says yes."""
    simple = values.simple(value)
    said = folded(values.text(simple))
    if not said:
        return False
    if said in _YES:
        return True
    return bool(_AGREES.search(said)) and not _REFUSES.search(said)


_YES = frozenset(map(folded, YES))
