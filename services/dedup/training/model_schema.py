"""What callers may ask of an account's models, and what they get back."""

from marshmallow import fields, validate

from services.dedup.training.model_store import MOST
from shared.answers import Stamped
from shared.fields import Form
from shared.web.auth import LONGEST_USER_ID

PAGE = 50
"""Models in one answer, unless the caller asks for another number."""

LONGEST_VERSION = 64
"""Characters of a version."""

ORIGINS = ("pairs", "reviews", "unlabelled", "file")
"""What a model may be made from."""


class ModelPage(Form):
    """How many models are asked for."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=MOST, error=f"must be from 1 to {MOST}"),
        metadata={"description": "How many models at most, the newest."},
    )


class ModelPlace(Form):
    """Which model."""

    model_version = fields.String(
        required=True,
        validate=validate.Length(min=1, max=LONGEST_VERSION),
        metadata={
            "description": "The version of one of the account's models, or `standard` for the "
            "model of accounts that have none of their own.",
            "pattern": "^[A-Za-z0-9._-]+$",
        },
    )


class ModelUse(Form):
    """Whose model is to decide."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )


class HeldOutFigure(Form):
    """A figure of both models on pairs that neither was fitted to; less is better."""

    running = fields.Float(required=True, metadata={"description": "Of the model that decided."})
    trained = fields.Float(required=True, metadata={"description": "Of this one."})
    low = fields.Float(
        required=True, metadata={"description": "Lower end of the difference's 95 % interval."}
    )
    high = fields.Float(required=True, metadata={"description": "Its upper end."})


class HeldOut(Form):
    """What the held-out pairs said when the model was made."""

    log_loss = fields.Nested(HeldOutFigure, required=True, metadata={"description": "Bits a pair."})
    flag_cost = fields.Nested(
        HeldOutFigure,
        required=True,
        metadata={"description": "Errors a pair at the flag threshold, weighed by it."},
    )
    block_cost = fields.Nested(
        HeldOutFigure,
        required=True,
        metadata={"description": "Errors a pair at the block threshold, weighed by it."},
    )
    missed = fields.Nested(
        HeldOutFigure,
        required=True,
        metadata={"description": "Share of the pairs of one person that are not flagged."},
    )
    flagged = fields.Nested(
        HeldOutFigure,
        required=True,
        metadata={"description": "Share of the pairs of two people that are flagged."},
    )
    blocked = fields.Nested(
        HeldOutFigure,
        required=True,
        metadata={"description": "Share of the pairs of two people that are blocked."},
    )
    pairs = fields.Integer(required=True, metadata={"description": "Pairs that were judged."})
    groups = fields.Integer(
        required=True, metadata={"description": "Groups of people that they were held out by."}
    )


class ModelVersion(Form):
    """One model of the account."""

    version = fields.String(required=True, metadata={"description": "Stored with each decision."})
    in_use = fields.Boolean(required=True, metadata={"description": "True if it decides."})
    made_at = fields.AwareDateTime(required=True, metadata={"description": "When it was made."})
    made_by = fields.String(
        required=True, metadata={"description": "Who made it: `command line`, or a key's prefix."}
    )
    made_from = fields.String(
        required=True,
        validate=validate.OneOf(ORIGINS),
        metadata={"description": "What it was fitted to, or `file` if it was brought."},
    )
    base_version = fields.String(
        required=True, metadata={"description": "The model near which it was fitted."}
    )
    trained_on = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "How many pairs or leads it was fitted to."},
    )
    held_out = fields.Nested(
        HeldOut,
        required=True,
        allow_none=True,
        metadata={"description": "What it was judged by; null: by nothing."},
    )
    problem = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why it cannot decide under this version of ours; null: it can."},
    )


class ModelsAnswer(Stamped):
    """The account's models."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    in_use = fields.String(
        required=True, metadata={"description": "The version that decides, or `standard`."}
    )
    standard_version = fields.String(
        required=True, metadata={"description": "The version of the standard model."}
    )
    models = fields.List(
        fields.Nested(ModelVersion),
        required=True,
        validate=validate.Length(max=MOST),
        metadata={"description": "The newest first; at most `limit`."},
    )


class ModelUsedAnswer(Stamped):
    """The model that decides from now on."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    in_use = fields.String(
        required=True, metadata={"description": "The version that decides, or `standard`."}
    )
