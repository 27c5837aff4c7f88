"""What callers get back of sources: everything but secrets and tokens, save a token just made."""

from marshmallow import fields, validate

from shared.answers import Stamped
from shared.fields import Form


class ShownConsent(Form):
    """A declared consent."""

    purposes = fields.List(
        fields.String(), required=True, metadata={"description": "What people agree to."}
    )
    text_version = fields.String(
        required=True, allow_none=True, metadata={"description": "Which wording the form shows."}
    )
    field = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The box to tick; null: nobody can send the form without."},
    )


class SourceShown(Form):
    """One source, without what its sender's secrets are."""

    id = fields.String(required=True, metadata={"description": "The same as `source_id`."})
    source_id = fields.String(
        required=True, metadata={"description": "What its leads name as their source."}
    )
    adapter = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Whose posts these are; null: it is seen by each."},
    )
    profile = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "In whose words posts are answered; null: as fits their sender."},
    )
    field_map = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "By what the sender calls a field, the field that it is."},
    )
    country = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Whose numbers come without a country code."},
    )
    consent = fields.Nested(
        ShownConsent,
        required=True,
        allow_none=True,
        metadata={"description": "What the form asks people to agree to."},
    )
    has_secret = fields.Boolean(
        required=True, metadata={"description": "True if posts are verified."}
    )
    has_verify_token = fields.Boolean(
        required=True, metadata={"description": "True if the handshake is answered."}
    )
    has_access_token = fields.Boolean(
        required=True, metadata={"description": "True if announced leads are fetched."}
    )
    tokens = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "Prefixes of the tokens that open it, newest first; see the keys."
        },
    )
    created_at = fields.AwareDateTime(required=True, metadata={"description": "When it was made."})
    created_by = fields.String(
        required=True,
        metadata={
            "description": "The prefix of the API key that made it, `local` or `command line`."
        },
    )
    changed_at = fields.AwareDateTime(
        required=True, metadata={"description": "When it was last changed."}
    )
    changed_by = fields.String(
        required=True, metadata={"description": "Who changed it last, in the same words."}
    )


class SourceAnswer(Stamped):
    """One source."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    source = fields.Nested(
        SourceShown, required=True, metadata={"description": "The source as it stands."}
    )


class Opened(Form):
    """A token just made."""

    token = fields.String(
        required=True,
        metadata={"description": "What opens it. Keep it: we cannot show it again."},
    )
    url = fields.String(
        required=True,
        metadata={
            "description": "The address to give to the sender; without LEADFLY_PUBLIC_URL, the "
            "path."
        },
    )
    path = fields.String(
        required=True, metadata={"description": "The same below this service's own address."}
    )


class SourceOpened(SourceShown, Opened):
    """One source with the token just made for it."""


class OpenedAnswer(SourceAnswer, Opened):
    """A source, and a token just made for it."""

    source = fields.Nested(
        SourceOpened, required=True, metadata={"description": "The source, and its token again."}
    )


class RemovedAnswer(Stamped):
    """A source that is gone."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    source_id = fields.String(required=True, metadata={"description": "What it was called."})


class SourcesAnswer(Stamped):
    """A page of sources, by name."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = fields.Integer(required=True, metadata={"description": "Sources on this page."})
    sources = fields.List(
        fields.Nested(SourceShown), required=True, metadata={"description": "The sources."}
    )
    next_after = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What to send as `after` for the next page; null on the last."},
    )


class ItemShown(Form):
    """One thing that a payload amounts to; what does not apply is absent."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(("lead", "notice", "withdrawn", "ignored")),
        metadata={
            "description": "`notice`: a lead that is announced, to be fetched; `withdrawn`: one "
            "that its sender takes back."
        },
    )
    fields_ = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        data_key="fields",
        metadata={"description": "The lead, by our names of its fields."},
    )
    mapping = fields.Dict(
        keys=fields.String(),
        metadata={
            "description": "How it was found: `adapter`, `fields` with the sender's name of each, "
            "`confidence` and what is `unmapped`."
        },
    )
    key = fields.String(
        allow_none=True,
        metadata={"description": "What the sender calls it; a repeated post is known by it."},
    )
    replaces = fields.String(
        allow_none=True, metadata={"description": "The earlier one whose place it takes."}
    )
    test = fields.Boolean(metadata={"description": "True for the sender's own test lead."})
    reason = fields.String(metadata={"description": "Why it is ignored."})
    warnings = fields.List(
        fields.String(), metadata={"description": "What would be wrong with this lead."}
    )


class TriedAnswer(Stamped):
    """How a sample would be understood."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    adapter = fields.String(required=True, metadata={"description": "Whose it is read as."})
    title = fields.String(required=True, metadata={"description": "The sender as people know it."})
    claimed_by = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Every sender that takes it for its own."},
    )
    count = fields.Integer(required=True, metadata={"description": "What it amounts to."})
    items = fields.List(
        fields.Nested(ItemShown),
        required=True,
        metadata={"description": "Each of them; the first 100."},
    )
    warnings = fields.List(
        fields.String(), required=True, metadata={"description": "What is odd about the whole."}
    )
