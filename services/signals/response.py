"""An answer put together: what was found, what was read, and what it took."""

import time
from dataclasses import fields
from typing import Any

from services.signals.answer import answer
from services.signals.detecting import Found
from shared.pages.page import Page

SHOWN = [one.name for one in fields(Page) if one.name != "links"]
"""What is told of a page; where it leads says nothing of what somebody needs."""


def response(found: Found, begun: float) -> dict[str, Any]:
    """Return an answer as JSON; *begun* is when by `time.perf_counter`."""
    page, text = found.page, found.text
    source = "content" if page is None else "url"
    return {
        "success": True,
        **answer(found.assessment, found.kept.signal_ids, source),
        "truncated": text.truncated or bool(page and page.truncated),
        "text": None if text.as_sent else text.text,
        "page": page and {name: getattr(page, name) for name in SHOWN},
        "detection_id": found.kept.detection_id,
        "ignored_behaviour": found.ignored,
        "processing_time_ms": round((time.perf_counter() - begun) * 1000, 3),
    }
