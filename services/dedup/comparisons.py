"""Comparisons: how alike two records are, one kind of evidence each.

A comparison returns the name of a *comparison level*, or None where a side is
silent: no evidence is not evidence against. The weights of the levels stand in
`model`. Terms follow Fellegi and Sunter (1969) and Splink's documentation.
"""

from services.dedup.record import Record
from shared import similarity


def email(a: Record, b: Record) -> str | None:
    """The mailboxes."""
    if not (a.email and b.email):
        return None
    if a.email == b.email:
        return "same_role_inbox" if a.role else "same"
    if a.mailbox == b.mailbox:
        return "mistyped_domain"
    if a.email_domain == b.email_domain:
        if not a.role and similarity.one_typo(a.local, b.local):
            return "mistyped"
        return "other_mailbox_same_organisation" if a.organisation else "different"
    if a.local == b.local and len(a.local) >= 6 and not a.role:
        return "same_local_part"
    return "different"


def phone(a: Record, b: Record) -> str | None:
    """The telephone numbers."""
    if not (a.phone and b.phone):
        return None
    if a.phone == b.phone:
        if a.extension == b.extension:
            return "same"
        return "other_extension" if a.extension and b.extension else "extension_missing"
    if a.national == b.national:
        return "country_code_differs"
    return "one_digit_off" if _one_digit_off(a.national, b.national) else "different"


def name(a: Record, b: Record) -> str | None:
    """The names of the people."""
    if not (a.named and b.named):
        return None
    if a.generation and b.generation and a.generation != b.generation:
        return "other_generation"
    given, family = _given(a, b), _family(a, b)
    if (given, family) != ("same", "same") and _same_words(a, b):
        return "swapped"
    if given and family:
        return _WHOLE_NAMES[given, family]
    if given:
        return "different" if given == "different" else "given_name_only"
    if family:
        return "different" if family == "different" else "family_name_only"
    # One lead gave only a given name, the other only a family name.
    return None


def organisation(a: Record, b: Record) -> str | None:
    """The employers: company names and mail domains, counted once."""
    likeness = similarity.company(a.company, b.company) if a.company and b.company else None
    same_domain = bool(a.organisation) and a.organisation == b.organisation
    if likeness is not None and likeness >= 0.92:
        return "same_company"
    if likeness is not None and likeness >= 0.8:
        return "similar_company"
    if same_domain:
        return "same_domain"
    if likeness is None:
        return None
    return "related_company" if likeness >= 0.7 else "different"


def birth(a: Record, b: Record) -> str | None:
    """The dates of birth."""
    if not (a.born and b.born):
        return None
    if a.born == b.born:
        return "same"
    return "one_digit_off" if _one_digit_off(a.born, b.born) else "different"


def place(a: Record, b: Record) -> str | None:
    """The addresses, by the most precise part that both give."""
    if a.street and b.street and a.street == b.street and _same_town(a, b):
        return "same_street"
    if a.postal_code and b.postal_code and a.country == b.country:
        return "same_postal_code" if a.postal_code == b.postal_code else "elsewhere"
    if a.city and b.city:
        return "same_city" if a.city == b.city else "elsewhere"
    if a.country and b.country and a.country != b.country:
        return "other_country"
    return None


def fingerprint(a: Record, b: Record) -> str | None:
    """The whole identity taken together."""
    if not (a.email or a.phone):
        return None
    return "identical" if identity(a) == identity(b) else None


def identity(record: Record) -> tuple[object, ...]:
    """Return everything that identifies the person: equal for a lead sent twice."""
    firm = record.company.canonical if record.company else ""
    contact = (record.email, record.phone, record.extension)
    return (*contact, record.given, record.family, record.generation, firm)


def _given(a: Record, b: Record) -> str | None:
    if not (a.given and b.given):
        return None
    if a.given == b.given:
        return "same"
    if similarity.digits_differ(a.given, b.given):
        return "different"
    if set(a.roots) & set(b.roots):
        return "nickname"
    first_a, first_b = a.given.partition(" ")[0], b.given.partition(" ")[0]
    if len(first_a) == 1 or len(first_b) == 1:
        return "initial" if first_a[0] == first_b[0] else "different"
    if first_a == first_b or _sounds_alike(first_a, first_b, a.given_sound, b.given_sound):
        return "similar"
    return "different"


def _family(a: Record, b: Record) -> str | None:
    if not (a.family and b.family):
        return None
    if a.family == b.family:
        return "same"
    if similarity.digits_differ(a.family, b.family):
        return "different"
    # Two surnames, or a middle name that is one: Garcia, Garcia Lopez.
    words_a, words_b = {*a.family.split(), a.middle}, {*b.family.split(), b.middle}
    within = set(a.family.split()) <= words_b or set(b.family.split()) <= words_a
    if within or _sounds_alike(a.family, b.family, a.family_sound, b.family_sound):
        return "similar"
    return "different"


def _same_words(a: Record, b: Record) -> bool:
    """True if the names hold the same words in another order: Kim Jong Un, Jong Un Kim."""
    words = sorted(f"{a.given} {a.middle} {a.family}".split())
    return len(words) > 1 and words == sorted(f"{b.given} {b.middle} {b.family}".split())


def _sounds_alike(a: str, b: str, sound_a: str, sound_b: str) -> bool:
    """True for a typo or another romanisation; equal sounds alone are too coarse for that."""
    likeness = similarity.spelling(a, b)
    if likeness < 0.7:
        return False
    return likeness >= 0.92 or sound_a == sound_b or similarity.one_typo(a, b)


def _one_digit_off(a: str, b: str) -> bool:
    """True if one digit is wrong, or two neighbours are exchanged."""
    if len(a) != len(b) or len(a) < 7:
        return False
    wrong = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
        i, j = wrong
        return a[i] == b[j] and a[j] == b[i]
    return len(wrong) == 1


def _same_town(a: Record, b: Record) -> bool:
    towns = (a.postal_code, b.postal_code), (a.city, b.city)
    return all(x == y for x, y in towns if x and y)


_WHOLE_NAMES = {
    ("same", "same"): "same",
    ("nickname", "same"): "nickname",
    ("similar", "same"): "similar",
    ("initial", "same"): "initial",
    ("different", "same"): "other_given_name",
    ("same", "similar"): "similar",
    ("nickname", "similar"): "similar",
    ("similar", "similar"): "similar",
    ("initial", "similar"): "initial",
    ("different", "similar"): "different",
    ("same", "different"): "other_family_name",
    ("nickname", "different"): "other_family_name",
    ("similar", "different"): "different",
    ("initial", "different"): "different",
    ("different", "different"): "different",
}
"""The level of a whole name, from how its given and its family name agree."""

COMPARISONS = (email, phone, name, organisation, birth, place, fingerprint)
"""Every comparison; each counts once, so two of them never measure the same thing."""
