"""English names: what many Chinese and Koreans go by beside the name of their own."""

import re

from services.dedup.record import Record
from shared.normalize.family_variants import east_asian
from shared.normalize.name_order import adopted, of_place
from shared.normalize.name_script import EAST_ASIAN


def english_name(a: Record, b: Record) -> bool:
    """True if one may be the English name that many Chinese and Koreans take beside their own.

    Both family names are Chinese or Korean, as `both_east_asian` says.
    """
    if not _VIETNAMESE.isdisjoint((a.given, b.given)):
        return False
    return (_adopted(a) and _of_their_own(b)) or (_adopted(b) and _of_their_own(a))


def _adopted(record: Record) -> bool:
    """True if the name is known from elsewhere, and not two Chinese syllables: Lina, not Li-na."""
    whole = record.given + record.middle.replace(" ", "")
    if of_place(record.given, "VN", given=True):
        return False  # Lan is a name of their own
    if record.script or (record.middle and _OWN_SYLLABLES.fullmatch(whole)):
        return False
    return adopted(whole) or bool(record.middle and adopted(record.given))


def _of_their_own(record: Record) -> bool:
    """True for one or two Chinese or Korean syllables that are no name elsewhere."""
    whole = record.given + record.middle.replace(" ", "")
    return bool(record.script or (not _adopted(record) and _OWN_SYLLABLES.fullmatch(whole)))


def both_east_asian(a: Record, b: Record) -> bool:
    """True if both family names are Chinese or Korean by their script or their spelling."""
    return (a.script in EAST_ASIAN or east_asian(a.family)) and (
        b.script in EAST_ASIAN or east_asian(b.family)
    )


_VIETNAMESE = frozenset({"van", "thi"})
"""First words of a Vietnamese given name; no Chinese name begins so."""

_OWN_SYLLABLES = re.compile(
    "(?:t?sz(?![aeiouwy])"
    "|(?:[zcs]h|t?sz|ts|tz|hs|[kg]w|kk|ng|[bcdfghjklmnpqrstwxyz])?[wy]?[aeiou]+[wy]?(?:ng|[nmkptlrh])?"
    "){1,2}"
)
"""What a Chinese or Korean given name is made of, in the usual romanisations: Tsz-ho, Wai-wing,
Seong-hyeon."""
