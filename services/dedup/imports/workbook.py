"""A workbook (.xlsx, .xlsm): its sheets, and where in the archive they are.

Read as data alone: macros, links, pictures and formulas are never looked at. It is read here and
not by openpyxl because that holds all texts and an object for every row (docs/decisions/0057).
"""

import posixpath
from collections.abc import Iterator, Mapping
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from services.dedup.imports.cell_text import BUILT_IN, PLAIN, Format, format_of
from services.dedup.imports.markup import DAMAGED, Markup
from services.dedup.imports.worksheet import UNREADABLE, Line, Strings, Worksheet
from shared.errors import Malformed

MOST_MEMBERS = 10_000
"""Files in the archive: sheets, pictures, comments."""

MOST_UNPACKED = 4 * 1024**3
"""Bytes of all of them; a sheet of a million rows and twenty columns has some two thirds of it."""

MOST_PART = 8 * 1024**2
"""Bytes of what says where the sheets are and how their cells look."""

MOST_ELEMENTS = 200_000
"""Of such a part; 65,000 styles are what Excel knows."""

MOST_RATIO, UNSUSPICIOUS = 250, 16 * 1024**2
"""How many times its packed size a file may have, from that size on: XML of cells has ten to fifty,
and what packs into nothing is there to fill a machine."""

MOST_SHEETS = 255

TOO_MUCH = "The workbook has more styles or sheets than we read."

Element = tuple[str, str, dict[str, str]]
"""The name of its parent, its own, and what it says of itself."""


class Workbook:
    """A workbook, its sheets by name in their order."""

    def __init__(self, file: IO[bytes]):
        """Raises Malformed if *file* is no workbook, or none that we read."""
        self._archive, self._members = _archive(file)
        main = self._main()
        self._strings, self._formats, self._from_1904 = "", [PLAIN], False
        self._sheets: dict[str, str] = {}
        parts = self._relations(main)
        for kind, target in parts.values():
            if kind == "sharedStrings":
                self._strings = target
            elif kind == "styles":
                self._formats = _formats(self._elements(target))
        self._read_main(main, parts)
        if not self._sheets:
            raise Malformed("The workbook has no sheet with cells.")

    @property
    def sheets(self) -> list[str]:
        """What its sheets are called, in their order; up to MOST_SHEETS of them."""
        return list(self._sheets)

    def lines(self, sheet: str) -> Iterator[Line]:
        """Yield the rows of a sheet that say something. Raises Malformed where it is damaged."""
        try:
            strings = Strings(self._open(self._strings) if self._strings else None)
            file = self._open(self._sheets[sheet])
            yield from Worksheet(file, strings, self._formats, self._from_1904).lines()
        except Malformed:
            raise
        except UNREADABLE:
            raise Malformed(DAMAGED) from None

    def _main(self) -> str:
        for _, name, said in self._elements("_rels/.rels"):
            if name == "Relationship" and said.get("Type", "").endswith("/officeDocument"):
                return said.get("Target", "").lstrip("/")
        raise Malformed(DAMAGED)

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what *part* refers to, kind and place by the id that it uses."""
        folder, name = posixpath.split(part)
        found = {}
        for _, element, said in self._elements(f"{folder}/_rels/{name}.rels".lstrip("/")):
            if element == "Relationship" and said.get("TargetMode") != "External":
                kind = said.get("Type", "").rpartition("/")[2]
                target = posixpath.join("/", folder, said.get("Target", ""))
                found[said.get("Id", "")] = (kind, posixpath.normpath(target).lstrip("/"))
        return found

    def _read_main(self, main: str, parts: Mapping[str, tuple[str, str]]) -> None:
        for _, name, said in self._elements(main):
            if name == "workbookPr":
                self._from_1904 = said.get("date1904") in ("1", "true")
            elif name == "sheet" and len(self._sheets) < MOST_SHEETS:
                id = next((said[key] for key in said if key.endswith(":id")), "")
                kind, target = parts.get(id, ("", ""))
                if kind == "worksheet" and target.lower() in self._members:
                    self._sheets.setdefault(said.get("name", ""), target)

    def _elements(self, part: str) -> list[Element]:
        """Return every element of a part that says where things are."""
        info = self._members.get(part.lower())
        if info is None:
            return []
        if info.file_size > MOST_PART:
            raise Malformed(TOO_MUCH)
        found: list[Element] = []
        above: list[str] = [""]

        def begun(name: str, attributes: Mapping[str, str]) -> None:
            if len(found) > MOST_ELEMENTS:
                raise Malformed(TOO_MUCH)
            found.append((above[-1], name, dict(attributes)))
            above.append(name)

        def ended(name: str) -> None:
            above.pop()

        try:
            markup = Markup(self._open(part), begun, ended, lambda text: None)
            while markup.step():
                pass
        except Malformed:
            raise
        except UNREADABLE:
            raise Malformed(DAMAGED) from None
        return found

    def _open(self, part: str) -> IO[bytes]:
        info = self._members.get(part.lower())
        if info is None:
            raise Malformed(DAMAGED)
        return self._archive.open(info)


def _archive(file: IO[bytes]) -> tuple[ZipFile, dict[str, ZipInfo]]:
    """Return the archive and its members by name in small letters. Raises Malformed."""
    try:
        archive = ZipFile(file)
    except UNREADABLE:
        raise Malformed(DAMAGED) from None
    infos = archive.infolist()
    members = {info.filename.replace("\\", "/").lower().lstrip("/"): info for info in infos}
    _refuse_other_kinds(members)
    if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise Malformed("The workbook is too large unpacked: save the sheet as CSV.")
    for info in infos:
        _check(info)
    return archive, members


def _check(info: ZipInfo) -> None:
    if info.flag_bits & 0x1:
        raise Malformed("The workbook has a password: save it without one.")
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Malformed(DAMAGED)
    if info.file_size > max(UNSUSPICIOUS, MOST_RATIO * info.compress_size):
        raise Malformed("The workbook is packed as no spreadsheet program does it.")


def _refuse_other_kinds(members: Mapping[str, ZipInfo]) -> None:
    if "[content_types].xml" in members and not any(
        name.startswith(("word/", "ppt/", "xl/workbook.bin")) for name in members
    ):
        return
    for name, kind in OTHER_ARCHIVES:
        if any(member.startswith(name) for member in members):
            raise Malformed(f"This is {kind}: save the sheet as .xlsx or CSV.")
    raise Malformed("This is a zip archive: unpack it, and send the CSV or .xlsx file in it.")


def _formats(elements: list[Element]) -> list[Format]:
    """Return the formats of a workbook's cell styles, in their order."""
    codes = {
        said.get("numFmtId"): format_of(said.get("formatCode", ""))
        for _, name, said in elements
        if name == "numFmt"
    }
    ids = [said.get("numFmtId", "0") for parent, name, said in elements if parent == "cellXfs"]
    built_in = {str(number): format for number, format in BUILT_IN.items()}
    return [codes.get(id) or built_in.get(id, PLAIN) for id in ids]


OTHER_ARCHIVES = (
    ("xl/workbook.bin", "a binary workbook (.xlsb)"),
    ("mimetype", "an OpenDocument file (.ods)"),
    ("index/document.iwa", "a Numbers file"),
    ("word/", "a Word document"),
    ("ppt/", "a presentation"),
)
"""What people send for .xlsx, by a file in it."""
