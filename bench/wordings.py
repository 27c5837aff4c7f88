"""One lead as senders word it: what the benchmark of the door posts."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode
from zlib import crc32

import orjson

from bench.people import Lead

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Wording:
    """How a sender words a lead."""

    name: str
    content_type: str
    words: Callable[[Lead, str], bytes]
    """The body for a lead and an id that no other post has."""


def visitor(named: str) -> str:
    """Return the address of whoever sent the post *named*: hardly any two have the same."""
    number = crc32(named.encode())
    return f"198.18.{number >> 8 & 255}.{number & 255}"


def _typeform(lead: Lead, named: str) -> bytes:
    asked = [
        ("email", "email", "Work email", lead["email"]),
        ("phone_number", "phone_number", "Phone number", lead["phone"]),
        ("short_text", "text", "Your name", f"{lead['first_name']} {lead['last_name']}"),
        ("short_text", "text", "Company", lead["company"]),
        ("short_text", "text", "City", lead["city"]),
        ("long_text", "text", "How can we help?", "We would like to hear about your terms."),
    ]
    fields = [
        {"id": f"f{n}", "ref": f"r{n}", "title": title, "type": kind}
        for n, (kind, _, title, _) in enumerate(asked)
    ]
    answers = [
        {"type": said, said: value, "field": {"id": f"f{n}", "type": kind, "ref": f"r{n}"}}
        for n, (kind, said, _, value) in enumerate(asked)
    ]
    response = {
        "form_id": "g8h",
        "token": named,
        "submitted_at": "2026-11-21T08:23:49Z",
        "hidden": {"utm_source": "ads"},
        "definition": {"id": "g8h", "fields": fields},
        "answers": answers,
    }
    event = {"event_id": named, "event_type": "form_response", "form_response": response}
    return orjson.dumps(event)


def _google(lead: Lead, named: str) -> bytes:
    columns = {
        "FULL_NAME": f"{lead['first_name']} {lead['last_name']}",
        "EMAIL": lead["email"],
        "PHONE_NUMBER": lead["phone"],
        "COMPANY_NAME": lead["company"],
        "CITY": lead["city"],
    }
    return orjson.dumps(
        {
            "lead_id": named,
            "user_column_data": [{"column_id": c, "string_value": v} for c, v in columns.items()],
            "api_version": "1.0",
            "form_id": 9007199254740993,
            "campaign_id": 2,
            "google_key": "k",
            "is_test": False,
            "gcl_id": "Cj0",
        }
    )


def _elementor(lead: Lead, named: str) -> bytes:
    return urlencode(
        {
            "Name": f"{lead['first_name']} {lead['last_name']}",
            "Email": lead["email"],
            "Phone": lead["phone"],
            "Company": lead["company"],
            "No Label field_ab12": named,
            "Date": "21 November 2026",
            "Time": "10:57 am",
            "Page URL": "https://www.example.com/contact",
            "User Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
            "Remote IP": visitor(named),
            "Powered by": "Elementor",
            "form_id": "7c1a",
            "form_name": "Contact",
        }
    ).encode()


def _jotform(lead: Lead, named: str) -> bytes:
    answers = {
        "slug": "submit/1",
        "q3_name": {"first": lead["first_name"], "last": lead["last_name"]},
        "q4_email": lead["email"],
        "q5_phone": {"full": lead["phone"]},
        "q6_company": lead["company"],
    }
    fields = {
        "formID": "203112345678901",
        "submissionID": named,
        "type": "WEB",
        "rawRequest": orjson.dumps(answers).decode(),
    }
    parts = [
        f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + "--cut--\r\n").encode()


def _flat(lead: Lead, named: str) -> bytes:
    labels = {
        "Vorname": lead["first_name"],
        "Nachname": lead["last_name"],
        "E-Mail-Adresse": lead["email"],
        "Telefonnummer": lead["phone"],
        "Firma": lead["company"],
        "Ort": lead["city"],
        "Nachricht": "Bitte rufen Sie mich zurück.",
        "Wie haben Sie uns gefunden?": "Suche",
        "submission_id": named,
    }
    return orjson.dumps(labels)


WORDINGS = (
    Wording("typeform", JSON, _typeform),
    Wording("google_ads", JSON, _google),
    Wording("elementor", FORM, _elementor),
    Wording("jotform", "multipart/form-data; boundary=cut", _jotform),
    Wording("generic", JSON, _flat),
)
"""Senders with a key and without one, in each kind of body, and a form that nobody knows."""
