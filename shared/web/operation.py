"""What the API description says of a route; a service lists its own in a tuple beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
HTML = "text/html"
TEXT = "text/plain"

Shape = type[Schema] | Mapping[str, Any]
"""A marshmallow schema, or a JSON Schema where there is none."""


@dataclass(frozen=True, slots=True)
class Example:
    """A request that works, and the status it gets; a test sends every one."""

    name: str
    summary: str
    body: Mapping[str, Any]
    media_type: str = JSON
    status: int = 200


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one route."""

    method: str
    path: str
    """The route's rule, as Flask has it."""
    summary: str
    description: str
    answer: Shape
    tag: str
    answers_as: str = JSON
    """Media type of the answer."""
    status: int = 200
    other_answers: Mapping[int, Shape] = field(default_factory=dict)
    """Answers that are no error envelopes, under another status."""
    body: Mapping[str, Sequence[Shape]] = field(default_factory=dict)
    """By media type, the shapes that a request may have."""
    body_wanted: bool = True
    """False: a request without a body means the same as one with an empty object."""
    examples: Sequence[Example] = ()
    parameters: Sequence[str] = ()
    """Names of the request headers that matter here, as `shared.web.openapi` explains them."""
    places: type[Schema] | None = None
    """What the placeholders of the path hold."""
    query: type[Schema] | None = None
    """What the query may hold."""
    answer_headers: Sequence[str] = ()
    refusals: Sequence[int] = ()
    """Statuses of the error envelopes that this operation answers with."""
    scope: str | None = None
    """What an API key must be allowed; None if no key is asked for."""
    for_lead_forms: bool = False
    """True if web pages may send this request: of LEAD_FORM_ORIGINS, or of a publishable key."""
    page_answer: Shape | None = None
    """What the page of a publishable key is answered in place of *answer*."""
    signed: bool = False
    """True if a signature does in place of an API key."""


READING = (400, 413, 415)
"""Refusals of whatever reads a body."""

STORING = (429, 503)
"""Refusals of whatever needs the database."""
