"""A stored lead read anew: its record as this version reads what it said.

Keys alone could be made of the stored record, but much of what makes them is read: what a name is
short for, how it is spelt elsewhere, a number as it is dialled now. So all of it is read again, and
in the country in which its numbers were read, which a lead does not keep.
"""

from collections.abc import Mapping

from phonenumbers import region_code_for_country_code

from services.dedup import contact
from services.dedup.record import Record, read
from shared.normalize import phone


def read_anew(fields: Mapping[str, str], known: Record, default_country: str) -> Record:
    """Return the record of a lead's *fields*, which once was read as *known*.

    *default_country* (ISO 3166-1 alpha-2) reads national numbers if they come to what they were;
    else the country that those tell, also for a number that is written otherwise by now.
    """
    given = contact.promoted(fields)
    country, numbers = known.country or _region(known.phone), _numbers(known)
    found = read(given, default_country).record
    if not country or numbers <= _numbers(found):
        return found
    return read(given, country).record


def _numbers(record: Record) -> set[str]:
    return {record.phone, *(line.phone for line in record.other_lines)} - {""}


def _region(number: str) -> str:
    """Return the region of a canonical number by its country code; empty if it has none."""
    found = phone.parse(number)
    region = region_code_for_country_code(found.country_code) if found else ""
    return region if region.isalpha() and region != "ZZ" else ""
