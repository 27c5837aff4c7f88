"""What callers may send as a ping, and what they get back."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from services.dedup.schema import LONGEST_SOURCE_ID, SOURCE_ID, ConsentGiven
from services.dedup.trade import ping_token
from services.dedup.trade.deal import LONGEST_NAME
from services.dedup.trade.ping import CHECKS, FAILURE, REASONS, SUCCESS
from shared.answers import Stamped
from shared.errors import Malformed
from shared.fields import Form, Name, Text
from shared.suppression import DIGITS, digest
from shared.validation import loaded
from shared.web.auth import LONGEST_USER_ID

CLEAR = (
    *("email", "phone", "first_name", "last_name", "name", "company"),
    *("street", "city", "state", "postal_code", "country", "date_of_birth"),
)
"""What a ping may say of a lead in clear, by the names of a lead's fields."""

SPELLED = {
    "email": "the address, trimmed and in lower case",
    "phone": "the number: `+12125550142`, its digits, or the national number",
}
"""What a digest is made of."""

LONGEST_DIGEST = max(DIGITS)


class Digest(fields.String):
    """A digest in hexadecimal digits, upper or lower case, of a kind."""

    def __init__(self, of: str, kind: str):
        self._kind = kind
        self._digits = next(digits for digits, name in DIGITS.items() if name == kind)
        super().__init__(
            allow_none=True,
            metadata={
                "description": f"{kind.upper()} of {SPELLED[of]}, in {self._digits} hexadecimal "
                "digits; an unsalted one.",
                "pattern": f"^([0-9a-fA-F]{{{self._digits}}})?$",
                "examples": ["0" * self._digits],
            },
        )

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> Any:
        text: str = super()._deserialize(value, *context, **options)
        if not text.strip():
            return None
        found = digest(text)
        if found is None or found.kind != self._kind:
            raise ValidationError(f"must be {self._digits} hexadecimal digits")
        return found


class Said(Form):
    """What a ping says of a lead; any part of it."""

    email = Text("E-mail address.", examples=["ada@analytical.example"])
    phone = Text("Phone number in any spelling.", examples=["+44 20 7946 0958"])
    email_md5 = Digest("email", "md5")
    email_sha1 = Digest("email", "sha1")
    email_sha256 = Digest("email", "sha256")
    phone_md5 = Digest("phone", "md5")
    phone_sha1 = Digest("phone", "sha1")
    phone_sha256 = Digest("phone", "sha256")
    first_name = Text("Given name.")
    last_name = Text("Family name.")
    name = Text("Full name, where it does not come in parts.")
    company = Text("The organisation the person works for.")
    street = Text("Street and number.")
    city = Text("City or town.")
    state = Text("State, province or region.")
    postal_code = Text("Postal code.")
    country = Text("Country, by name or ISO 3166-1 code.")
    date_of_birth = Text("Date of birth.")


class PingRequest(Said):
    """A ping."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account that would own the lead.", "examples": ["acme"]},
    )
    source_id = Name(SOURCE_ID, longest=LONGEST_SOURCE_ID, examples=["website-contact"])
    buyer_id = Name("Who is to have the lead: their terms hold.", longest=LONGEST_NAME)
    campaign_id = Name("The campaign that brought the lead: its terms hold.", longest=LONGEST_NAME)
    consent = fields.Nested(ConsentGiven, load_default=None, allow_none=True)
    valid_seconds = fields.Integer(
        strict=True,
        allow_none=True,
        validate=validate.Range(
            min=ping_token.LEAST_SECONDS,
            max=ping_token.MOST_SECONDS,
            error=f"must be from {ping_token.LEAST_SECONDS} to {ping_token.MOST_SECONDS}",
        ),
        metadata={
            "description": "How long the answer may be followed by its lead; absent, "
            f"{ping_token.SECONDS} seconds."
        },
    )

    @post_load
    def parted(self, data: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Return what is said in clear and by digest apart."""
        clear = {name: (data.pop(name, None) or "").strip() for name in CLEAR}
        hashed = {
            kind: tuple(
                value for name in DIGITS.values() if (value := data.pop(f"{kind}_{name}", None))
            )
            for kind in SPELLED
        }
        return data | {
            "fields": {name: text for name, text in clear.items() if text},
            "digests": {kind: values for kind, values in hashed.items() if values},
        }


class PingAnswer(Stamped):
    """Whether a lead would be taken."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    outcome = fields.String(
        required=True,
        validate=validate.OneOf((SUCCESS, FAILURE)),
        metadata={"description": "`success`: a lead would be taken."},
    )
    reason = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(REASONS),
        metadata={"description": "Why not; null if it would. A cap is no duplicate."},
    )
    review = fields.Boolean(
        required=True,
        metadata={"description": "True if a person would look at the lead first."},
    )
    resumes_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When leads are taken again, if a cap or hours are the reason."},
    )
    checked = fields.List(
        fields.String(validate=validate.OneOf(CHECKS)),
        required=True,
        validate=validate.Length(max=len(CHECKS)),
        metadata={"description": "What could be checked with what the ping says."},
    )
    unchecked = fields.List(
        fields.String(validate=validate.OneOf(CHECKS)),
        required=True,
        validate=validate.Length(max=len(CHECKS)),
        metadata={"description": "What could not: of it a `success` says nothing."},
    )
    ping_id = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "For `context.ping_id` of the lead; null without success."},
    )
    expires_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "Until when a lead may follow the ping. It reserves nothing."},
    )


def ping(data: Any, default_source: str | None) -> dict[str, Any]:
    """Return what a body asks, with its source. Raises Malformed by field."""
    said: dict[str, Any] = loaded(_PING, data)
    source_id = said.get("source_id") or default_source
    if not source_id:
        raise Malformed(details={"source_id": "is required"})
    return said | {"source_id": source_id}


_PING = PingRequest()
