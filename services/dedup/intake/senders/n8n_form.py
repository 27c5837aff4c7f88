"""n8n's Form Trigger: labels for keys, and when and how the form was sent.

Source: n8n's packages/nodes-base/nodes/Form/utils. There is no id, so a lead has no key.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.dedup.intake.sender import Sender
from services.dedup.intake.senders.json_values import mapping, moment, text
from services.dedup.intake.senders.submission import submission
from services.dedup.intake.sent import Answer, Circumstances, Ignored, Item

TEST, LIVE = MODES = ("test", "production")

OWN = frozenset(("submittedAt", "formMode", "formQueryParameters", "user", "headers"))
"""What n8n adds to the answers: `user` is who is logged in to n8n, and not who filled it in."""


def recognises(payload: Any, headers: Mapping[str, str]) -> bool:
    """Return whether n8n's own two marks are there."""
    return (
        isinstance(payload, dict) and "submittedAt" in payload and payload.get("formMode") in MODES
    )


def items(payload: Any) -> Sequence[Item]:
    """Return the one lead; one sent from the editor's test address is a test."""
    if not recognises(payload, {}):
        return [Ignored("it is no output of n8n's Form Trigger")]
    asked = mapping(payload.get("formQueryParameters")).items()
    around = Circumstances(submitted_at=moment(payload.get("submittedAt")))
    around = submission((Answer(str(name), value) for name, value in asked), around).around
    return [submission(_answers(payload), around, test=payload.get("formMode") == TEST)]


def _answers(payload: Mapping[str, Any]) -> Iterator[Answer]:
    for label, value in payload.items():
        if label not in OWN:
            yield Answer(str(label), _without_content(value))


def _without_content(value: Any) -> Any:
    """Return a file's name in place of the file, and anything else as it is."""
    if isinstance(value, list):
        return [_without_content(entry) for entry in value]
    named = isinstance(value, dict) and "filename" in value and "mimetype" in value
    return text(value["filename"]) if named else value


N8N_FORM = Sender(
    name="n8n_form",
    title="n8n Form Trigger",
    recognises=recognises,
    items=items,
)
