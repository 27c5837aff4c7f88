"""What the API description says of imports."""

from typing import Any

from services.dedup.imports.answer_schema import (
    ImportAnswer,
    ImportChangedAnswer,
    ImportLookAnswer,
    ImportRowsAnswer,
    ImportsAnswer,
)
from services.dedup.imports.schema import (
    FileImportAsked,
    FileImportChange,
    FileImportConfirm,
    FileImportPage,
    FileImportPlace,
    FileImportQuery,
    FileImportRowsFile,
    FileImportRowsPage,
    FileImportUndo,
)
from shared.web.operation import JSON, MULTIPART, READING, STORING, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/imports"

ONE = f"{PATH}/<import_id>"
PREVIEW, CONFIRM, CANCEL, UNDO = (
    f"{ONE}/{word}" for word in ("preview", "confirm", "cancel", "undo")
)
COLUMNS = f"{ONE}/columns"
ROWS, ROWS_FILE = f"{ONE}/rows", f"{ONE}/rows.csv"

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSM = "application/vnd.ms-excel.sheet.macroEnabled.12"

ALSO_CALLED = (
    "text/tab-separated-values",
    "text/plain",
    "application/vnd.ms-excel",
    "application/octet-stream",
)
"""What programs call such files as well: what one is its bytes say."""

TAG = "Imports"

READ, WRITE, ERASE = "read:leads", "write:leads", "delete:leads"

PLAIN = ("X-Request-ID",)

TEXT_FILE = {
    "type": "string",
    "description": "The first row names the columns.",
    "examples": ["Email,Phone\nann@corp.example,(212) 555-0142\n"],
}

WORKBOOK = {
    "type": "string",
    "contentMediaType": XLSX,
    "description": "A workbook; its first sheet is read, or the one that `sheet` names.",
}

FORM_FILE: dict[str, Any] = {
    "type": "object",
    "description": "A form with one file, CSV or workbook.",
    "properties": {"file": {"type": "string", "contentMediaType": CSV}},
    "required": ["file"],
}


class FilesQuery(FileImportPage, Account):
    """Which imports, and whose."""


class SendingQuery(FileImportQuery, Account):
    """How the file is read, and whose it is."""


class RowsQuery(FileImportRowsPage, Account):
    """Which rows, and whose."""


class RowsFileQuery(FileImportRowsFile, Account):
    """Which rows come as a file, and whose."""


OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "Send a file of leads",
        "CSV in any encoding, or an .xlsx workbook. It is kept encrypted; nothing of it becomes a "
        "lead before it is confirmed, and a day later it is deleted. The answer says what each "
        "column is taken for, and why. Formulas are never worked out: what the program that saved "
        "a workbook worked out last is read.",
        ImportLookAnswer,
        tag=TAG,
        status=201,
        query=SendingQuery,
        body={CSV: (TEXT_FILE,), XLSX: (WORKBOOK,), XLSM: (WORKBOOK,), MULTIPART: (FORM_FILE,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 500, *STORING),
        scope=WRITE,
    ),
    Operation(
        "GET",
        PATH,
        "Which files were sent?",
        "The account's imports, the latest first. Of old ones the counts stay.",
        ImportsAnswer,
        tag=TAG,
        query=FilesQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "GET",
        ONE,
        "How far is an import?",
        "Its state and its counts, which grow while it is worked on.",
        ImportAnswer,
        tag=TAG,
        places=FileImportPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "GET",
        COLUMNS,
        "What are the columns taken for?",
        "What each column is taken for and why, and the first rows.",
        ImportLookAnswer,
        tag=TAG,
        places=FileImportPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 409, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "PUT",
        ONE,
        "Have the file read otherwise",
        "Until it is confirmed: columns, sheet, encoding and the other options. What is absent "
        "stays. A preview starts anew.",
        ImportLookAnswer,
        tag=TAG,
        places=FileImportPlace,
        query=Account,
        body={JSON: (FileImportChange,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 500, *STORING),
        scope=WRITE,
    ),
    Operation(
        "POST",
        PREVIEW,
        "What would each row do?",
        "Every row is checked as a lead would be, against what is known and against the rows above "
        "it, and nothing is stored as a lead. Ask for the import to see how far it is.",
        ImportAnswer,
        tag=TAG,
        status=202,
        places=FileImportPlace,
        query=Account,
        body={JSON: (FileImportAsked,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 500, *STORING),
        scope=WRITE,
    ),
    Operation(
        "GET",
        ROWS,
        "What does each row do?",
        "Rows with their outcome, the reason, and their cells as they stand in the file.",
        ImportRowsAnswer,
        tag=TAG,
        places=FileImportPlace,
        query=RowsQuery,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "GET",
        ROWS_FILE,
        "Rows of one outcome as a CSV file",
        "Each with its number and the reason in front, to be mended and sent again: UTF-8, commas, "
        "a header line (RFC 4180). A cell that a spreadsheet would take for a formula begins with "
        "an apostrophe. A file that ends early was broken off.",
        {"type": "string"},
        tag=TAG,
        answers_as=CSV,
        places=FileImportPlace,
        query=RowsFileQuery,
        parameters=PLAIN,
        refusals=(400, 403, 404, 409, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "POST",
        CONFIRM,
        "Make leads of the rows",
        "Once it is previewed. Every row passes the duplicate check again, so what came meanwhile "
        "counts. An account's imports are done one after another. One that failed on its way "
        "(`resumable`) goes on below the last row that is in.",
        ImportAnswer,
        tag=TAG,
        status=202,
        places=FileImportPlace,
        query=Account,
        body={JSON: (FileImportConfirm,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 500, *STORING),
        scope=WRITE,
    ),
    Operation(
        "POST",
        CANCEL,
        "Let an import go no further",
        "Within a second. Leads that it made stay and can be undone; a file that was not confirmed "
        "is deleted.",
        ImportChangedAnswer,
        tag=TAG,
        places=FileImportPlace,
        query=Account,
        body={JSON: (FileImportAsked,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 500, *STORING),
        scope=WRITE,
    ),
    Operation(
        "POST",
        UNDO,
        "Have an import's leads go again",
        "All that it made are erased, within a week of it. Those that people worked on since stay "
        "and are counted, unless `including_changed`. It needs `write:leads`, too.",
        ImportAnswer,
        tag=TAG,
        status=202,
        places=FileImportPlace,
        query=Account,
        body={JSON: (FileImportUndo,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 500, *STORING),
        scope=ERASE,
    ),
)
"""The routes of imports."""
