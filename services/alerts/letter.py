"""A letter: the words of a notification laid out for reading, as plain text and as HTML.

Pure. The HTML has its style inline, as mail readers want it, asks nothing of any host and leaves
colours of text and background to the reader, light or dark. Every word in it is escaped.
"""

from dataclasses import dataclass
from html import escape

WHY = "You get this because alerts of LeadFly are sent to this address."


@dataclass(frozen=True, slots=True)
class Section:
    """What it says of one alert."""

    title: str
    message: str
    priority: str
    said: tuple[str, ...]
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """The whole of it."""

    subject: str
    lead_in: str
    sections: tuple[Section, ...]
    more: str = ""
    link: str | None = None

    def text(self, unsubscribe: str | None = None) -> str:
        """Return it as plain text; *unsubscribe* is a link that ends it."""
        blocks = [self.lead_in, *(_block(section) for section in self.sections)]
        blocks += [self.more] if self.more else []
        blocks += [f"All alerts: {self.link}"] if self.link else []
        blocks += [f"{WHY}\nTo end it: {unsubscribe}"] if unsubscribe else []
        return "\n\n".join(blocks) + "\n"


def html(letter: Letter, unsubscribe: str | None = None) -> str:
    """Return *letter* as a page."""
    parts = [f"<p>{escape(letter.lead_in)}</p>"]
    parts += [_part(section) for section in letter.sections]
    parts += [f"<p>{escape(letter.more)}</p>"] if letter.more else []
    parts += [f"<p>{_anchor(letter.link, 'All alerts')}</p>"] if letter.link else []
    if unsubscribe:
        ends = _anchor(unsubscribe, "Send me no more of these")
        parts.append(f'<p style="{_SMALL}">{WHY} {ends}</p>')
    return _PAGE.format(title=escape(letter.subject), body="\n".join(parts), style=_BODY)


def _block(section: Section) -> str:
    lines = [section.title, section.message, *section.said]
    return "\n".join([*(line for line in lines if line), *([section.link] if section.link else [])])


def _part(section: Section) -> str:
    colour = COLOURS.get(section.priority, COLOURS["low"])
    message = escape(section.message).replace("\n", "<br>\n")
    said = "<br>\n".join(escape(line) for line in section.said)
    link = f"<br>\n{_anchor(section.link, 'Open')}" if section.link else ""
    return (
        f'<div style="border-left:4px solid {colour};padding:0 12px;margin:16px 0">\n'
        f'<h2 style="font-size:17px;margin:0 0 6px">{escape(section.title)}</h2>\n'
        f'<p style="margin:0 0 6px">{message}</p>\n<p style="{_SMALL}">{said}{link}</p>\n</div>'
    )


def _anchor(link: str, words: str) -> str:
    return f'<a href="{escape(link)}">{escape(words)}</a>'


_SMALL = "font-size:13px;margin:0"
_BODY = "font:15px/1.5 system-ui,sans-serif;max-width:640px;margin:0 auto;padding:16px"

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark"></head>
<body style="{style}">
{body}
</body></html>
"""

COLOURS = {"urgent": "#d32f2f", "high": "#e07b00", "medium": "#2f6fde", "low": "#7a8699"}
"""Of the bar beside an alert: each is seen on white and on black (WCAG 2.2, 1.4.11, 3:1)."""
