"""What the link that ends digests holds."""

from marshmallow import Schema, fields


class UnsubscribePlace(Schema):
    """The path of the link."""

    unsubscribe_token = fields.String(
        required=True, metadata={"description": "Opaque: which receiver it is, sealed."}
    )
