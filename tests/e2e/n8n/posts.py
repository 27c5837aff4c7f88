"""What visitors and senders post through n8n to our sources: each post is of somebody new."""

from uuid import uuid4

import requests

TENANT = "tenant-n8n-sources"

SOURCES = {"LEADFLY_FORM_TOKEN": "n8n-form", "LEADFLY_WEBHOOK_TOKEN": "n8n-webhook"}
"""By the variable that holds a source's token, the source."""

FORM_PATH, WEBHOOK_PATH = "leadfly/lead-form", "leadfly/lead-webhook"
"""Paths in n8n."""

ASKED = ("name", "email", "phone", "company")
"""What a form asks somebody, in this order."""

LETTERS = str.maketrans("0123456789", "ghijklmnop")


def somebody():
    """Return a new person as a form asks for one, by the fields of a lead."""
    word = uuid4().hex.translate(LETTERS)
    return {
        "name": f"{word[:7]} {word[7:14]}".title(),
        "email": f"{word[:7]}@{word[14:22]}.example",
        "phone": f"+49151{int(uuid4().hex[:10], 16) % 10**8:08d}",
        "company": f"{word[22:30].title()} Works",
    }


def fill_in(n8n_url, person, message="", path=FORM_PATH):
    """Send a form of n8n's as its page does: multipart, each field by its position."""
    answers = [*(person[name] for name in ASKED), message]
    fields = {f"field-{place}": (None, answer) for place, answer in enumerate(answers)}
    return requests.post(f"{n8n_url}/form/{path}", files=fields, timeout=30)


def post(n8n_url, **request):
    """Post as a sender does to the address that n8n gives it."""
    return requests.post(f"{n8n_url}/webhook/{WEBHOOK_PATH}", timeout=30, **request)


def thanked(response):
    """True if the page at which the form was sent now shows its thanks, and nothing else."""
    return (response.status_code, response.content) == (200, b"")


def said(lead):
    """Return what *lead* says of what `somebody` is asked; a name in two parts as one."""
    fields = dict(lead.fields)
    if "last_name" in fields:
        fields["name"] = f"{fields['first_name']} {fields['last_name']}"
    return {name: fields.get(name, "") for name in ASKED}
