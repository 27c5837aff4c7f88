"""What the caller says in the address: the query, read as strictly as a body."""

from typing import Any

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

    Raises Malformed with the faults by parameter; one that is given twice is a fault, and a NUL.
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
    if faults:
        raise Malformed(details=faults)
    return loaded(schema, request.args.to_dict())
