"""What callers get back of lists of leads, and of one lead."""

from marshmallow import fields, validate

from services.leads import also_known
from services.leads.change_answer_schema import LeadHistoryEntry, LeadNote
from services.leads.lead_answer_schema import LeadShown, PlaceShown
from services.leads.lead_store import MOST_RECORDS, MOST_SHOWN
from services.leads.signal_store import CATEGORIES, MOST_SIGNALS, SOURCES, TYPES
from shared.answers import Stamped
from shared.fields import Form


class LeadInList(LeadShown):
    """One lead of a list."""

    distance_km = fields.Float(
        allow_none=True,
        metadata={"description": "With `near`: how far from there, in kilometres."},
    )


class PlaceMeant(PlaceShown):
    """The place that a filter names."""

    kind = fields.String(
        required=True,
        metadata={"description": "`city`, `postal_code`, `admin1`, `country` or `coordinates`."},
    )
    ambiguous = fields.Boolean(
        required=True,
        metadata={"description": "True if other places of that name may have been meant."},
    )


class LeadsAnswer(Stamped):
    """A page of leads."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = fields.Integer(required=True, metadata={"description": "Leads on this page."})
    leads = fields.List(
        fields.Nested(LeadInList), required=True, metadata={"description": "The leads."}
    )
    next_after = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What to send as `after` for the next page; null on the last."},
    )
    not_yet_listed = fields.Integer(
        required=True,
        metadata={"description": "Leads that were stored and cannot be found yet; 10000: or more."},
    )
    place = fields.Nested(
        PlaceMeant,
        required=True,
        allow_none=True,
        metadata={"description": "What `near`, or else `location`, was read as."},
    )


class LeadSignal(Form):
    """A sign of what somebody needs."""

    id = fields.UUID(required=True, metadata={"description": "This signal."})
    signal_type = fields.String(
        required=True,
        validate=validate.OneOf(TYPES),
        metadata={"description": "What they seem to need."},
    )
    signal_category = fields.String(
        required=True,
        validate=validate.OneOf(CATEGORIES),
        metadata={"description": "Where it showed."},
    )
    source = fields.String(
        required=True, validate=validate.OneOf(SOURCES), metadata={"description": "What saw it."}
    )
    content = fields.String(
        required=True, allow_none=True, metadata={"description": "What it quotes."}
    )
    strength = fields.Integer(
        required=True,
        validate=validate.Range(min=0, max=100),
        metadata={"description": "How strong it is."},
    )
    confidence = fields.Float(
        required=True,
        validate=validate.Range(min=0, max=1),
        metadata={"description": "How sure it is."},
    )
    detected_at = fields.AwareDateTime(
        required=True, metadata={"description": "When it was seen: ISO 8601, UTC."}
    )


class LeadBehaviour(Form):
    """One thing that the person did."""

    behavior_type = fields.String(
        required=True, metadata={"description": "page_view, form_submit, email_click and more."}
    )
    occurred_at = fields.AwareDateTime(
        required=True, metadata={"description": "When: ISO 8601, UTC."}
    )
    site_url = fields.String(
        required=True, allow_none=True, metadata={"description": "The page, where there was one."}
    )
    behavior_data = fields.Dict(
        required=True, metadata={"description": "What else was said of it."}
    )


class LeadConsent(Form):
    """What the person agreed to."""

    purposes = fields.List(
        fields.String(), required=True, metadata={"description": "What for, in our words."}
    )
    given_at = fields.AwareDateTime(required=True, metadata={"description": "When: ISO 8601, UTC."})
    text_version = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Which wording of the consent text was shown."},
    )


class LeadProvenance(Form):
    """Where something that is known of a lead comes from."""

    source = fields.String(
        required=True, metadata={"description": "The kind of source that discovery asked."}
    )
    url = fields.String(
        required=True, allow_none=True, metadata={"description": "Where it can be seen."}
    )
    licence = fields.String(
        required=True, metadata={"description": "Its terms, or who vouches for it."}
    )
    attribution = fields.String(
        required=True,
        metadata={"description": "What must be shown wherever the lead is; may be empty."},
    )
    found_at = fields.AwareDateTime(required=True, metadata={"description": "When: ISO 8601, UTC."})
    job_id = fields.UUID(
        required=True, metadata={"description": "The discovery that found it first."}
    )


class LeadEnrichment(Form):
    """That something was found of the lead; `GET …/enrichment` says what."""

    findings = fields.Integer(
        required=True, validate=validate.Range(min=1), metadata={"description": "How many."}
    )
    providers = fields.List(
        fields.String(),
        required=True,
        validate=validate.Length(max=MOST_SHOWN),
        metadata={"description": "Who found something."},
    )
    found_at = fields.AwareDateTime(
        required=True, metadata={"description": "When the latest was found: ISO 8601, UTC."}
    )


class LeadAlsoKnown(Form):
    """Something that a further record of the same person says."""

    field = fields.String(required=True, metadata={"description": "What it is, by its name."})
    value = fields.String(required=True, metadata={"description": "As it was sent."})
    lead_id = fields.UUID(required=True, metadata={"description": "The record that says so."})
    source_id = fields.String(
        required=True, metadata={"description": "The form, campaign or import that it came from."}
    )
    at = fields.AwareDateTime(
        required=True, metadata={"description": "When it came: ISO 8601, UTC."}
    )


class LeadDetailsAnswer(Stamped):
    """One lead and what is known about it."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    lead = fields.Nested(LeadShown, required=True, metadata={"description": "The lead."})
    signals = fields.List(
        fields.Nested(LeadSignal),
        required=True,
        validate=validate.Length(max=MOST_SIGNALS),
        metadata={"description": "Strongest first."},
    )
    behaviors = fields.List(
        fields.Nested(LeadBehaviour),
        required=True,
        validate=validate.Length(max=MOST_SHOWN),
        metadata={"description": "What the person did, as far as they agreed, the latest first."},
    )
    notes = fields.List(
        fields.Nested(LeadNote),
        required=True,
        validate=validate.Length(max=MOST_SHOWN),
        metadata={"description": "The newest first."},
    )
    history = fields.List(
        fields.Nested(LeadHistoryEntry),
        required=True,
        validate=validate.Length(max=MOST_SHOWN),
        metadata={"description": "What people changed, the latest first."},
    )
    duplicates = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(max=MOST_RECORDS),
        metadata={"description": "Other records received of the same person, oldest first."},
    )
    also_known = fields.List(
        fields.Nested(LeadAlsoKnown),
        required=True,
        validate=validate.Length(max=also_known.MOST),
        metadata={
            "description": "What those records say and this one does not, the latest first; each "
            "value once, however it is spelt."
        },
    )
    consent = fields.Nested(
        LeadConsent,
        required=True,
        allow_none=True,
        metadata={
            "description": "The latest consent of the person; null without one, or once they took "
            "it back."
        },
    )
    enrichment = fields.Nested(
        LeadEnrichment,
        required=True,
        allow_none=True,
        metadata={
            "description": "What is held beside what the person gave, shortly; null: nothing."
        },
    )
    provenance = fields.List(
        fields.Nested(LeadProvenance),
        required=True,
        validate=validate.Length(max=MOST_SHOWN),
        metadata={"description": "Where discovery found it, the latest first; else empty."},
    )
