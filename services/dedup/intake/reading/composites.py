"""Composite values: a name, a number or an address that a sender keeps in parts.

Form builders have fields of several boxes and post them as one object: `{"first", "last"}`,
`{"area", "phone"}`, `{"addr_line1", "city", "postal"}`.
"""

from collections.abc import Mapping
from functools import lru_cache

import phonenumbers

from shared.labels.spelling import folded

GIVEN = frozenset({"first", "given", "first name", "firstname", "given name", "forename", "fname"})
FAMILY = frozenset(
    {"last", "family", "surname", "last name", "lastname", "family name", "lname", "familyname"}
)
MIDDLE = frozenset({"middle", "middle name", "middlename", "m", "middle initial", "mi"})
PARTICLE = frozenset({"particle", "infix", "tussenvoegsel", "surname prefix", "last name prefix"})
"""What stands before a last name and is of it: *van den*, *de la*."""

WHOLE = frozenset(
    (
        *(
            "full",
            "full name",
            "fullname",
            "first and last",
            "formatted",
            "display",
            "display name",
        ),
        *("name", "complete", "text"),
    )
)
TITLES = frozenset({"prefix", "suffix", "title", "salutation", "honorific"})

AREA = frozenset({"area", "area code", "areacode", "prefix"})
LINE = frozenset(
    {
        "phone",
        "number",
        "phone number",
        "national number",
        "national",
        "local",
        "line",
        "tel",
        "value",
    }
)
LINES = frozenset(
    (
        *("full", "full number", "e 164", "international", "international number", "formatted"),
        *("formatted phone", "e 164 phone", "intl", "complete", "full phone"),
    )
)
CODE = frozenset(
    (
        *("country", "country code", "code", "dial code", "calling code", "countrycode", "cc"),
        *("country calling code", "prefix", "iso", "country iso", "iso 2"),
    )
)
EXTENSION = frozenset({"extension", "ext", "type", "id", "label", "tag", "valid", "primary"})

ADDRESS = {
    "street": (
        *("addr line 1", "line 1", "street", "street address", "address", "address 1"),
        *("address line 1", "street 1", "addr 1", "line1", "address1", "street name"),
    ),
    "city": ("city", "town", "locality", "suburb"),
    "state": ("state", "region", "province", "county", "state province", "subdivision"),
    "postal_code": (
        *("postal", "zip", "postcode", "postal code", "zip code", "zipcode", "postalcode"),
    ),
    "country": ("country", "country name", "country code", "countrycode"),
}
BESIDE_ADDRESS = frozenset(
    (
        *("addr line 2", "line 2", "address 2", "address line 2", "street 2", "type", "id", "tag"),
        *("full address", "formatted", "formatted address", "latitude", "longitude", "lat", "lng"),
    )
)


def parts(value: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that an object of texts is made for, {} if it is none of these."""
    named = {folded(name): text for name, text in value.items() if isinstance(text, str)}
    names = set(named)
    if not names or any(isinstance(inner, dict) for inner in value.values()):
        return {}
    if names & (GIVEN | FAMILY) and names <= GIVEN | FAMILY | MIDDLE | WHOLE | TITLES | PARTICLE:
        return _name(named)
    if names & (LINE | LINES) and names <= AREA | LINE | LINES | CODE | EXTENSION:
        return {"phone": _number(named)}
    return _address(named)


def joined(code: str, number: str) -> str:
    """Return *number* in full where *code* says its country: `+49`, `49`, `DE`, `Germany (+49)`.

    A number that has its code keeps it; a trunk zero goes, where the country has one to go.
    """
    digits = dial_digits(code)
    if not digits or number.startswith(("+", "00")):
        return number
    return _joined(digits, number)


def dial_digits(code: str) -> str:
    """Return the country calling code in *code*, 1 to 4 digits; empty if there is none."""
    told = "".join(c for c in code.partition("+")[2] or code if c.isdigit())
    if told:
        return told.lstrip("0") if len(told.lstrip("0")) <= 4 else ""
    region = code.strip().upper()
    known = phonenumbers.country_code_for_region(region) if len(region) == 2 else 0
    return str(known) if known else ""


@lru_cache(64)
def _joined(digits: str, number: str) -> str:
    region = phonenumbers.region_code_for_country_code(int(digits))
    try:
        read = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return number
    bare = "".join(c for c in number if c.isdigit())
    if read.country_code == int(digits) and phonenumbers.is_possible_number(read):
        return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)
    return f"+{bare}" if bare.startswith(digits) else f"+{digits}{bare}"


def _name(named: Mapping[str, str]) -> dict[str, str]:
    given, family, whole = (_first(named, names) for names in (GIVEN, FAMILY, WHOLE))
    if whole and not (given and family):
        return {"name": whole}
    middle, particle = _first(named, MIDDLE), _first(named, PARTICLE)
    family = f"{particle} {family}".strip() if family else ""
    found = {"first_name": f"{given} {middle}".strip() if given else middle, "last_name": family}
    return {field: text for field, text in found.items() if text}


def _number(named: Mapping[str, str]) -> str:
    full = next((named[name] for name in named if name in LINES and named[name]), "")
    if full and (full.startswith(("+", "00")) or not _first(named, LINE)):
        return full
    line, area = _first(named, LINE) or full, _first(named, AREA)
    code = _first(named, CODE - AREA)
    if area and line and not area.startswith("+"):
        line = f"{area} {line}" if not line.startswith(area) else line
    return joined(code or area, line) if code or area.startswith("+") else line


def _address(named: Mapping[str, str]) -> dict[str, str]:
    spellings = {name: field for field, names in ADDRESS.items() for name in names}
    fields = {spellings[name] for name in named if name in spellings}
    if len(fields) < 2 or not named.keys() <= spellings.keys() | BESIDE_ADDRESS:
        return {}
    found: dict[str, str] = {}
    for name, text in named.items():
        if name in spellings and text:
            found.setdefault(spellings[name], text)
    return found


def _first(named: Mapping[str, str], names: frozenset[str]) -> str:
    return next((named[name] for name in named if name in names and named[name]), "")
