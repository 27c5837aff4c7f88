"""What callers may send of discoveries."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validate

from services.discovery.asking import MOST_LEADS, Order
from services.discovery.criteria import RADIUS_KM, Criteria
from services.discovery.job import MOST_SOURCES
from shared.fields import Form, Text
from shared.web.auth import LONGEST_USER_ID

RADII_KM = (1.0, 500.0)
"""The least and the greatest radius that may be asked for (contract, section 3)."""

COMPANY_SIZES = ("small", "medium", "large", "enterprise")
"""As in the contract, section 3."""

USUAL_FINDS, MOST_FINDS = 1000, 10_000
"""Of each source: where nobody says, and at most (issue: a job of 10,000 results)."""

MOST_KEYWORDS, LONGEST_KEYWORD = 20, 100

LONGEST_REFERENCE = 200
"""Characters of a source's name."""

MOST_ITEMS = 20
"""Discoveries of one batch."""

PAGE, LONGEST_PAGE = 20, 100
"""Discoveries in one answer: unless the caller asks for another number, and at most."""


class DiscoveryOfAccount(Form):
    """A body that may name the account."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )


class Radius(fields.Float):
    """A distance in kilometres, and no text that looks like one."""

    def _validated(self, value: Any) -> Any:
        if isinstance(value, str | bool):
            raise self.make_error("invalid")
        return super()._validated(value)


class SourceReferences(fields.List):
    """Sources by type, name or id, or described on the spot."""

    def __init__(self) -> None:
        super().__init__(
            fields.Raw(
                metadata={
                    "anyOf": [
                        {"type": "string", "minLength": 1, "maxLength": LONGEST_REFERENCE},
                        {
                            "type": "object",
                            "required": ["type"],
                            "properties": {"type": {"type": "string"}},
                        },
                    ]
                }
            ),
            load_default=None,
            allow_none=True,
            validate=validate.Length(max=MOST_SOURCES, error=f"must list at most {MOST_SOURCES}"),
            metadata={
                "description": "Whom to ask: a type (`own_leads`), the name or the id of a source "
                "that the account has set up, or an object with a `type` and its settings, as "
                "`GET /discovery-sources/types` describes them. Absent or empty: every type that "
                "needs no settings.",
                "examples": [["own_leads"]],
            },
        )

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> list[Any]:
        said: list[Any] = super()._deserialize(value, *context, **options)
        for place, one in enumerate(said):
            named = isinstance(one, str) and 1 <= len(one) <= LONGEST_REFERENCE
            if not named and not isinstance(one, dict):
                raise ValidationError({place: "must be a name, an id or an object"})
        return said


class Discover(DiscoveryOfAccount):
    """What is looked for; whatever is left out is no condition."""

    submission_id = Text(
        "Your own name for this request, as the header `Idempotency-Key`, which wins.", longest=255
    )
    investigation_id = fields.UUID(
        required=True,
        metadata={
            "description": "An open investigation of the account, which the leads join.",
            "examples": ["01a1feb6-a439-74ea-9760-9871a038cdd0"],
        },
    )
    geographic_area = Text(
        "A place: a city, a postal code, `latitude,longitude`, a region or a country.",
        longest=200,
        examples=["Austin, TX"],
    )
    radius_km = Radius(
        load_default=RADIUS_KM,
        validate=validate.Range(*RADII_KM, error=f"must be from {RADII_KM[0]} to {RADII_KM[1]}"),
        metadata={"description": "How far around the place; of no meaning for a whole region."},
    )
    industry = Text("In words or as a NAICS code.", longest=200, examples=["bakery"])
    keywords = fields.List(
        fields.String(
            validate=validate.Length(
                min=1, max=LONGEST_KEYWORD, error=f"must have 1 to {LONGEST_KEYWORD} characters"
            )
        ),
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=MOST_KEYWORDS, error=f"must list at most {MOST_KEYWORDS}"),
        metadata={
            "description": "Any of them; a list, or a text with commas.",
            "type": ["array", "string"],
            "examples": [["organic"]],
        },
    )
    company_size = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(COMPANY_SIZES, error=f"must be one of {', '.join(COMPANY_SIZES)}"),
        metadata={"description": "How large the company is."},
    )
    lead_category = Text("What it may want: loan, consulting, …", longest=64)
    sources = SourceReferences()
    limit = fields.Integer(
        load_default=USUAL_FINDS,
        strict=True,
        validate=validate.Range(min=1, max=MOST_FINDS, error=f"must be from 1 to {MOST_FINDS}"),
        metadata={"description": "Finds that are wanted of each source at most."},
    )

    @pre_load
    def listed(self, data: Any, **options: Any) -> Any:
        """Read a text with commas as the keywords that it lists."""
        if isinstance(data, dict) and isinstance(data.get("keywords"), str):
            words = [word.strip() for word in data["keywords"].split(",") if word.strip()]
            return data | {"keywords": words}
        return data

    @post_load
    def order(self, data: dict[str, Any], **options: Any) -> Order:
        """Return it as the flow takes it."""
        criteria = Criteria(
            geographic_area=(data.get("geographic_area") or "").strip(),
            industry=(data.get("industry") or "").strip(),
            keywords=tuple(dict.fromkeys(data["keywords"] or ())),
            company_size=data["company_size"] or "",
            lead_category=(data.get("lead_category") or "").strip(),
            most=data["limit"],
        )
        sources = tuple(data["sources"] or ())
        return Order(data["investigation_id"], criteria, data["radius_km"], sources)


class DiscoverBatch(Form):
    """Several discoveries; each is begun by itself."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )
    items = fields.List(
        fields.Raw(allow_none=True),  # one that is none answers for itself
        required=True,
        validate=validate.Length(
            min=1, max=MOST_ITEMS, error=f"must list 1 to {MOST_ITEMS} discoveries"
        ),
        metadata={"description": "Bodies of `POST /discover`."},
    )


class DiscoveryPlace(Form):
    """Which discovery."""

    job_id = fields.UUID(required=True, metadata={"description": "The discovery's `id`."})


class DiscoveryPage(Form):
    """Which discoveries."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many at most."},
    )
    after = fields.UUID(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the first page."},
    )


class DiscoveredPage(Form):
    """Which leads of a discovery."""

    limit = fields.Integer(
        load_default=MOST_LEADS,
        validate=validate.Range(min=1, max=MOST_LEADS, error=f"must be from 1 to {MOST_LEADS}"),
        metadata={"description": "How many at most."},
    )
    after = fields.UUID(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the first page."},
    )


class DiscoveryStreamQuery(Form):
    """What a reader of events says of itself."""

    ticket = fields.String(
        metadata={"description": "From `POST /alerts/stream-tickets`, in place of a key."}
    )
