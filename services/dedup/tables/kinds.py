"""What a column holds: told by its heading, else guessed from its cells."""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum

from shared.normalize import dates
from shared.normalize.text import fold


class Kind(StrEnum):
    """How the cells of a column are read and compared."""

    GIVEN = "given name"
    FAMILY = "family name"
    PERSON = "whole name"
    ORGANISATION = "organisation"
    STREET = "street"
    NUMBER = "house number"
    LOCALITY = "town"
    POSTCODE = "postal code"
    REGION = "region"
    PHONE = "phone"
    EMAIL = "email"
    DATE = "date"
    CODE = "code"
    CATEGORY = "category"
    TEXT = "text"


SAMPLE = 500
"""Cells of a column that are looked at, evenly spread over its sorted distinct ones."""

MOSTLY = 0.8
"""Share of the cells that must look like a kind."""

FEW = 0.2
"""Distinct cells for each filled one, up to which a column is a category."""

_HEADINGS = (
    (Kind.EMAIL, r"e ?mail|mail(box)?"),
    (Kind.PHONE, r"(tele)?phone|tel|mobile|cell(phone)?|fax|phone (number|no)"),
    (Kind.DATE, r"dob|birth ?(day|date)|date( of birth)?|born"),
    (
        Kind.CODE,
        r"(soc(ial)? sec(urity)?|national|tax|vat|passport|customer|account)( (id|no|nr))?",
    ),
    (Kind.CODE, r"ssn|ean|upc|isbn|sku|vat|iban|duns|lei|siret|barcode"),
    (Kind.POSTCODE, r"post(al)? ?code|zip( ?code)?|plz|cap|cep"),
    (Kind.NUMBER, r"(street|house|building) (number|no|nr)|number|no"),
    (Kind.REGION, r"state|province|region|county|land|canton|prefecture"),
    (Kind.LOCALITY, r"city|town|suburb|locality|place|municipality|ort|ville|ciudad"),
    (Kind.STREET, r"(street|address|addr|strasse|road)( ?(line)?)( ?[1-4])?( address)?"),
    (Kind.GIVEN, r"(given|first|christian|fore)( ?names?)|vorname|prenom|fname"),
    (Kind.FAMILY, r"(last|family|sur)( ?names?)|nachname|lname"),
    (Kind.PERSON, r"(full|person|contact|owner|customer)( ?name)?"),
    (
        Kind.ORGANISATION,
        r"(company|organi[sz]ation|business|firm|site|restaurant|venue|account)( name)?",
    ),
    (Kind.ORGANISATION, r"name|employer|school|agency|merchant|vendor|supplier"),
    (
        Kind.CATEGORY,
        r"((unit|list|sale) )?(price|cost)|amount|quantity|qty|size|weight|year|rating",
    ),
    (Kind.CATEGORY, r"type|category|kind|class|genre|gender|sex|status|country|source|list"),
)
"""What a folded heading wholly is; the first that fits."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_PHONE = re.compile(r"\+?[\d()/. -]{7,20}")
_CODE = re.compile(r"(?=.*\d)[\w/.-]{2,40}")


def kinds(columns: Sequence[str], cells: Sequence[Sequence[str | None]]) -> list[Kind]:
    """Return the kind of each column; *cells* are those of each column, None where empty."""
    return [kind(name, each) for name, each in zip(columns, cells, strict=True)]


def kind(heading: str, cells: Sequence[str | None]) -> Kind:
    """Return what *cells* under *heading* are; the order of the rows changes nothing."""
    plain = fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading))
    for each, pattern in _HEADINGS:
        if re.fullmatch(pattern, plain):
            return each
    return _guessed([each for each in cells if each])


def _guessed(cells: list[str]) -> Kind:
    distinct = sorted(set(cells))
    if not distinct:
        return Kind.TEXT
    seen = distinct[:: -(-len(distinct) // SAMPLE)]
    if _share(seen, lambda each: bool(_EMAIL.fullmatch(each))):
        return Kind.EMAIL
    if _share(seen, lambda each: dates.date_of_birth(each) is not None):
        return Kind.DATE
    if _share(seen, lambda each: bool(_PHONE.fullmatch(each)) and _digits(each) >= 7):
        return Kind.PHONE
    if len(distinct) <= FEW * len(cells):
        return Kind.CATEGORY
    return Kind.CODE if _share(seen, lambda each: bool(_CODE.fullmatch(each))) else Kind.TEXT


def _share(cells: list[str], fits: Callable[[str], bool]) -> bool:
    return sum(map(fits, cells)) >= MOSTLY * len(cells)


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))
