"""Tables as people save them, workbooks above all: read as a person would, or refused by name."""

import datetime as dt
import io
import zipfile
import zlib

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dedup.imports import sheet as sheets
from services.dedup.imports import workbook, worksheet
from services.dedup.imports.cell_text import Format, format_of, number, unescaped
from services.dedup.imports.pieces import PIECE, Pieces
from services.dedup.imports.sheet import Sheet, letters, looks_like_a_lead
from shared.errors import Malformed

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def opened(content, **how):
    return Sheet(io.BufferedReader(io.BytesIO(content)), **how)


def book(*rows, formats=(), **sheets):
    """Return a workbook of openpyxl's with *rows* in its first sheet."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for place, code in formats:
        made.active[place].number_format = code
    for title, others in sheets.items():
        further = made.create_sheet(title)
        for row in others:
            further.append(row)
    return saved(made)


def saved(made):
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def packed(sheet_data, strings="", styles="", **more):
    """Return a workbook whose XML is written by hand; *sheet_data* is what its sheet holds."""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": '<Relationships><Relationship Id="r" Type="x/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns:r="y"><sheets><sheet name="S" r:id="a"/></sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="a" Type="x/worksheet" '
        'Target="sheet.xml"/><Relationship Id="b" Type="x/sharedStrings" Target="strings.xml"/>'
        '<Relationship Id="c" Type="x/styles" Target="styles.xml"/></Relationships>',
        "xl/sheet.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{sheet_data}</sheetData>'
        "</worksheet>",
        "xl/strings.xml": f"<sst>{strings}</sst>",
        "xl/styles.xml": f"<styleSheet>{styles}</styleSheet>",
    } | more
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return written.getvalue()


def cell(text, **about):
    said = "".join(f' {name}="{value}"' for name, value in about.items())
    return f'<c t="inlineStr"{said}><is><t>{text}</t></is></c>'


HEADER = f'<row r="1">{cell("Email", r="A1")}{cell("Name", r="B1")}</row>'


def only(content, **how):
    """Return the cells of the only row of a file."""
    (row,) = opened(content, **how).rows()
    assert row.fault is None
    return row.cells


# Cells -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("plain", "plain"),
        ("+12125550142", "+12125550142"),
        ("0049 30 1234", "0049 30 1234"),
        ("=not a formula", ""),  # openpyxl makes a formula of it, and nobody worked it out
        (12125550142, "12125550142"),
        (12125550142.0, "12125550142"),
        (12.5, "12.5"),
        (0.1 + 0.2, "0.3"),
        (1e21, "1000000000000000000000"),
        (-3, "-3"),
        (True, "true"),
        (False, "false"),
        (dt.date(1990, 5, 1), "1990-05-01"),
        (dt.datetime(2024, 5, 1, 13, 30), "2024-05-01T13:30:00"),
        (dt.time(9, 30), "09:30:00"),
        (dt.timedelta(hours=30, minutes=5), "30:05:00"),
        ("#REF!", ""),
        (None, ""),
        ("Ünï 漢字 🙂", "Ünï 漢字 🙂"),
    ],
)
def test_a_cell_says_what_a_person_would_have_typed(value, said):
    assert only(book(["Email", "X"], ["a@b.example", value]))[1] == said


def test_a_formula_says_what_was_worked_out_last_and_is_never_worked_out():
    row = (
        f'<row r="2">{cell("a@b.example", r="A2")}'
        '<c r="B2" t="str"><f>A2&amp;"x"</f><v>worked out</v></c></row>'
    )

    assert only(packed(HEADER + row)) == ["a@b.example", "worked out"]


@pytest.mark.parametrize(
    ("code", "value", "said"),
    [
        ("00000", 1234, "01234"),
        ("0", 1234, "1234"),
        ("General", 1234, "1234"),
        ("0.00", 12.5, "12.5"),
        ('#,##0 "m²"', 12, "12"),
        ("yyyy-mm-dd", 45413, "2024-05-01"),
        ("[$-407]d. mmmm yyyy", 45413, "2024-05-01"),
        ("[Red]0", 7, "7"),
        ("[h]:mm", 1.5, "36:00:00"),
        ('"days "0', 7, "7"),
    ],
)
def test_a_number_is_read_by_its_format(code, value, said):
    content = book(["Email", "X"], ["a@b.example", value], formats=[("B2", code)])

    assert only(content)[1] == said


def test_dates_of_a_workbook_from_1904_are_four_years_later():
    made = openpyxl.Workbook()
    made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    made.active.append(["Email", "X"])
    made.active.append(["a@b.example", dt.date(2024, 5, 1)])

    assert only(saved(made))[1] == "2024-05-01"


def test_a_shared_text_is_joined_from_its_runs_and_not_how_it_is_pronounced():
    strings = "<si><r><t>東</t></r><r><t>京</t></r><rPh><t>とうきょう</t></rPh></si>"
    row = f'<row r="2">{cell("a@b.example")}<c t="s"><v>0</v></c></row>'

    assert only(packed(HEADER + row, strings))[1] == "東京"


def test_characters_that_xml_cannot_say_are_themselves():
    assert unescaped("a_x000D__x000A_b_x005F_x0041_") == "a\r\nb_x0041_"
    assert unescaped("_xD800_") == "_xD800_"


@given(st.floats(-1e300, 1e300))
@settings(deadline=None)
def test_a_number_stays_what_it_is_to_fifteen_digits(value):
    assert float(number(repr(value))) == pytest.approx(value, rel=1e-14, abs=0)


@given(st.text(max_size=40), st.sampled_from(["number", "date", "duration"]), st.integers(0, 9))
@settings(deadline=None)
def test_no_text_or_format_breaks_a_number(text, kind, digits):
    assert isinstance(number(text, Format(kind, digits)), str)
    assert format_of(text).kind in ("number", "date", "duration")


# Rows --------------------------------------------------------------------------------------------


def test_rows_are_numbered_as_the_spreadsheet_numbers_them():
    made = openpyxl.Workbook()
    for place, text in {"A1": "Email", "A2": "a@b.example", "A5": "c@d.example"}.items():
        made.active[place] = text

    assert [(row.number, row.cells) for row in opened(saved(made)).rows()] == [
        (2, ["a@b.example"]),
        (5, ["c@d.example"]),
    ]


def test_blank_rows_are_no_rows():
    table = "Email,Name\na@b.example,\n,\n \t, \nc@d.example,\n"

    assert [row.number for row in opened(table.encode()).rows()] == [2, 5]


def test_a_first_row_may_stand_further_down():
    made = openpyxl.Workbook()
    made.active["B3"], made.active["B4"] = "Email", "a@b.example"

    table = opened(saved(made))
    assert table.header == ["Column A", "Email"]
    assert [row.number for row in table.rows()] == [4]


def test_a_row_with_more_cells_than_columns_costs_itself_alone():
    rows = opened(book(["Email"], ["a@b.example", "x"], ["c@d.example"])).rows()

    assert [(row.number, row.fault) for row in rows] == [
        (2, "has 2 columns, and the header has 1"),
        (3, None),
    ]


def test_a_sheet_is_read_by_its_name():
    content = book(["Email"], ["a@b.example"], Second=[["Phone"], ["+1 212 555 0142"]])

    assert opened(content).header == ["Email"]
    assert opened(content, sheet="Second").header == ["Phone"]
    with pytest.raises(Malformed) as refused:
        opened(content, sheet="Third")
    assert refused.value.details == {"sheet": "is no sheet of this workbook"}


def test_an_empty_sheet_names_the_others():
    with pytest.raises(Malformed) as refused:
        opened(book(Second=[["Phone"]], Third=[]))

    assert refused.value.message.endswith("Name another one in `sheet`: Second, Third.")


def test_a_row_of_one_cell_has_one_column():
    (row,) = opened(b"Email,Name\na@b.example\n").rows()

    assert row.fault == "has 1 column, and the header has 2"


def test_columns_have_the_letters_that_spreadsheets_give_them():
    assert [letters(at) for at in (0, 25, 26, 701, 702, 16_383)] == [
        *("A", "Z", "AA", "ZZ", "AAA", "XFD")
    ]


@pytest.mark.parametrize("cells", [["Email"], ["E-Mail", "ann@corp.example"], ["A", "B"], ["2024"]])
def test_headings_are_no_lead(cells):
    assert not looks_like_a_lead(cells)


# What cannot be read -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("xl/workbook.bin", "binary workbook"),
        ("word/document.xml", "Word document"),
        ("mimetype", "OpenDocument"),
        ("Index/Document.iwa", "Numbers"),
        ("leads.csv", "zip archive"),
    ],
)
def test_another_archive_is_refused_by_its_name(name, why):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(name, "x")

    with pytest.raises(Malformed, match=why):
        opened(written.getvalue())


@pytest.mark.parametrize(
    "sheet",
    [
        "<row><c></row>",
        '<row r="2"><c t="s"><v>7</v></c></row>',
        '<row r="2"><c t="s"><v>-1</v></c></row>',
        '<row r="2"><c t="s"><v>x</v></c></row>',
        '<row r="2">' + "<x>" * 100,
        f'<row r="2"><!--{"x" * 5_000_000}',
    ],
)
def test_a_sheet_that_is_damaged_says_where_and_what_is_above_is_read(sheet):
    good = f'<row r="2">{cell("a@b.example")}</row>'
    rows = list(opened(packed(HEADER + good + sheet.replace('r="2"', 'r="3"'))).rows())

    assert rows[0].cells == ["a@b.example", ""]
    assert rows[-1].number == 3
    assert "cannot be read" in rows[-1].fault


def test_a_document_type_is_refused_before_it_multiplies():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'

    with pytest.raises(Malformed, match="document type"):
        opened(packed("", **{"xl/sheet.xml": bomb}))


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    content = packed(HEADER + "<row/>" * 5_000_000)
    assert len(content) < 100_000

    with pytest.raises(Malformed, match="packed as no spreadsheet program"):
        opened(content)


def test_a_member_that_says_it_is_smaller_gives_no_more_than_it_says():
    content = bytearray(packed(HEADER + f'<row r="2">{cell("a@b.example")}</row>' * 50))
    place = content.rindex(b"xl/sheet.xml") - 46 + 24
    content[place : place + 4] = (200).to_bytes(4, "little")

    with pytest.raises(Malformed, match="damaged"):
        opened(bytes(content))


def test_a_password_is_asked_to_be_taken_off():
    content = bytearray(packed(HEADER))
    place = content.rindex(b"xl/sheet.xml") - 46 + 8
    content[place] |= 1

    with pytest.raises(Malformed, match="password"):
        opened(bytes(content))


def test_columns_and_characters_have_a_bound():
    wide = f'<row r="2">{cell("a@b.example")}<c r="XFE2" t="str"><v>x</v></c></row>'
    long = f'<row r="3">{cell("x" * 1_100_000)}</row>'
    after = f'<row r="4">{cell("c@d.example")}</row>'
    # Random text, or the bound on how well things pack would be the first.
    noise = "".join(f"{zlib.crc32(str(n).encode()):x}" for n in range(5_000))
    rows = list(opened(packed(HEADER + wide + long + after, x=noise)).rows())

    assert [row.fault for row in rows] == [
        "has more than 16,384 columns",
        "has more than 1,000,000 characters",
        None,
    ]


def test_a_row_far_below_costs_no_time():
    far = f'<row r="99999999999">{cell("a@b.example")}</row>'

    assert [row.number for row in opened(packed(HEADER + far)).rows()] == [99_999_999_999]


def test_styles_beyond_counting_are_refused():
    styles = "".join(f'<xf numFmtId="{n}"/>' for n in range(workbook.MOST_ELEMENTS + 1))

    with pytest.raises(Malformed, match="more styles"):
        opened(packed(HEADER, styles=styles))


@given(st.binary(max_size=300), st.integers(0, 3000))
@settings(deadline=None, max_examples=200)
def test_no_damage_of_a_workbook_breaks_its_reading(noise, place):
    content = bytearray(WHOLE)
    content[place % len(content) : place % len(content) + len(noise)] = noise
    try:
        for _ in opened(bytes(content)).rows():
            pass
    except Malformed:
        pass


WHOLE = book(["Email", "Born"], ["a@b.example", dt.date(1990, 5, 1)], ["c@d.example", None])


def test_what_the_two_kinds_of_files_say_is_the_same():
    rows = [["Email", "Name"], ["a@b.example", "Ann"], ["c@d.example", "Cid"]]
    text = "\n".join(",".join(row) for row in rows)

    assert list(opened(book(*rows)).rows()) == list(opened(text.encode()).rows())


def test_texts_that_are_stored_once_have_a_bound():
    assert worksheet.MOST_TEXT < workbook.MOST_UNPACKED
    assert sheets.MOST_ROWS > 1_048_576


# Pieces ------------------------------------------------------------------------------------------


@given(
    st.integers(0, 3 * PIECE), st.lists(st.tuples(st.integers(0, 3 * PIECE), st.integers(0, 99)))
)
@settings(deadline=None, max_examples=30)
def test_a_file_in_pieces_reads_as_the_file(size, places):
    whole = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    file = io.BufferedReader(Pieces(lambda n: whole[n * PIECE : (n + 1) * PIECE], size))

    for start, length in places:
        file.seek(start)
        assert file.read(length) == whole[start : start + length]


def test_two_pieces_at_most_are_opened():
    asked = []
    pieces = Pieces(lambda n: asked.append(n) or bytes(PIECE), 3 * PIECE)
    for place in (0, PIECE, 0, PIECE, 2 * PIECE, PIECE, 0):
        pieces.seek(place)
        pieces.read(1)

    assert asked == [0, 1, 2, 0]
