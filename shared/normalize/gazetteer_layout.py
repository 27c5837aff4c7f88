"""How the gazetteer's file is laid out: sections of rows of one length, little-endian.

The header names how many rows each section has, in the order of SECTIONS; they follow one
another without gaps. Rows of places are ordered: countries, first-level regions, then cities
by region, so that a row's number alone tells its region and its country. Names are found by
hash (`entries`), so no name but each place's own is kept.
"""

from math import log10
from struct import Struct

MAGIC = b"LeadFly places 3"
HEADER = Struct("<16s9I")

REGION = Struct("<B4sI")
"""Country's number, code within the country, first row of its cities. Code "" holds the
cities of which no region is known."""

PLACE = Struct("<3s3s3sIB3s")
"""GeoNames id, latitude, longitude, population (of a region: of its towns), renown (in hundredths
of a power of ten, see `tools/gazetteer/renown.py`), where the name begins in the names; the
row after the last place ends the last name."""

POSTAL = Struct("<3s3s3s")
"""Latitude, longitude and the row of the place that it belongs to."""

ENTRY_BYTES = 6
"""24 bits of the key's hash, 4 bits of grade, 20 bits of row."""

CELL_ENTRY_BYTES = 5
"""Row, and where in its cell of one degree: steps north, and east; ordered from south to north."""

CELL_STEPS = 256
"""Steps in a cell, of 0.43 km to the north."""

SECTIONS = (2, REGION.size, PLACE.size, 1, POSTAL.size, 4, ENTRY_BYTES, 4, CELL_ENTRY_BYTES)
"""Bytes of a row: countries, regions, places, names, postal codes, buckets, entries, cells,
cell entries. There is one bucket and one cell more than are used, and one place."""

BUCKET_BITS = 17
BUCKETS = 1 << BUCKET_BITS
CELLS = 360 * 180

NORTH_STEPS, EAST_STEPS = 90_000, 46_000
"""Steps a degree (1.2 m, 2.4 m), so that 24 bits hold 90 and 180 degrees."""

PRIMARY, NATIVE, LANGUAGE, FOREIGN, ALIAS, CODE, CHOSEN, SHORT, RATHER = range(9)
"""Grades of a name: the place's own; the one its post uses; a region's or country's in another
language; one in another script; any other; an abbreviation; one we chose by hand, which
means this place and no other; its name without what tells it from others (Newcastle of Newcastle
upon Tyne); and one that by hand is rather this place's than another's."""

PENALTY = (0.0, 0.1, 0.3, 0.5, 1.5, 1.5, -1.5, 0.4, -3.0)
"""What each grade takes off a place's standing. 1.5: Frankfort, an old name of Frankfurt, is
rather the town of that name with a thirtieth of the people. 0.4: León in Mexico is still meant
before Spain's. -3: by hand goes before a country that has the name in some language (Columbia)."""

CITY, REGION_KIND, COUNTRY_KIND = range(3)

_KIND_BONUS = (0.0, -0.3, 0.8)
"""A country is rather meant than the capital or the state of its name (Luxembourg, Georgia); a
city rather than the region (Salzburg)."""

RENOWN_STEPS = 100

_LEAST = 100


def standing(kind: int, population: int, renown: int, grade: int) -> float:
    """Return how likely a name means a place: log10 of its people, and what else speaks for it.

    In [0, 13]; a place of unknown population stands like a hamlet of 100. An abbreviation says
    nothing of the kind: CA is California as well as Canada.
    """
    bonus = 0.0 if grade == CODE else _KIND_BONUS[kind]
    return log10(max(population, _LEAST)) + renown / RENOWN_STEPS + bonus - PENALTY[grade]
