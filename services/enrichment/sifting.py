"""What is kept of what a provider says: it is believed no more than the place it asked."""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from services.enrichment.finding import MOST_FINDINGS, MOST_NOTE, MOST_URL, MOST_VALUE, Finding

MOST_FIELD = 60
"""Characters of a field's name."""


def sifted(found: Iterable[Finding], provider: str, person_level: bool) -> tuple[Finding, ...]:
    """Return the findings that may be kept, each once, MOST_FINDINGS, in the order they came.

    Those about a person only if *person_level*. Values are cut to their bounds and freed of what
    no text holds; empty ones are left out.
    """
    kept: dict[tuple[str, str], Finding] = {}
    for finding in found:
        if finding.personal and not person_level:
            continue
        value = _clean(finding.value, MOST_VALUE)
        field = _clean(finding.field, MOST_FIELD)
        if not value or not field:
            continue
        note = _clean(finding.note or "", MOST_NOTE) or None
        whole = replace(
            finding,
            field=field,
            value=value,
            provider=provider,
            note=note,
            source_url=_url(finding),
        )
        kept.setdefault((field, value), whole)
        if len(kept) >= MOST_FINDINGS:
            break
    return tuple(kept.values())


def _clean(text: str, longest: int) -> str:
    """Return *text* without control characters, lone surrogates and what exceeds *longest*."""
    told = (" " if char in "\t\r\n" else char for char in text[: longest * 4])
    seen = "".join(char for char in told if unicodedata.category(char) not in ("Cc", "Cs"))
    return seen.strip()[:longest].strip()


def _url(finding: Finding) -> str | None:
    """Return where a finding is from; one that is too long leads nowhere, and is left out."""
    url = _clean(finding.source_url or "", MOST_URL + 1)
    return url if 0 < len(url) <= MOST_URL else None
