"""Identity: an address, a number or hashes of them, as a caller says them of one person."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared import suppression
from shared.errors import Malformed
from shared.normalize import email, phone
from shared.suppression import DIGITS, EMAIL, PHONE, Value

HASH = "hash"
"""The field of a digest that does not say of what it is, nor which."""

HASHED = tuple(f"{what}_{how}" for what in (EMAIL, PHONE) for how in DIGITS.values())
"""Fields that say both."""

FIELDS = (EMAIL, PHONE, HASH, *HASHED)

NO_ADDRESS = "is no email address"
NO_NUMBER = "is no telephone number"
NO_HASH = "is no MD5, SHA-1 or SHA-256 in hex (32, 40 or 64 digits)"

LEAST_DIGITS = 7
"""National numbers that are shorter are an extension, or a row's number."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of one person."""

    entries: tuple[Value, ...]
    """What an entry about them says: one for each thing that was said."""
    spellings: tuple[Value, ...]
    """All that an entry of somebody else's making may say of them, `entries` included."""


def address(text: str) -> Value | None:
    """Return what an entry says of the address in *text*; None if there is none."""
    parsed = email.parse(text)
    return Value(EMAIL, parsed.canonical) if parsed else None


def number(text: str, country: str) -> phone.Phone | None:
    """Return the number in *text*, read in *country* if it is national; None if there is none."""
    read = phone.parse(text, country)
    return read if read and len(read.national) >= LEAST_DIGITS else None


def identity(said: Mapping[str, str | None], country: str) -> Identity:
    """Return who is meant by *said* (FIELDS); *country* reads a national number.

    Raises Malformed with what is wrong, by field, and if nothing is said.
    """
    given = {name: text for name, text in said.items() if name in FIELDS and text}
    if not given:
        fault = f"give at least one of {', '.join(FIELDS)}"
        raise Malformed(details={"email": fault})
    entries: list[Value] = []
    spellings: list[Value] = []
    faults: dict[str, object] = {}
    for name, text in given.items():
        try:
            found = _read(name, text, country)
        except ValueError as error:
            faults[name] = str(error)
        else:
            entries.append(found[0])
            spellings += found
    if faults:
        raise Malformed(details=faults)
    return Identity(tuple(dict.fromkeys(entries)), tuple(dict.fromkeys(spellings)))


def _read(name: str, text: str, country: str) -> list[Value]:
    """Return what an entry may say, what ours says first. Raises ValueError with the reason."""
    if name == EMAIL:
        if address(text) is None:
            raise ValueError(NO_ADDRESS)
        return suppression.of_email(text)
    if name == PHONE:
        read = number(text, country)
        if read is None:
            raise ValueError(NO_NUMBER)
        return suppression.of_phone(read)
    return [hashed(text, name.rpartition("_")[2])]


def hashed(text: str, how: str = HASH) -> Value:
    """Return the digest in *text*, which is one of *how* (HASH: of any). Raises ValueError."""
    found = suppression.digest(text)
    if found is None:
        raise ValueError(NO_HASH)
    if how not in (HASH, found.kind):
        raise ValueError(f"has the length of {NAMES[found.kind]}, and {NAMES[how]} was said")
    return found


NAMES = {suppression.MD5: "MD5", suppression.SHA1: "SHA-1", suppression.SHA256: "SHA-256"}
"""What hashes are called, by their kind."""
