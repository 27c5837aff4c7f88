"""What callers may ask of enrichment."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validate

from services.enrichment.enriching import Wish
from services.enrichment.permitting import BASES, Basis
from services.enrichment.providers.registry import NAMES
from shared.fields import Form
from shared.normalize import email
from shared.web.auth import LONGEST_USER_ID

LONGEST_USERNAME = 100

LONGEST_EMAIL = 320

LONGEST_NOTE = 1_000
"""Characters: some sentences on why the basis holds."""


class EnrichedLead(Form):
    """Which lead."""

    lead_id = fields.UUID(required=True, metadata={"description": "The lead's `id`."})


class LawfulBasis(Form):
    """Why a person may be looked up (GDPR Art. 6(1))."""

    basis = fields.String(
        required=True,
        validate=validate.OneOf(BASES, error=f"must be one of {', '.join(BASES)}"),
        metadata={
            "description": "`consent` holds only where the person's consent to enrichment is on "
            "record.",
            "examples": ["legitimate_interests"],
        },
    )
    note = fields.String(
        allow_none=True,
        validate=validate.Length(
            max=LONGEST_NOTE, error=f"must have at most {LONGEST_NOTE} characters"
        ),
        metadata={
            "description": "Why it holds; kept with who said so and when.",
            "examples": ["Balancing test 2026-03"],
        },
    )

    @post_load
    def _basis(self, data: dict[str, Any], **options: Any) -> Basis:
        return Basis(data["basis"], data.get("note") or None)


class EnrichOrder(Form):
    """What is to be found out about a lead."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )
    username = fields.String(
        allow_none=True,
        validate=validate.Length(
            max=LONGEST_USERNAME, error=f"must have at most {LONGEST_USERNAME} characters"
        ),
        metadata={
            "description": "A name the person uses somewhere; told to providers that look up "
            "persons, and not kept."
        },
    )
    email = fields.String(
        allow_none=True,
        validate=validate.Length(
            max=LONGEST_EMAIL, error=f"must have at most {LONGEST_EMAIL} characters"
        ),
        metadata={
            "description": "An address to ask about in place of the lead's; it is not kept.",
            "examples": ["ann@corp.example"],
        },
    )
    providers = fields.List(
        fields.String(
            validate=validate.OneOf(NAMES, error=f"must be one of {', '.join(NAMES)}"),
        ),
        allow_none=True,
        validate=validate.Length(
            min=1, max=len(NAMES), error=f"must list 1 to {len(NAMES)} providers"
        ),
        metadata={"description": "Only these; absent, all.", "examples": [["mail_domain"]]},
    )
    lawful_basis = fields.Nested(
        LawfulBasis,
        allow_none=True,
        metadata={"description": "Needed where the person themselves is looked up."},
    )

    @pre_load
    def _silence(self, data: Any, **options: Any) -> Any:
        """Take an empty text for silence, as forms send it."""
        return {name: None if said == "" else said for name, said in data.items()}

    @post_load
    def _wish(self, data: dict[str, Any], **options: Any) -> Wish:
        address = data.get("email")
        if address and email.parse(address) is None:
            raise ValidationError("is not an email address", "email")
        named = data.get("providers")
        username = (data.get("username") or "").strip()
        if not username.isprintable():
            raise ValidationError("must be one line without control characters", "username")
        return Wish(
            username or None,
            address or None,
            None if named is None else tuple(dict.fromkeys(named)),
            data.get("lawful_basis"),
        )
