"""What a value alone tells, where no label says anything: the last resort.

Something is taken for a field only if it is the only one that can be: of two addresses without
labels nobody knows which is the lead's.
"""

import re
from collections.abc import Iterator, Sequence

from services.dedup.intake.reading import telephones, values
from services.dedup.intake.reading.candidates import SHAPE, Candidate, Unread
from services.dedup.intake.reading.fitting import SHAPED
from services.dedup.intake.reading.given import known_given
from services.dedup.intake.reading.nothing import no_firm
from shared.normalize import company, email, phone
from shared.normalize.text import fold

NAME_WORDS = range(2, 5)
"""Words of a name that is known by its shape; one word may be anything."""

FIRM_WORDS = range(2, 9)
"""Words of a firm's name that is known by its legal form."""

STRANGE = 2
"""Words of a label from which on it says something, if only we knew what: `Funeral director` is
somebody else, and so is whoever stands below it. One word may be a name in any language."""

_UNSAID = frozenset({"", "name", "full_name", "first_name", "last_name", "company", "contact"})
"""Fields whose box may hold a name or a firm; in others (`Site: Acme Ltd`) it is something else."""

_WORD = re.compile(r"[^\W\d_][\w'’.-]*")


def guessed(
    unread: Sequence[Unread], missing: frozenset[str], country: str, mail: str
) -> list[Candidate]:
    """Return what the *unread* answers show by shape, of the fields that are *missing*.

    *country* (ISO 3166-1 alpha-2, or empty) reads numbers without their code; *mail* is the lead's
    address, if it is known: a name or a firm often stands in it. `last_name` is missing where the
    name that is known is but one word.
    """
    found: list[Candidate] = []
    for field, shaped in _SHAPES.items():
        if field not in missing:
            continue
        unread = [each for each in unread if each.place not in {one.place for one in found}]
        if field in _IN_MAIL:
            known = mail or next((each.text for each in found if each.field == "email"), "")
            nameless = bool(missing & {"name", "last_name"})
            inside = list(_IN_MAIL[field](unread, known, nameless)) if known else []
            if inside:
                found += inside
                continue
        fitting = [(text, each.place) for each in unread for text in shaped(each, country) if text]
        if len({text for text, _ in fitting}) == 1:
            text, place = fitting[0]
            found.append(Candidate(field, text, SHAPE, SHAPED, 0, place, ""))
    return found


def _mail(each: Unread, country: str) -> Iterator[str]:
    # A label that only asks about an address (`Newsletter`) may stand beside one.
    if not each.meaning.other:
        yield values.one_mail(each.text).lower()


def _phone(each: Unread, country: str) -> Iterator[str]:
    if each.meaning.other or each.meaning.about:
        return
    if number := telephones.one_number(each.text):
        yield number
    elif isinstance(each.raw, str) and telephones.bare_number(each.text):
        read = phone.parse(each.text, country or None)
        yield each.text if read and read.valid and not read.placeholder else ""


def _name(each: Unread, country: str) -> Iterator[str]:
    if _says_whose(each) or not values.person_name(each.text):
        return
    words = each.text.split()
    if len(words) not in NAME_WORDS or not all(map(_WORD.fullmatch, words)):
        return
    if all(word[:1] == word[:1].upper() for word in (words[0], words[-1])):
        yield each.text if known_given(words[0]) or known_given(words[-1]) else ""


def _firm(each: Unread, country: str) -> Iterator[str]:
    if _says_whose(each) or each.meaning.strange or "@" in each.text:
        return
    if len(each.text) <= 80 and len(each.text.split()) in FIRM_WORDS and not no_firm(each.text):
        read = company.parse(each.text)
        yield each.text if read and read.legal_form and read.canonical else ""


def _says_whose(each: Unread) -> bool:
    """Return whether the label is about somebody or something else, or may well be."""
    meaning = each.meaning
    told = meaning.field not in _UNSAID
    return told or meaning.other or meaning.about or meaning.strange >= STRANGE


def _names_in_mail(unread: Sequence[Unread], mail: str, nameless: bool) -> Iterator[Candidate]:
    """Yield the names that stand in an address: Ann Lee in ann.lee@…, or Ann and Lee apart."""
    local = fold(mail.partition("@")[0], 64).replace(" ", "")
    whole, parts = [], []
    for each in unread:
        if each.meaning.other or each.meaning.about or not values.person_name(each.text):
            continue
        words = [word for word in fold(each.text, 64).split() if len(word) > 1]
        inside = [word for word in words if len(word) > 2 and word in local]
        if len(words) in NAME_WORDS and inside and len(each.text.split()) in NAME_WORDS:
            whole.append(Candidate("name", each.text, SHAPE, SHAPED, 0, each.place, ""))
        elif len(words) == 1 and inside:
            parts.append((local.index(words[0]), each))
    if len(whole) == 1 and not parts:
        yield whole[0]
    elif not whole and not parts:
        yield from _spelt_in_mail(unread, mail)
    elif len(parts) == 2 and not whole and len({text for text, _ in parts}) == 2:
        parts.sort(key=lambda part: part[1].place)
        for field, (_, each) in zip(("first_name", "last_name"), parts, strict=True):
            yield Candidate(field, each.text, SHAPE, SHAPED, 0, each.place, "")


def _spelt_in_mail(unread: Sequence[Unread], mail: str) -> Iterator[Candidate]:
    """Yield the name that the lead's whole address spells, whoever it is asked of.

    `Doctor name`, `Owner name` may be anybody's; Ann Lee's at ann@lee.test is the lead's.
    """
    told = {
        each.text: each
        for each in unread
        if len(each.text.split()) in NAME_WORDS
        and values.person_name(each.text)
        and in_address(each.text, mail)
    }
    for text, each in told.items() if len(told) == 1 else ():
        yield Candidate("name", text, SHAPE, SHAPED, 0, each.place, "")


def in_address(name: str, mail: str) -> bool:
    """Return whether *mail* spells *name*: its first or last word before the @, each somewhere."""
    local, host = (fold(part, 254).replace(" ", "") for part in mail.partition("@")[::2])
    told = [word for word in fold(name, 64).split() if len(word) > 1]
    ends = [word for word in (told[:1] + told[-1:]) if len(word) > 2]
    return any(word in local for word in ends) and all(w in local + " " + host for w in ends)


def _firm_in_mail(unread: Sequence[Unread], mail: str, nameless: bool) -> Iterator[Candidate]:
    """Yield the firm whose name is the domain of the address: Acme Ltd at …@acme.test.

    People name domains after themselves: one word is a firm only where the whole name is known.
    """
    read = email.parse(mail)
    label = fold(((read and read.organisation) or "").partition(".")[0], 64).replace(" ", "")
    fitting = []
    for each in unread:
        said = not (each.meaning.other or each.meaning.about or "@" in each.text)
        if said and 0 < len(each.text) <= 80 and label and not (nameless and _one_word(each)):
            firm = company.parse(each.text)
            if firm and "".join(firm.tokens) == label and not values.site(each.text):
                fitting.append(Candidate("company", each.text, SHAPE, SHAPED, 0, each.place, ""))
    yield from fitting if len(fitting) == 1 else ()


def _one_word(each: Unread) -> bool:
    return len(each.text.split()) == 1


_SHAPES = {"email": _mail, "phone": _phone, "company": _firm, "name": _name}
"""What each field looks like, in the order in which they are looked for."""

_IN_MAIL = {"company": _firm_in_mail, "name": _names_in_mail}
