"""Names that stand the wrong way round: the family name in the given name's place."""

from functools import lru_cache

from services.dedup.record import Record
from shared.normalize.family_variants import east_asian, family_roots, given_readings
from shared.normalize.name import nickname_roots, phonetic
from shared.normalize.name_frequency import UNLISTED, given_per_mille, per_mille
from shared.normalize.name_gender import family_stem

MOST_REMEMBERED = 8192
"""Names that are kept in memory as turned (under 4 MB)."""


def turned(record: Record, surely: bool = False) -> Record | None:
    """Return *record* with its names exchanged, if it looks as if they stood the wrong way round.

    The family name is known as a given name and not as one, and the given name is not known; or
    the given name is a Chinese or Korean family, and the family name is none. Turned *surely*,
    whatever it looks like.
    """
    if not (record.given and record.family):
        return None
    names = _turned(record.given, record.middle, record.family, surely)
    return record._replace(**names) if names else None  # type: ignore[arg-type]


def family_last(record: Record) -> Record | None:
    """Return *record*, of three words with the family first, as if the last word were the family.

    Ho Yung So, who is a So. None of fewer words.
    """
    before, _, last = record.middle.rpartition(" ")
    if not last or not record.family:
        return None
    roots = family_roots(last)
    return record._replace(
        given=record.family,
        middle=f"{record.given} {before}".strip(),
        family=last,
        given_sound=phonetic(record.family),
        family_sound=phonetic(family_stem(last)),
        roots=(record.family,),
        family_roots=tuple(sorted(roots)) if len(roots) > 1 else (),
    )


@lru_cache(MOST_REMEMBERED)
def _turned(given: str, middle: str, family: str, surely: bool) -> dict[str, object] | None:
    known = per_mille(family) > UNLISTED
    asian = surely or (not known and east_asian(given) and not east_asian(family))
    unknown = (
        not known and given_per_mille(given) <= UNLISTED and given_per_mille(family) > UNLISTED
    )
    if not (asian or unknown):
        return None
    first, *others = [*middle.split(), *family.split()] if asian else family.split()
    roots = family_roots(given)
    return {
        "given": first,
        "middle": " ".join(others) if asian else " ".join([*others, *middle.split()]),
        "family": given,
        "given_sound": phonetic(first),
        "family_sound": phonetic(family_stem(given)),
        "roots": tuple(sorted(nickname_roots(first) | given_readings(first))),
        "family_roots": tuple(sorted(roots)) if len(roots) > 1 else (),
    }
