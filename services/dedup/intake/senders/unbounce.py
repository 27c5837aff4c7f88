"""Unbounce: a form's own field ids among the page's, every value a list of one.

Shape: documentation.unbounce.com 203510044, as api-evangelist/unbounce copies it; the form-encoded
body with `data.json` and `data.xml` beside each other as Snowplow's adapter is tested with it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from services.dedup.intake.sender import Sender
from services.dedup.intake.senders.json_values import ip, mapping, sole, text, unpacked, url
from services.dedup.intake.senders.submission import submission
from services.dedup.intake.sent import Answer, Circumstances, Ignored, Item

PAGE = frozenset(
    (
        *("page_uuid", "page_id", "page_name", "page_url", "variant", "ip_address"),
        *("time_submitted", "date_submitted", "data.json", "data_json", "data.xml", "data_xml"),
    )
)
"""Fields of the page and the moment; everything else was filled in."""

_PACKED = ("data.json", "data_json")


def recognises(payload: Any, headers: Mapping[str, str]) -> bool:
    """True where the page's id and variant stand beside a submission's day, or packed answers."""
    form = mapping(payload)
    if "variant" not in form:
        return False
    packed = any(name in form for name in (*_PACKED, "data.xml", "data_xml"))
    return ("page_id" in form and packed) or ("page_uuid" in form and "date_submitted" in form)


def items(payload: Any) -> Sequence[Item]:
    """Return the submission, of JSON where it comes as JSON and XML."""
    if not recognises(payload, {}):
        return (Ignored("this is no submission of an Unbounce page"),)
    packed = next((payload[name] for name in _PACKED if name in payload), None)
    form = dict(payload) | dict(unpacked(packed))
    if packed is None and "page_uuid" not in form:
        return (Ignored("the answers are XML: set the webhook's content type to form or JSON"),)
    answers = [Answer(name, sole(form[name]), name) for name in form if name not in PAGE]
    return (submission(answers, _around(form)),)


def _around(form: Mapping[str, Any]) -> Circumstances:
    said = {name: text(sole(form.get(name))) for name in PAGE}
    return Circumstances(
        submitted_at=_submitted(said["date_submitted"], said["time_submitted"]),
        ip=ip(said["ip_address"]),
        form_id=said["page_uuid"] or said["page_id"] or None,
        form_name=said["page_name"] or None,
        page_url=url(said["page_url"]),
    )


def _submitted(day: str, hour: str) -> datetime | None:
    """Return the moment of `2026-11-21` and `10:57 PM UTC`, to the minute; UTC is the only zone."""
    try:
        at = datetime.strptime(f"{day} {hour}", "%Y-%m-%d %I:%M %p UTC")
    except ValueError:
        return None
    return at.replace(tzinfo=UTC)


UNBOUNCE = Sender(
    name="unbounce",
    title="Unbounce",
    recognises=recognises,
    items=items,
    reply="always_200",
)
