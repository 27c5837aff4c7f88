"""What the API description says of the addresses of sources."""

from marshmallow import Schema, fields

from shared.fields import Form, Text
from shared.web.credentials import SOURCE_RULE
from shared.web.operation import FORM, JSON, MULTIPART, TEXT, Operation

RULE = SOURCE_RULE

TAG = "Sources"

ANSWER = {
    "type": "object",
    "description": "In the words of the source's reply profile. The standard one answers as the "
    "duplicate check does, with `test`, `mapping` and `lead_data`, the lead as it was read; "
    "`result` for what is no lead; and `results` for several items.",
}

ANSWERED = (
    "What is stored is answered 200, whatever became of it; 503 means that it is to be sent again, "
    "and 401 that the signature, or the key in the body, is not the sender's. A source's profile "
    "may put all of it in other words, and errors under other statuses."
)


class Posted(Form):
    """Whatever the sender posts, under its own names of fields; these are understood anywhere."""

    email = Text("E-mail address.", examples=["ada@analytical.example"])
    phone = Text("Phone number in any spelling.", examples=["+44 20 7946 0958"])
    name = Text("Full name.", examples=["Ada Lovelace"])
    company = Text("The organisation the person works for.", examples=["Analytical Engines Ltd"])


class TokenPlace(Schema):
    """The secret part of a source's address."""

    token = fields.String(
        required=True, metadata={"description": "As it was shown when the source was made."}
    )


OPERATIONS = (
    Operation(
        "POST",
        RULE,
        "Take what a sender posts",
        "The address says whose lead it is and how it is read, so no key is sent. A body is any "
        f"JSON or form, as it leaves the sender. {ANSWERED}",
        ANSWER,
        tag=TAG,
        places=TokenPlace,
        body={JSON: (Posted,), FORM: (Posted,), MULTIPART: (Posted,)},
        parameters=("X-Request-ID",),
        refusals=(400, 403, 404, 413, 415, 500, 503),
    ),
    Operation(
        "GET",
        RULE,
        "Answer a sender's handshake",
        "Some senders ask for proof of the address before they post to it, and some send a lead "
        f"in the query. Anybody else is told in one line that leads are taken here. {ANSWERED}",
        {"type": "string"},
        tag=TAG,
        answers_as=TEXT,
        places=TokenPlace,
        parameters=("X-Request-ID",),
        refusals=(400, 403, 404, 500, 503),
    ),
)
