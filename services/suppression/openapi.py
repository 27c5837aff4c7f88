"""What the API description says of suppression lists, with examples that work."""

from typing import Any

from services.suppression.answer_schema import (
    AddedAnswer,
    ImportAnswer,
    ListAnswer,
    ListsAnswer,
    QueryAnswer,
    RemovedAnswer,
    SizedListAnswer,
    UniqueAnswer,
)
from services.suppression.schema import (
    Entries,
    ImportQuery,
    ListChanged,
    ListPage,
    ListPlace,
    NewList,
    Question,
    UniqueQuestion,
)
from shared.web.operation import JSON, MULTIPART, READING, STORING, Example, Operation
from shared.web.query import Account

PATH = "/api/v1/lead-discovery/suppression"

LISTS = f"{PATH}/lists"
ONE = f"{LISTS}/<list_id>"
ENTRIES, FILE = f"{ONE}/entries", f"{ONE}/import"
REMOVE = f"{ENTRIES}/remove"
QUERY, UNIQUE = f"{PATH}/query", f"{PATH}/unique"

CSV = "text/csv"

TAG = "Suppression lists"

READ, ENTER, KEEP = "read:leads", "write:leads", "write:workflows"
"""Whoever sends leads may put people on a list; to take them off it is another matter."""

PLAIN = ("X-Request-ID",)

OBJECTIONS: dict[str, Any] = {"name": "Objections", "kind": "do_not_contact"}

CUSTOMERS = {"name": "Customers", "kind": "customer", "sources": ["ads"], "expires_after_days": 365}

ASKED = {"email": "Ann@Corp.example", "phone": "+12125550142"}

UNREAD = {"email": "nobody"}

TEXT_FILE = {
    "type": "string",
    "description": "UTF-8, with or without a header.",
    "examples": ["email,phone\nann@corp.example,(212) 555-0142\n"],
}

FORM_FILE = {
    "type": "object",
    "description": "A form with one file, which is as a body of text/csv.",
    "properties": {"file": {"type": "string", "contentMediaType": CSV}},
    "required": ["file"],
}


class ListsQuery(ListPage, Account):
    """Which lists, and whose."""


class FileQuery(ImportQuery, Account):
    """How the file is read, and whose it is."""


OPERATIONS = (
    Operation(
        "POST",
        LISTS,
        "Keep a list",
        "Of those who are to be left alone: `customer`, `do_not_contact`, `litigator` or `custom`. "
        "From then on the duplicate check heeds it.",
        ListAnswer,
        tag=TAG,
        status=201,
        query=Account,
        body={JSON: (NewList,)},
        examples=(
            Example("objections", "Never to be contacted", OBJECTIONS, status=201),
            Example("customers", "Looked at for a year, of one source", CUSTOMERS, status=201),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 409, 500, *STORING),
        scope=KEEP,
    ),
    Operation(
        "GET",
        LISTS,
        "Which lists are kept?",
        "The account's lists, oldest first.",
        ListsAnswer,
        tag=TAG,
        query=ListsQuery,
        parameters=PLAIN,
        refusals=(400, 403, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "GET",
        ONE,
        "One list",
        "The list and how many entries it has. Whom it names it does not say: entries are kept "
        "as keyed hashes.",
        SizedListAnswer,
        tag=TAG,
        places=ListPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "PUT",
        ONE,
        "Change a list",
        "What is absent stays. `expires_after_days` is of entries added from then on.",
        ListAnswer,
        tag=TAG,
        places=ListPlace,
        query=Account,
        body={JSON: (ListChanged,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 409, 500, *STORING),
        scope=KEEP,
    ),
    Operation(
        "DELETE",
        ONE,
        "Delete a list",
        "It names nobody any more, at once; the worker deletes its entries over the next hours.",
        ListAnswer,
        tag=TAG,
        places=ListPlace,
        query=Account,
        parameters=PLAIN,
        refusals=(400, 403, 404, 500, *STORING),
        scope=KEEP,
    ),
    Operation(
        "POST",
        ENTRIES,
        "Put people on a list",
        "Up to 1,000; all of them or, where one cannot be read, none.",
        AddedAnswer,
        tag=TAG,
        places=ListPlace,
        query=Account,
        body={JSON: (Entries,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope=ENTER,
    ),
    Operation(
        "POST",
        REMOVE,
        "Take people off a list",
        "Up to 1,000, in whatever form they are on it; what is said as a hash goes where that hash "
        "is on it.",
        RemovedAnswer,
        tag=TAG,
        places=ListPlace,
        query=Account,
        body={JSON: (Entries,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope=KEEP,
    ),
    Operation(
        "POST",
        FILE,
        "Import a list",
        "A CSV file of up to a million rows, in UTF-8: addresses, numbers, or their MD5, SHA-1 or "
        "SHA-256 in hex, each column of one kind. Columns are found by a header, or by the first "
        "row. All rows or none: faulty ones are named, up to a hundred, and refuse the file unless "
        "`skip_faulty=true`. Salted hashes cannot be found by anybody's address.",
        ImportAnswer,
        tag=TAG,
        places=ListPlace,
        query=FileQuery,
        body={CSV: (TEXT_FILE,), MULTIPART: (FORM_FILE,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope=ENTER,
    ),
    Operation(
        "POST",
        QUERY,
        "Is this person on a list?",
        "Asked with an address, a number or hashes of them. What is asked as a hash is found among "
        "hashes only. The answer names lists, never who is on them.",
        QueryAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (Question,)},
        examples=(
            Example("person", "An address and a number", ASKED),
            Example("unread", "Refused: no address", UNREAD, status=400),
        ),
        parameters=PLAIN,
        refusals=(*READING, 403, 500, *STORING),
        scope=READ,
    ),
    Operation(
        "POST",
        UNIQUE,
        "Is this person new to a list?",
        "If so they are on it from now on. Of any number of requests at one moment one is told "
        "`true`.",
        UniqueAnswer,
        tag=TAG,
        query=Account,
        body={JSON: (UniqueQuestion,)},
        parameters=PLAIN,
        refusals=(*READING, 403, 404, 500, *STORING),
        scope=ENTER,
    ),
)
"""The routes of this service."""
