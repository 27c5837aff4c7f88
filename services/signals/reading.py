"""What a caller wants read, and which of it is read: one text of bounded length, or a page.

Pure. Of what somebody sends the first that says anything counts: the content, else the page of the
address, else a form's own texts, else the lead's message.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

MOST_READ = 100_000
"""Code points of one text that are read: 50 pages of a book, and within a few milliseconds."""

LONGEST_CONTENT = 1_000_000
"""Characters of a content: what its HTML is made of may be ten times what it says."""

MOST_FORM_TEXTS = 100
"""Fields of a form that are read."""

_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|div|p|br|span|table|ul|ol|li|h[1-6]|a|b|i|strong|em|script|style)"
    r"\b[^<>]{0,500}>",
    re.IGNORECASE,
)
"""A tag as HTML mails and pages have them; `a < b` and `<ada@example.org>` are none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be read."""

    content: str | None = None
    url: str | None = None
    behaviour: Sequence[Any] = ()
    """Events as they were sent."""
    form: Mapping[str, Any] | None = None
    message: str | None = None
    """What the lead itself said."""
    lead_id: UUID | None = None
    """Whose signals these are to be; None: they are not kept."""

    @property
    def page(self) -> str | None:
        """Return the address whose page is to be read, if there is no content."""
        return None if said(self.content) else self.url or None


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is read."""

    text: str
    truncated: bool = False
    """True if there was more of it."""
    as_sent: bool = True
    """False if it is not, word for word, the content that was sent."""
    of_form: bool = False


def said(text: str | None) -> bool:
    """True if *text* says anything."""
    return bool(text and text.strip())


def text_sent(asked: Asked, text_of: Callable[[str], str]) -> Text:
    """Return the text of *asked* where it names no page; *text_of* reads HTML."""
    if asked.content is not None and said(asked.content):
        return _cut(asked.content, text_of)
    lines = _form_texts(asked.form or {})
    if lines:
        whole = "\n".join(lines)
        return Text(whole[:MOST_READ], len(whole) > MOST_READ, as_sent=False, of_form=True)
    if asked.message is not None and said(asked.message):
        read = _cut(asked.message, text_of)
        return Text(read.text, read.truncated, as_sent=False)
    return Text("")


def _cut(content: str, text_of: Callable[[str], str]) -> Text:
    markup = _MARKUP.search(content) is not None
    text = text_of(content) if markup else content
    return Text(text[:MOST_READ], len(text) > MOST_READ, as_sent=not markup)


def _form_texts(form: Mapping[str, Any]) -> list[str]:
    return [text for text in form.values() if isinstance(text, str) and said(text)][
        :MOST_FORM_TEXTS
    ]
