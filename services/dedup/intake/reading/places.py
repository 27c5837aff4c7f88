"""Places: clinics, shops and schools that a form names, and whose they are.

`Clinic email` is the clinic's whom the lead asked; `Practice: Orchard Lane Dental` is the lead's
own if its address is there too.
"""

from collections.abc import Sequence

from services.dedup.intake.reading import values
from services.dedup.intake.reading.nothing import says_nothing
from services.dedup.intake.sent import Answer
from shared.labels.label import Meaning
from shared.labels.phrases import places
from shared.normalize import email
from shared.normalize.text import fold

REACH = frozenset({"email", "phone", "contact"})

LONGEST = 80
"""Characters of what a place is called."""

INSTITUTIONS = frozenset(
    (
        *("school", "college", "university", "surgery", "charity", "church", "council", "club"),
        *("schule", "hochschule", "universitat", "verein", "kirche", "kita", "ecole", "mairie"),
        *("association", "universite", "colegio", "escuela", "universidad", "escola", "scuola"),
        *("associazione", "universita", "vereniging", "gemeente", "szkola", "uczelnia", "skola"),
        *("skole", "forening", "koulu", "okul", "pharmacy", "bakery", "nursery"),
    )
)
_NAMED = frozenset({"name", "of", "the", "nom", "de", "nombre", "nome", "naam", "nazwa", "namn"})

TELLING = 5
"""Letters of a word that stands both in what a place is called and in somebody's address."""

YOURS = frozenset(
    (
        *("your", "my", "ihre", "ihrer", "ihres", "deine", "deiner", "deines", "votre", "vos"),
        *("tu", "su", "sua", "seu", "tua", "uw", "jouw", "twojej", "twoja", "work", "вашей"),
    )
)
"""What says that a place is the lead's own."""


def left_out(
    answers: Sequence[Answer], found: Sequence[Meaning], spelt: Sequence[str]
) -> list[Meaning]:
    """Return *found* without how to reach a place, where the lead is reached otherwise.

    `Clinic email` beside `Phone` is the clinic's; and what is called as it is is then the clinic.
    """
    words = [frozenset(label.split()) for label in spelt]
    kinds = places() | INSTITUTIONS
    every = _workplaces(answers, found, words)
    at_place = [
        at
        for at, told in enumerate(every)
        if told.field in REACH and not told.other and words[at] & kinds and not words[at] & YOURS
    ]
    if not at_place or not any(
        told.field in REACH and not told.other and _filled(answers[at])
        for at, told in enumerate(every)
        if at not in at_place
    ):
        return every
    theirs = frozenset(word for at in at_place for word in words[at] & kinds)
    return [
        told._replace(other=True)
        if at in at_place or (told.field in ("company", "") and words[at] & theirs)
        else told
        for at, told in enumerate(every)
    ]


def _workplaces(
    answers: Sequence[Answer], found: Sequence[Meaning], words: Sequence[frozenset[str]]
) -> list[Meaning]:
    """Return *found* with `Your practice`, `School` read as the lead's, if its address says so."""
    kinds = places() | INSTITUTIONS
    asked = [
        at
        for at, told in enumerate(found)
        if not (told.field or told.other)
        and words[at] & kinds
        and words[at] <= kinds | YOURS | _NAMED
    ]
    if not asked:
        return list(found)
    every = list(found)
    hosts = _hosts(answers, found)
    for at in asked:
        told = fold(_said(answers[at])[:LONGEST], LONGEST).split()
        runs = ("".join(told[i:j]) for i in range(len(told)) for j in range(i + 1, len(told) + 1))
        if any(len(run) >= TELLING and run in hosts for run in runs):
            every[at] = Meaning("company")
    return every


def _hosts(answers: Sequence[Answer], found: Sequence[Meaning]) -> frozenset[str]:
    """Return what the domains of the lead's addresses are called: *acme* of `ann@acme.test`."""
    read = (
        email.parse(mail)
        for answer, told in zip(answers, found, strict=True)
        if told.field == "email" and not told.other
        for mail in values.mails(_said(answer))[:1]
    )
    names = ((each.organisation or "") for each in read if each)
    return frozenset(name.partition(".")[0].replace("-", "") for name in names)


def _said(answer: Answer) -> str:
    return values.text(values.simple(answer.value))


def _filled(answer: Answer) -> bool:
    said = _said(answer)
    return said.lower() not in values.BOOLEAN and not says_nothing(said)
