"""Comparisons: how alike two records are, one kind of evidence each.

A comparison returns the name of a *comparison level*, or None where a side is
silent: no evidence is not evidence against. The weights of the levels stand in
`model`. Terms follow Fellegi and Sunter (1969) and Splink's documentation.
"""

from services.dedup.beside import Beside
from services.dedup.mailbox_names import made_of_the_name, mailbox
from services.dedup.mailbox_owners import each_its_name
from services.dedup.mailbox_slips import (
    SEPARATORS,
    one_number,
    other_number,
    slipped,
    wrong_number,
)
from services.dedup.names import name
from services.dedup.record import Record
from services.dedup.slips import mistyped_domain, sign_moved
from shared import similarity
from shared.normalize.name_gender import same_but_for_gender
from shared.normalize.name_script import ALPHABETS


def email(a: Record, b: Record) -> str | None:
    """The mailboxes."""
    if not (a.email and b.email):
        return None
    role = a.role or b.role
    if a.email == b.email:
        return "same_role_inbox" if role else "same"
    if a.mailbox == b.mailbox:
        return "mistyped_domain"
    if a.email_domain == b.email_domain:
        if not role:
            return _one_domain(a, b)
        return "shared_and_own_mailbox" if a.organisation else "different"
    return "different" if role or not _one_local_part(a, b) else _same_local_part(a, b)


def phone(a: Record, b: Record) -> str | None:
    """The telephone numbers."""
    if not (a.phone and b.phone):
        return None
    if a.phone == b.phone:
        if a.extension == b.extension:
            return "same_mobile" if a.mobile and b.mobile else "same"
        return "other_extension" if a.extension and b.extension else "extension_missing"
    if a.national == b.national:
        told = (a.mobile or b.mobile) and len(a.national) >= WHOLE_NUMBER
        return "same" if told else "country_code_differs"
    return _national_numbers(a, b)


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
    years = abs(int(a.born[:4]) - int(b.born[:4]))
    if _one_digit_off(a.born, b.born) and (years < GENERATION or a.generation == b.generation):
        return "one_digit_off"
    return "a_generation_apart" if years >= GENERATION else "different"


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


def title(a: Record, b: Record) -> str | None:
    """The job titles."""
    if not (a.title and b.title):
        return None
    if a.title == b.title:
        return "same"
    one, other = {*a.title.split()}, {*b.title.split()}
    return "similar" if one <= other or other <= one else "different"


def ip(beside: Beside) -> str | None:
    """The addresses on the internet that the leads came from."""
    if beside.same_ip is None:
        return None
    return "same" if beside.same_ip else "different"


def time(beside: Beside) -> str | None:
    """How far apart in time the leads came."""
    if beside.seconds_apart is None:
        return None
    for level, most in _GAPS:
        if beside.seconds_apart <= most:
            return level
    return "long_after"


def fingerprint(a: Record, b: Record) -> str | None:
    """The whole identity taken together."""
    if a.given != b.given or a.email != b.email or a.phone != b.phone:
        return None
    if not (a.email or a.phone):
        return None
    return "identical" if identity(a) == identity(b) else None


def identity(record: Record) -> tuple[object, ...]:
    """Return everything that identifies the person: equal for a lead sent twice."""
    firm = record.company.canonical if record.company else ""
    contact = (record.email, record.phone, record.extension)
    return (*contact, record.given, record.family, record.generation, firm)


def _national_numbers(a: Record, b: Record) -> str:
    """Return the level of two numbers that differ, whatever code stands before them."""
    one, other = a.national, b.national
    # What *ends* with the other's number has a country code, trunk digit or carrier before it.
    if (len(other) >= WHOLE_NUMBER and a.phone.endswith(other)) or (
        len(one) >= WHOLE_NUMBER and b.phone.endswith(one)
    ):
        return "prefix_differs"
    if _one_digit_off(one, other) or (len(one) != len(other) and _ends_one_digit_off(one, other)):
        return "one_digit_off"
    if len(one) != len(other) and not (a.mobile or b.mobile) and _dialled_in(one, other):
        return "extension_missing"
    if (a.unplaced or b.unplaced) and _one_ending(one, other):
        return "same_ending"
    told = a.mobile != b.mobile and not (a.unplaced or b.unplaced) and a.country == b.country
    return "line_and_mobile" if told else "different"


def _one_domain(a: Record, b: Record) -> str:
    """Return the level of two mailboxes at one domain."""
    apart = a.local.translate(SEPARATORS) != b.local.translate(SEPARATORS)
    if apart and not slipped(a.local, b.local):
        if wrong_number(a, b):
            return "mistyped"
        return _two_mailboxes(a, b)
    if not apart and sign_moved(a.local, b.local):
        return "mistyped"
    spelt = each_its_name(a, b) and not (apart and one_number(a.local, b.local))
    if spelt and not (apart and a.organisation):
        return "name_spelt_otherwise"
    if a.organisation and _two_of_one_firm(a, b):
        return _two_mailboxes(a, b)
    if not (apart or a.organisation) and made_of_the_name(a.local, a):
        return "name_spelt_otherwise"
    return "mistyped" if apart else "separator_differs"


def _two_of_one_firm(a: Record, b: Record) -> bool:
    """True for anne.berg@ and hanne.berg@ of an Anne and a Hanne: no slip of the keyboard.

    So it is for maria.pappas@ and maria.pappa@ of two people who are called so.
    """
    if a.family != b.family and same_but_for_gender(a.local, b.local):
        return True  # a.popov@ and a.popova@
    named = (a.given, a.family) != (b.given, b.family)
    spelt = {a.script, b.script} <= ALPHABETS | {"CJK"}  # Han is spelt in pinyin
    return named and spelt and each_its_name(a, b)


def _two_mailboxes(a: Record, b: Record) -> str:
    if not a.organisation and other_number(a.local, b.local):
        return "number_differs"
    return "other_mailbox_same_organisation" if a.organisation else "different"


_DIGITS = "0123456789"


def _one_local_part(a: Record, b: Record) -> bool:
    """True for one local part, with dots or not where one domain is the other's slip: @xmail."""
    if a.local == b.local:
        return True
    if a.local[:1] != b.local[:1] or a.local[-1:] != b.local[-1:]:
        return False  # most pairs
    organisations = bool(a.organisation) + bool(b.organisation)
    if a.local.translate(SEPARATORS) != b.local.translate(SEPARATORS):
        return False
    return mistyped_domain(a.email_domain, b.email_domain, organisations)


def _same_local_part(a: Record, b: Record) -> str:
    """Return the level of one local part at two domains."""
    organisations = bool(a.organisation) + bool(b.organisation)
    if mistyped_domain(a.email_domain, b.email_domain, organisations):
        return "mistyped_organisation"
    if a.organisation and b.organisation and _one_label(a, b):
        return "sister_domain"
    if sum(sign in _DIGITS for sign in a.local) >= TOLD_DIGITS:
        return "same_local_part"  # ann.smith853, whichever provider it is at
    if made_of_the_name(a.local, a) or made_of_the_name(b.local, b):
        return "local_part_of_the_name"
    return "same_local_part" if len(a.local) >= 6 else "different"


def _one_label(a: Record, b: Record) -> bool:
    """True for two domains that differ in their ending alone: acme.com, acme.de."""
    one, other = (each.organisation.partition(".")[0] for each in (a, b))
    return one == other and len(one) >= SHORTEST_LABEL


def _dialled_in(one: str, other: str) -> bool:
    """True if one is the number of a desk behind the other's switchboard: two to four digits."""
    board, desk = (one, other) if len(one) < len(other) else (other, one)
    more = len(desk) - len(board)
    return 2 <= more <= 4 and len(board) >= LOCAL_NUMBER and desk.startswith(board)


def _one_ending(one: str, other: str) -> bool:
    both = min(len(one), len(other)) >= LOCAL_NUMBER
    return both and one[-LOCAL_NUMBER:] == other[-LOCAL_NUMBER:]


def _one_digit_off(a: str, b: str) -> bool:
    """True if one digit is wrong, missing or too many, or two neighbours are exchanged."""
    if a[:3] != b[:3] and a[-3:] != b[-3:]:
        return False  # most pairs: of seven digits a slip leaves three alone at either end
    least = WHOLE_NUMBER if len(a) != len(b) else LOCAL_NUMBER
    return min(len(a), len(b)) >= least and similarity.one_edit(a, b)


def _ends_one_digit_off(one: str, other: str) -> bool:
    """True if so of the ends of two numbers, one of which was read in the wrong country."""
    size = min(len(one), len(other))
    return size >= WHOLE_NUMBER and _one_digit_off(one[-size:], other[-size:])


def _same_town(a: Record, b: Record) -> bool:
    towns = (a.postal_code, b.postal_code), (a.city, b.city)
    return all(x == y for x, y in towns if x and y)


GENERATION = 15
"""Years between two birthdays from which they are a parent's and a child's, and no slip."""

TOLD_DIGITS = 3
"""Digits of a mailbox from which a namesake at another provider hardly has the same number."""

LOCAL_NUMBER = 7
"""Digits of a subscriber's number that are one line's within its town or network, as a rule."""

WHOLE_NUMBER = 9
"""Digits from which two numbers do not end alike by chance: mobiles have 9 or more everywhere."""

SHORTEST_LABEL = 4
"""Letters of a firm's name in its domain from which two endings are rarely two firms'."""

_GAPS = (("within_minutes", 900.0), ("within_a_day", 86_400.0), ("within_months", 15_552_000.0))
"""Seconds up to which leads count as so near: a quarter of an hour, a day, 180 days."""

SURROUNDINGS = (ip, time)
"""Comparisons of what surrounds two leads."""

COMPARISONS = (email, phone, name, mailbox, organisation, title, birth, place, fingerprint)
"""Every comparison; each counts once, so two of them never measure the same thing."""
