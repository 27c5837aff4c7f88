"""What senders post of a person, each in its own shape (`posts.somebody`)."""

import json
import zlib


def typeform(person):
    """Return how Typeform posts *person*, without a phone."""
    fields = [
        {"id": "A", "ref": "em", "title": "Work email", "type": "email"},
        {"id": "B", "ref": "nm", "title": "Your name", "type": "short_text"},
        {"id": "C", "ref": "co", "title": "Company", "type": "short_text"},
    ]
    email, name, company = ({k: each[k] for k in ("id", "ref", "type")} for each in fields)
    return {
        "event_id": "01EK4R5P",
        "event_type": "form_response",
        "form_response": {
            "form_id": "g8h",
            "token": person["email"],
            "submitted_at": "2026-11-21T08:23:49Z",
            "definition": {"id": "g8h", "fields": fields},
            "answers": [
                {"type": "email", "email": person["email"], "field": email},
                {"type": "text", "text": person["name"], "field": name},
                {"type": "text", "text": person["company"], "field": company},
            ],
        },
    }


def elementor_simple(person):
    """Return Elementor's simple form post of *person*: labels for keys, the last ones its own."""
    return {
        "Name": person["name"],
        "Email": person["email"],
        "Phone": person["phone"],
        "Company": person["company"],
        "No Label field_ab12": "We need two lorries.",
        "Date": "21 November 2026",
        "Time": "8:23 am",
        "Page URL": "https://works.example/contact",
        "Remote IP": "203.0.113.9",
        "Powered by": "Elementor",
        "form_id": "7c1a",
        "form_name": "Contact",
    }


def elementor_advanced(person):
    """Return Elementor's advanced form post of *person*: each field with its type."""
    asked = [
        ("name", "text", "Name", person["name"]),
        ("email", "email", "Email", person["email"]),
        ("phone", "tel", "Phone", person["phone"]),
        ("company", "text", "Company", person["company"]),
    ]
    sent = {"form[id]": "7c1a", "form[name]": "Contact"}
    for name, kind, title, value in asked:
        parts = {"id": name, "type": kind, "title": title, "value": value, "raw_value": value}
        sent |= {f"fields[{name}][{part}]": text for part, text in parts.items()}
    return sent


def jotform(person):
    """Return Jotform's multipart post of *person*."""
    first, _, last = person["name"].partition(" ")
    asked = {
        "q3_name": {"first": first, "last": last},
        "q4_email": person["email"],
        "q5_phone": {"full": person["phone"]},
        "q6_company": person["company"],
    }
    fields = {
        "formID": "203112345678901",
        "submissionID": str(zlib.crc32(person["email"].encode())),
        "type": "WEB",
        "rawRequest": json.dumps(asked),
    }
    return {name: (None, text) for name, text in fields.items()}


def n8n_typeform_trigger(person):
    """Return what n8n's Typeform trigger passes on with *Only Answers*: questions for keys."""
    return {
        "Your name": person["name"],
        "Work email": person["email"],
        "Company": person["company"],
    }
