import io

import pytest

from shared.csv_table import Table
from shared.errors import Malformed


def table(text, encoding="utf-8"):
    return Table(io.BufferedReader(io.BytesIO(text.encode(encoding))))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_line_that_tells_excel_the_delimiter_is_no_header(encoding):
    read = table("sep=;\r\nName;E-Mail\r\nAnn Lee, MBA;ann@acme.example\r\n", encoding)

    assert read.header == ["Name", "E-Mail"]
    assert [(row.number, row.cells) for row in read.rows()] == [
        (2, ["Ann Lee, MBA", "ann@acme.example"])
    ]


def test_the_delimiter_that_a_file_names_is_believed():
    assert table("SEP=|\nName|Roles, past, present, future|E-Mail\nA|B|C\n").header == [
        "Name",
        "Roles, past, present, future",
        "E-Mail",
    ]


def test_a_column_may_begin_with_the_same_letters():
    assert table("sep=,Name\n1,Ann\n").header == ["sep=", "Name"]


def test_a_file_that_tells_its_delimiter_alone_is_empty():
    with pytest.raises(Malformed, match="is empty"):
        table("sep=;\r\n")
