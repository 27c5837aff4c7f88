"""What the API description says of the page of imports."""

from services.dedup.imports.page_schema import ImportPageFile
from shared.web.operation import HTML, TEXT, Operation

PAGE = "/lead-discovery/imports"

FILE = f"{PAGE}/<name>"

TAG = "Imports"

PAGE_OPERATIONS = (
    Operation(
        "GET",
        PAGE,
        "Imports, for people",
        "A file is sent, looked at, confirmed and, if need be, undone. The page holds nobody's "
        "data and loads nothing from elsewhere; where keys are asked for it asks for one, and "
        "forgets it with the tab.",
        {"type": "string"},
        answers_as=HTML,
        tag=TAG,
        refusals=(403, 429, 500),
    ),
    Operation(
        "GET",
        FILE,
        "A file of that page",
        "Its script and style.",
        {"type": "string"},
        answers_as=TEXT,
        tag=TAG,
        places=ImportPageFile,
        refusals=(403, 404, 429, 500),
    ),
)
"""The routes of the page."""
