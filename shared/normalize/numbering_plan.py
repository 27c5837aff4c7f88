"""Numbering plans: what a run of digits is that somebody dials in a region.

What libphonenumber's `parse` and `number_type` (phonenumbers, Apache-2.0) say of digits, by its
own metadata, in a sixth of the time: those look for words, extensions and digits of all scripts
in whatever they are given, and prepare each pattern anew. A test holds both against each other in
every region.
"""

import re
from functools import cache
from typing import NamedTuple

from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    PhoneMetadata,
    PhoneNumberDesc,
    PhoneNumberType,
)

SHORTEST, LONGEST = 2, 17
"""Digits of a national number (libphonenumber's own figures)."""

LONGEST_CODE = 3
"""Digits of a country code (ITU-T E.164)."""

UNKNOWN, MOBILE = PhoneNumberType.UNKNOWN, PhoneNumberType.MOBILE


class Number(NamedTuple):
    """A number as a plan reads it."""

    code: int
    """The country code."""
    national: str
    """The national significant number."""


class Shape(NamedTuple):
    """What the national numbers of a region, or those of a kind, look like."""

    pattern: re.Pattern[str]
    lengths: frozenset[int]

    def fits(self, national: str) -> bool:
        """Return whether *national* is such a number."""
        return len(national) in self.lengths and self.pattern.fullmatch(national) is not None


class Plan(NamedTuple):
    """How numbers are dialled in a region."""

    code: int
    """Its country code."""
    exit_code: re.Pattern[str] | None
    """What stands before a country code: 00, 011."""
    trunk: re.Pattern[str] | None
    """What stands before a national number: 0, and perhaps a carrier."""
    rewritten: str | None
    """What a number with something behind its trunk becomes, as `re.sub` takes it."""
    every: Shape
    """Any number of the region."""
    longest: int
    local: frozenset[int]
    """Digits of numbers without their area code."""
    beginning: re.Pattern[str] | None
    """How the region's numbers begin, if others have its country code."""
    special: tuple[tuple[Shape, int], ...]
    """The kinds of numbers that are neither a landline nor a mobile, in the order in which they
    are tried."""
    landline: Shape | None
    mobile: Shape | None
    told_apart: bool
    """True if landlines and mobiles differ in shape."""

    def kind(self, national: str) -> int:
        """Return the `PhoneNumberType` of *national*; UNKNOWN if there is no such number."""
        if not self.every.fits(national):
            return UNKNOWN
        for shape, kind in self.special:
            if shape.fits(national):
                return kind
        mobile = self.told_apart and self.mobile is not None and self.mobile.fits(national)
        if self.landline is None or not self.landline.fits(national):
            return MOBILE if mobile else UNKNOWN
        if mobile or not self.told_apart:
            return PhoneNumberType.FIXED_LINE_OR_MOBILE
        return PhoneNumberType.FIXED_LINE

    def abroad(self, dialled: str) -> str | None:
        """Return what follows the exit code in *dialled*, a country code first; None without."""
        found = self.exit_code.match(dialled) if self.exit_code else None
        if found is None or dialled.startswith("0", found.end()):
            return None  # no country code begins with 0
        return dialled[found.end() :]

    def without_own_code(self, dialled: str) -> str | None:
        """Return *dialled* without the region's own country code; None if it begins otherwise."""
        code = str(self.code)
        if not dialled.startswith(code):
            return None
        bare = self.without_trunk(dialled[len(code) :])
        if len(dialled) > self.longest and len(dialled) not in self.local:
            return bare
        mended = self.every.pattern.fullmatch(bare) and not self.every.pattern.fullmatch(dialled)
        return bare if mended else None

    def without_trunk(self, dialled: str) -> str:
        """Return *dialled* without what stands before a national number, if it is one then."""
        found = self.trunk.match(dialled) if self.trunk and dialled else None
        if found is None:
            return dialled
        if self.rewritten and found.groups()[-1] is not None:
            bare = found.re.sub(self.rewritten, dialled, count=1)
        else:
            bare = dialled[found.end() :]
        spoilt = self.every.pattern.fullmatch(dialled) and not self.every.pattern.fullmatch(bare)
        return dialled if spoilt else bare

    def national(self, dialled: str) -> Number | None:
        """Return the number that *dialled* is within the region; None for too few or too many."""
        if len(dialled) < SHORTEST:
            return None
        bare = self.without_trunk(dialled)
        size = len(bare)
        if size not in self.local and (size in self.every.lengths or size > self.longest):
            dialled = bare
        return Number(self.code, dialled) if SHORTEST <= len(dialled) <= LONGEST else None


def number(dialled: str, region: str | None) -> Number | None:
    """Return the number that is reached by *dialled*, digits after a `+` or none, in *region*.

    None if there can be no such number, or if it has no `+` and *region* is none that is known.
    """
    if dialled.startswith("+"):
        return _international(dialled[1:])
    home = plan(region) if region else None
    if home is None:
        return None
    abroad = home.abroad(dialled)
    if abroad is not None:
        return _international(abroad)
    bare = home.without_own_code(dialled)
    if bare is None:
        return home.national(dialled)
    return plans(home.code)[0].national(bare)


def kind(of: Number) -> int:
    """Return the `PhoneNumberType` of a number; UNKNOWN if no plan has it."""
    for each in plans(of.code):
        if each.beginning is not None:
            if each.beginning.match(of.national):
                return each.kind(of.national)
        elif (found := each.kind(of.national)) != UNKNOWN:
            return found
    return UNKNOWN


@cache
def plan(region: str) -> Plan | None:
    """Return the plan of *region* (ISO 3166-1 alpha-2), None if it has none."""
    return _plan(PhoneMetadata.metadata_for_region(region, None))


@cache
def plans(code: int) -> tuple[Plan, ...]:
    """Return the plans of all regions with the country *code*, the largest first."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(code, ())
    all_metadata = [PhoneMetadata.metadata_for_region_or_calling_code(code, r) for r in regions]
    found = [made for each in all_metadata if (made := _plan(each))]
    return tuple(found) if len(regions) > 1 else tuple(p._replace(beginning=None) for p in found)


def _international(digits: str) -> Number | None:
    """Return the number that *digits* are, a country code first."""
    if len(digits) <= SHORTEST:
        return None
    for size in range(1, LONGEST_CODE + 1):
        code = _CODES.get(digits[:size])
        if code is not None:
            return plans(code)[0].national(digits[size:])
    return None


def _plan(metadata: PhoneMetadata | None) -> Plan | None:
    if metadata is None or metadata.general_desc is None:
        return None
    every = metadata.general_desc
    return Plan(
        code=metadata.country_code or 0,
        exit_code=_pattern(metadata.international_prefix),
        trunk=_pattern(metadata.national_prefix_for_parsing),
        rewritten=metadata.national_prefix_transform_rule,
        every=Shape(
            re.compile(every.national_number_pattern or ""), frozenset(every.possible_length)
        ),
        longest=every.possible_length[-1],
        local=frozenset(every.possible_length_local_only),
        beginning=_pattern(metadata.leading_digits),
        special=tuple(
            (shape, kind)
            for name, kind in _SPECIAL
            if (shape := _shape(getattr(metadata, name), every.possible_length))
        ),
        landline=_shape(metadata.fixed_line, every.possible_length),
        mobile=_shape(metadata.mobile, every.possible_length),
        told_apart=not metadata.same_mobile_and_fixed_line_pattern,
    )


def _pattern(text: str | None) -> re.Pattern[str] | None:
    return re.compile(text) if text else None


def _shape(described: PhoneNumberDesc | None, lengths: tuple[int, ...]) -> Shape | None:
    """Return the shape of one kind of numbers, *lengths* where it has none of its own."""
    if described is None or not described.national_number_pattern:
        return None
    own = frozenset(described.possible_length or lengths)
    return Shape(re.compile(described.national_number_pattern), own)


_SPECIAL = (
    ("premium_rate", PhoneNumberType.PREMIUM_RATE),
    ("toll_free", PhoneNumberType.TOLL_FREE),
    ("shared_cost", PhoneNumberType.SHARED_COST),
    ("voip", PhoneNumberType.VOIP),
    ("personal_number", PhoneNumberType.PERSONAL_NUMBER),
    ("pager", PhoneNumberType.PAGER),
    ("uan", PhoneNumberType.UAN),
    ("voicemail", PhoneNumberType.VOICEMAIL),
)
"""Kinds of numbers in the order in which libphonenumber tries them."""

_CODES = {str(code): code for code in COUNTRY_CODE_TO_REGION_CODE}
