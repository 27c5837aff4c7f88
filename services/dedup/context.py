"""Levels in context: what an agreement means beside the others, and how many people share it.

Independent comparisons cannot say that colleagues share a switchboard, relatives an address, or
that a namesake at the next desk has a mailbox of their own. So a level is exchanged for another
one where its neighbours change its meaning; each level keeps its one weight, and they still add up.
"""

from services.dedup import model
from services.dedup.beside import Beside
from services.dedup.mailbox_names import initial_spelt_out
from services.dedup.mailbox_owners import each_repeats_its_name, nobodys, renamed
from services.dedup.record import Record

Levels = dict[str, str]
"""The level that was found, by comparison."""

Ties = tuple[tuple[str, frozenset[str], str], ...]
"""By comparison, the levels that are had in common by ties, and what each becomes."""


def in_context(levels: Levels, a: Record, b: Record, beside: Beside) -> Levels:
    """Return *levels* of the new record *a* and the known *b* as they weigh beside each other."""
    found = dict(levels)
    name = levels.get("name")
    if found.get("organisation") == "same_domain" and found.get("email") in _WITHIN_THE_MAILBOX:
        del found["organisation"]  # the mailbox has said so
    if beside.carriers:
        _shared_phone(found, beside)
    if found.get("ip") == "same" and _colleagues(found):
        found["ip"] = "shared_by_colleagues"  # the employer has said so
    if name is None and _line_of_several(found):
        _in_common(found, ("organisation", "title", "ip"))  # which of them is it?
    if name is not None:
        if name in model.INITIALS and found.get("mailbox") == "spelt_after_the_other":
            name = found["name"] = "initial_spelt_out"
        if "mailbox" in found:
            told = model.UNTOLD if _somebody_else(found) else model.DOUBTFUL
            if name not in told:
                del found["mailbox"]  # the names have said so
        _names(found, levels, name, a, b)
    if found.get("birth") == "a_generation_apart":
        _parent_and_child(found)
    return found


def _line_of_several(found: Levels) -> bool:
    """True for a number that several people are known to carry, or a landline of a named firm."""
    number = found.get("phone")
    return number in model.SEVERAL or (
        number == "same" and found.get("organisation") in _ONE_COMPANY
    )


def _somebody_else(found: Levels) -> bool:
    return found.get("mailbox") == "spelt_after_somebody_else"


def _shared_phone(found: Levels, beside: Beside) -> None:
    """Let a number weigh by how many people are known to carry it."""
    people = beside.carriers.get("phone", 0)
    if people > 1 and found.get("phone") in model.ONE_LINE:
        found["phone"] = "shared_by_few" if people <= model.FEW else "shared_by_many"


def _names(found: Levels, levels: Levels, name: str, a: Record, b: Record) -> None:
    """Exchange what people of several names have in common anyway."""
    mailbox = levels.get("email")
    if name in model.INITIALS and _somebody_else(found) and initial_spelt_out(a, b):
        del found["mailbox"]  # N. Desai writes from naveen.desai@, and is no Nisha
        name = found["name"] = "other_given_name"
    if mailbox == "other_mailbox_same_organisation" and name in _NAMESAKES:
        found["email"] = "renamed" if renamed(a, b) else "mailbox_of_a_namesake"
    if name == "generation_missing" and _own_line(found) and _two_at_home(found, a, b):
        found["phone"], found["name"] = "line_of_relatives", "generation_missing_on_one_line"
        _in_common(found, ("place", "ip"))
    if found.get("birth") == "same" and name in model.ALIKE:
        _one_birthday(found, name)
    if name in model.ONE_NAME and found.get("title") == "different" and _at_other_desk(found):
        found["title"] = "other_post"
    if name in model.SIGNED and _signed(found):
        found["name"] = "signs_otherwise"
        return
    contradicting = name in model.CONTRADICTIONS
    if not (contradicting or name in model.DOUBTS):
        return
    if "fingerprint" in found:
        del found["fingerprint"]  # of a given name of two words it reads the first
    if name in model.RELATED:
        _one_line(found, name)
    if name in _TWO_PEOPLE and mailbox == "same" and a.organisation and nobodys(a, b):
        found["email"] = "same_role_inbox"  # whatever a function is called in their language
    elif contradicting and mailbox in _ONE_BOX:
        found["name"] = "one_owner"
    elif name == "other_family_name" and _married(found, levels, a, b):
        found["name"] = "new_family_name"
        if mailbox == "other_mailbox_same_organisation" and each_repeats_its_name(a, b):
            found["email"] = "renamed"
    elif contradicting and mailbox == "mistyped":  # jana@, dana@: each is spelt after its owner
        found["email"] = "other_mailbox_same_organisation" if a.organisation else "different"
    for comparison, by_ties, shared in _ties(found, name):
        if found.get(comparison) in by_ties:
            found[comparison] = shared


def _ties(found: Levels, name: str) -> Ties:
    """Return what relatives and colleagues of two names have in common anyway."""
    if found["name"] == "new_family_name":
        return () if found.get("birth") == "same" else _OF_ONE_WHO_MARRIED
    return _OF_SPOUSES if name == "other_family_name" else _TIES


def _married(found: Levels, levels: Levels, a: Record, b: Record) -> bool:
    """True for one line that is neither a switchboard nor a desk's: at work, a mobile alone.

    So it is for one birthday: twins differ in the given name.
    """
    if found.get("birth") == "same":
        return True
    if found.get("phone") == "same_mobile":
        return True
    # A mobile that was read abroad once, for want of a country.
    return _own_line(found) and (a.mobile != b.mobile or not _at_work(levels))


def _two_at_home(found: Levels, a: Record, b: Record) -> bool:
    """True for two mailboxes of people's own, as father and son have them who share a line."""
    private = not (a.organisation or b.organisation or a.role or b.role)
    return private and found.get("email") == "different" and found.get("phone") != "same_mobile"


def _in_common(found: Levels, comparisons: tuple[str, ...]) -> None:
    """Let agreements in *comparisons* weigh as what several people have in common."""
    for comparison in comparisons:
        level = found.get(comparison)
        if level is not None and model.WEIGHTS[comparison][level].weight > 0:
            found[comparison] = model.SHARED[comparison]


def _at_other_desk(found: Levels) -> bool:
    """True if the leads name one employer and agree on nothing that is one person's alone."""
    return _colleagues(found) and not _contact(found)


def _parent_and_child(found: Levels) -> None:
    """Let a house, and a line that is surely no mobile, weigh as what father and son share."""
    _in_common(found, ("place", "ip"))
    if found.get("phone") == "same":
        found["phone"] = "line_of_relatives"


def _one_birthday(found: Levels, name: str) -> None:
    """Let a birthday under names alike weigh as one of twins, who also live where they live."""
    if _contact(found):
        found["birth"] = "same_beside_alike_names"
        return
    short = name in _TWO_LISTED  # Emma and Emily are as often two as one
    found["birth"] = "same_under_short_form" if short else "same_as_of_twins"
    _in_common(found, ("place", "ip"))


def _one_line(found: Levels, name: str) -> None:
    """Let one number under doubtful names weigh as one of relatives, however it was written."""
    if _own_line(found):
        found["phone"] = "line_of_relatives"
    elif found.get("phone") != "shared_by_few":
        return
    found["name"] = model.ON_ONE_LINE.get(name, name)


def _contact(found: Levels) -> bool:
    """True if the leads agree on a mailbox or a number that is not many people's."""
    return any(
        model.WEIGHTS[each][found[each]].weight >= model.CONTACT
        for each in ("email", "phone")
        if each in found
    )


def _signed(found: Levels) -> bool:
    """True if one lead's mailbox is spelt after the other, and the two do not share a domain."""
    told = found.get("mailbox") == "spelt_after_the_other"
    return told and found.get("email", "different") == "different"


def _own_line(found: Levels) -> bool:
    """True if both leads give one number that nobody else is known to answer."""
    return found.get("phone") in _OWN_LINE


_WITHIN_THE_MAILBOX = model.WITHIN_THE_MAILBOX

_ONE_BOX = frozenset({"same", "mistyped_domain"})
"""Levels of `email` that say: one box, which answers to one owner."""

_OWN_LINE = model.ONE_LINE | model.ONE_LINE_OTHERWISE

_ONE_COMPANY = frozenset({"same_company", "similar_company"})

_NAMESAKES = model.ONE_NAME | {"given_name_only"}
"""Levels of `name` under which two mailboxes of one organisation are those of namesakes."""

_TWO_PEOPLE = frozenset({"different", "other_given_name"})
"""Levels of `name` under which one mailbox is a desk's that is named after neither."""

_TWO_LISTED = frozenset({"nickname", "one_letter_apart"})
"""Levels of `name` of which either given name is one of its own."""


def _colleagues(found: Levels) -> bool:
    """True if the leads name one employer, whose switchboard it may be."""
    level = found.get("organisation")
    return level is not None and model.WEIGHTS["organisation"][level].weight > 0


def _at_work(levels: Levels) -> bool:
    """True if the leads name one employer, or write from one shared inbox."""
    return _colleagues(levels) or levels.get("email") == "same_role_inbox"


def _by_ties(comparison: str) -> frozenset[str]:
    """Return the agreements that relatives or colleagues have in common by their ties."""
    if comparison == "email":
        return frozenset({"same_role_inbox"})
    weighed = model.WEIGHTS[comparison].items()
    return frozenset(level for level, worth in weighed if worth.weight > 0)


_TIES: Ties = tuple((each, _by_ties(each), shared) for each, shared in model.SHARED.items())
"""By comparison the levels that are had in common by ties, and what each becomes."""

_OF_SPOUSES = tuple(each for each in _TIES if each[0] != "birth")
"""Twins differ in their given names; who marries keeps the birthday."""

_OF_ONE_WHO_MARRIED = tuple(each for each in _OF_SPOUSES if each[0] != "place")
"""Two of one given name and two family names rarely live behind one door."""
