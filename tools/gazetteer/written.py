"""Puts the gazetteer's sections together, as `shared/normalize/gazetteer_layout.py` says."""

from collections import defaultdict
from struct import pack

from shared.normalize import gazetteer_layout as layout
from tools.gazetteer.cities import City
from tools.gazetteer.countries import Country
from tools.gazetteer.names import Names
from tools.gazetteer.postal import PostalCode
from tools.gazetteer.regions import Region


def written(
    lands: list[Country],
    parts: list[Region],
    towns: list[City],
    codes: list[PostalCode],
    names: Names,
) -> bytes:
    """Return the file's content."""
    places, blob = _places(lands, parts, towns)
    buckets, entries = _entries(names)
    cells, cell_entries = _cells(towns)
    sections = (
        b"".join(land.iso.encode() for land in lands),
        _regions(lands, parts, towns),
        places,
        blob,
        b"".join(_postal(code) for code in codes),
        buckets,
        entries,
        cells,
        cell_entries,
    )
    counts = [len(s) // size for s, size in zip(sections, layout.SECTIONS, strict=True)]
    return layout.HEADER.pack(layout.MAGIC, *counts) + b"".join(sections)


def _regions(lands: list[Country], parts: list[Region], towns: list[City]) -> bytes:
    first_rows: dict[tuple[str, str], int] = {}
    for town in towns:
        first_rows.setdefault((town.country, town.region), town.row)
    following = len(lands) + len(parts) + len(towns)
    packed = []
    for part in reversed(parts):
        following = first_rows.get((part.country.iso, part.geonames), following)
        code = part.code.encode()[:4].ljust(4, b"\0")
        packed.append(layout.REGION.pack(part.country.number, code, following))
    return b"".join(reversed(packed))


def _places(lands: list[Country], parts: list[Region], towns: list[City]) -> tuple[bytes, bytes]:
    packed, blob = [], bytearray()
    for place in (*lands, *parts, *towns):
        number = getattr(place, "id", 0)
        where = _where(place.latitude, place.longitude)
        renown = getattr(place, "renown", 0)
        packed.append(
            layout.PLACE.pack(_three(number), *where, place.population, renown, _three(len(blob)))
        )
        blob += place.name.encode()
    packed.append(layout.PLACE.pack(b"", b"", b"", 0, 0, _three(len(blob))))
    return b"".join(packed), bytes(blob)


def _postal(code: PostalCode) -> bytes:
    return layout.POSTAL.pack(*_where(code.latitude, code.longitude), _three(code.city.row))


def _entries(names: Names) -> tuple[bytes, bytes]:
    starts, packed, bucket = [], bytearray(), 0
    for found, rows in names.entries():
        while bucket <= found >> (64 - layout.BUCKET_BITS):
            starts.append(len(packed) // layout.ENTRY_BYTES)
            bucket += 1
        for row, grade in rows:
            packed += _three(found & 0xFFFFFF) + _three(grade << 20 | row)
    total = len(packed) // layout.ENTRY_BYTES
    starts += [total] * (layout.BUCKETS + 1 - len(starts))
    return pack(f"<{len(starts)}I", *starts), bytes(packed)


def _cells(towns: list[City]) -> tuple[bytes, bytes]:
    inside: dict[int, list[City]] = defaultdict(list)
    for town in towns:
        north, east = min(int(town.latitude + 90), 179), int(town.longitude + 180) % 360
        inside[north * 360 + east].append(town)
    starts, packed = [], bytearray()
    for cell in range(layout.CELLS):
        starts.append(len(packed) // layout.CELL_ENTRY_BYTES)
        for north, east, row in sorted(map(_in_cell, inside[cell])):
            packed += _three(row) + bytes((north, east))
    starts.append(len(packed) // layout.CELL_ENTRY_BYTES)
    return pack(f"<{len(starts)}I", *starts), bytes(packed)


def _in_cell(town: City) -> tuple[int, int, int]:
    north, east = (town.latitude + 90) % 1, (town.longitude + 180) % 1
    return int(north * layout.CELL_STEPS), int(east * layout.CELL_STEPS), town.row


def _where(latitude: float, longitude: float) -> tuple[bytes, bytes]:
    north = round(latitude * layout.NORTH_STEPS)
    east = round(longitude * layout.EAST_STEPS)
    return north.to_bytes(3, "little", signed=True), east.to_bytes(3, "little", signed=True)


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")
