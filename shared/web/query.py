"""What the caller says in the address: the query, read as strictly as a body."""

from typing import Any
from urllib.parse import unquote_to_bytes

from flask import request
from marshmallow import Schema, fields, validate

from shared.errors import Malformed
from shared.field_names import shown
from shared.fields import Form
from shared.validation import loaded
from shared.web.auth import LONGEST_USER_ID
from shared.web.json_body import NUL


class Account(Form):
    """Whose data is asked for."""

    user_id = fields.String(
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={
            "description": "The account. With an API key it may be absent, else it must be the "
            "key's; with `AUTH_MODE=local` an absent one is `anonymous`."
        },
    )


def query(schema: Schema) -> Any:
    """Return what *schema* makes of the request's query.

    Raises Malformed with the faults by parameter; one that is given twice is a fault, a NUL, and
    what is not UTF-8.
    """
    faults = {
        shown(name, position): "is given more than once"
        for position, (name, values) in enumerate(request.args.lists(), 1)
        if len(values) > 1
    }
    faults |= {
        shown(name, position): NUL
        for position, (name, values) in enumerate(request.args.lists(), 1)
        if any("\0" in value for value in values)
    }
    faults |= undecoded()
    if faults:
        raise Malformed(details=faults)
    return loaded(schema, request.args.to_dict())


def undecoded() -> dict[str, str]:
    """Return what is wrong with the parameters that are not UTF-8, by parameter."""
    if b"%" not in request.query_string:
        return {}
    faults = {}
    for position, sent in enumerate(request.query_string.split(b"&"), 1):
        try:
            unquote_to_bytes(sent).decode()
        except UnicodeDecodeError:
            name = sent.partition(b"=")[0].decode("ascii", "replace")
            faults[shown(name, position)] = "is not UTF-8"
    return faults
