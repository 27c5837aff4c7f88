"""Strangers: what each field of a lead would say if it were somebody else's.

That a field differs does not tell what it says instead: a mobile or a landline, a mailbox at the
same provider or elsewhere, a birthday a year or a generation away. Each of these is a case, and
what is said to follow from a field that differs has to follow in all of them.
"""

from collections.abc import Mapping

from services.dedup.contact import Line, Mailbox
from services.dedup.record import Record
from shared.normalize.company import Company

Case = Mapping[str, object]
"""What one field would change in the record."""

NOWHERE = "stranger.invalid"

YEARS = 6
"""Years between two birthdays of one generation."""


def strangers(known: Record, abroad: bool = False) -> dict[str, tuple[Case, ...]]:
    """Return by field of a lead the cases in which it differs from what *known* says.

    *abroad* if a number tells the lead's country, which somebody else's would not tell.
    """
    homes = _HOMES if abroad else _HOMES[:1]
    return _ANYWHERE | {
        "email": (_MAILBOX, _mailbox_beside(known)) if known.email_domain else (_MAILBOX,),
        "phone": tuple(line | home for line in _LINES for home in homes),
        "name": (_NAME, _NAME | {"script": known.script}) if known.script else (_NAME,),
        "date_of_birth": (_ANCESTOR, {"born": _contemporary(known.born)}),
    }


def _mailbox_beside(known: Record) -> Case:
    """Return a mailbox at the provider, or the employer, of the *known* one."""
    address = f"q0x7@{known.email_domain}"
    where = known.email_domain, False, known.organisation
    return Mailbox(address, address, "q0x7", *where)._asdict()


def _contemporary(born: str) -> str:
    """Return a date some years from *born* (ISO 8601, or empty), with another day and month."""
    if not born:
        return "1980-10-31"
    month, day = ("02" if born[5:7] >= "07" else "11"), ("05" if born[8:] >= "15" else "26")
    return f"{int(born[:4]) + YEARS:04d}-{month}-{day}"


_MAILBOX = Mailbox(f"q0x7@{NOWHERE}", f"q0x7@{NOWHERE}", "q0x7", NOWHERE, False, "")._asdict()
_OTHER_MAILBOX = Mailbox(f"q0x8@{NOWHERE}", f"q0x8@{NOWHERE}", "q0x8", NOWHERE, False, "")
_OTHER_LINE = Line("+99900000000002", "99900000000002", "", mobile=False, unplaced=False)

_LINES = tuple(
    Line("+99900000000001", "99900000000001", "", mobile, unplaced=False)._asdict()
    for mobile in (False, True)
)
_HOMES: tuple[dict[str, object], ...] = ({}, {"country": "ZZ"})

_NAME: dict[str, object] = {
    **{"given": "qoxq", "middle": "", "family": "xqoqx", "generation": ""},
    **{"given_sound": "KSK", "family_sound": "KSKOK", "script": "", "roots": ("qoxq",)},
    "family_roots": (),
}
_ANCESTOR: Case = {"born": "1880-10-31"}

_ANYWHERE: dict[str, tuple[Case, ...]] = {
    "other_email": ({"other_mailboxes": (_OTHER_MAILBOX,)},),
    "other_phone": ({"other_lines": (_OTHER_LINE,)},),
    "company": ({"company": Company("qoxq", ("qoxq",), "", frozenset())},),
    "address": ({"street": "0 qoxq", "city": "qoxq", "postal_code": "Q0X0"},),
}
"""Fields that differ in one way."""
