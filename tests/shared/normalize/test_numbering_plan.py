"""Plans read digits as libphonenumber does: it is the slow and plain way, and holds the quick one.

Every region, its own numbers of each kind as they are dialled from home and from abroad, and digits
that come from nowhere.
"""

import random

import phonenumbers
import pytest
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberType

from shared.normalize import numbering_plan

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
PREFIXES = ("", "+", "0", "00", "011", "1", "8", "+1", "+7", "+44", "+39", "+800", "+999")


def by_the_library(dialled, region):
    """Return country code, national number and kind as libphonenumber has them, None if it can't"""
    try:
        read = phonenumbers.parse(dialled, region)
    except NumberParseException:
        return None
    national = phonenumbers.national_significant_number(read)
    return read.country_code, national, phonenumbers.number_type(read)


def by_the_plans(dialled, region):
    read = numbering_plan.number(dialled, region)
    return None if read is None else (*read, numbering_plan.kind(read))


def numbers_of(region):
    """Return numbers of each kind that *region* has, national and with all before them."""
    metadata = PhoneMetadata.metadata_for_region(region, None)
    trunk, code = metadata.national_prefix or "", metadata.country_code
    for kind in PhoneNumberType.values():
        example = phonenumbers.example_number_for_type(region, kind)
        if example is not None:
            national = phonenumbers.national_significant_number(example)
            for written in (national, national[1:], f"{national}7", national[::-1]):
                for before in ("", trunk, f"+{code}", f"00{code}", f"{code}", f"+{code}{trunk}"):
                    yield before + written


@pytest.mark.parametrize("region", REGIONS)
def test_a_regions_own_numbers_are_read_as_the_library_reads_them(region):
    for dialled in set(numbers_of(region)):
        home = None if dialled.startswith("+") else region
        if len(dialled.lstrip("+")) >= 5:
            assert by_the_plans(dialled, home) == by_the_library(dialled, home), dialled


def test_digits_that_come_from_nowhere_are_read_as_the_library_reads_them():
    drawn = random.Random(20260301)
    for _ in range(6_000):
        digits = "".join(drawn.choices("0123456789", k=drawn.randint(5, 19)))
        dialled = drawn.choice(PREFIXES) + digits
        region = None if dialled.startswith("+") else drawn.choice(REGIONS)
        assert by_the_plans(dialled, region) == by_the_library(dialled, region), (dialled, region)


@pytest.mark.parametrize("region", [None, "ZZ", "001", "de"])
def test_without_a_known_region_only_what_has_a_plus_is_read(region):
    assert numbering_plan.number("2015550123", region) is None
    assert numbering_plan.number("+12015550123", region) == (1, "2015550123")
