"""What scans add to reviews: which scan opened one, and what is looked at together with it."""

from marshmallow import fields

from services.dedup.answer_schema import identifier
from shared.fields import Form


class ScanNamed(Form):
    """Reviews of one scan, or of one group."""

    scan_id = fields.UUID(
        load_default=None, metadata={"description": "Only those that this scan opened."}
    )
    group_id = fields.UUID(
        load_default=None,
        metadata={"description": "Only those that scans opened of leads of this group."},
    )


class Scanned(Form):
    """What a scan says of a review."""

    scan_id = identifier("The scan that opened it; null: a check did.", allow_none=True)
    group_id = identifier(
        "The same for leads that scans found to belong together, perhaps: to be looked at in one "
        "go. Null: none did.",
        allow_none=True,
    )
