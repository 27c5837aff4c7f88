"""What a lead may say of itself: the fields that every door takes."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, post_load

from services.dedup.contact import MOST, promoted, reached
from shared.field_names import shown
from shared.fields import Figure, Form, Text

LONGEST_MESSAGE = 20_000
"""Characters in a lead's message."""

REACHING = {
    "email": "is not an email address",
    "phone": "is not a phone number",
    "other_email": "holds no email address",
    "other_phone": "holds no phone number",
}
"""The fields that a lead may be reached by, and what is wrong with one that cannot be read."""

REACHABLE: dict[str, Any] = {"anyOf": [{"required": [name]} for name in REACHING]}
"""JSON Schema's way to say that a lead is somebody who can be reached."""


UNREACHED = {"email": ["give an email or a phone"]}

MOST_SAID = 5
"""Names of fields that are not known, in a message."""

_REACHING = re.compile(r"mail|phone|tel|mobil|cell|contact", re.IGNORECASE)


class LeadData(Form):
    """The lead's own fields; at least an email or a phone, be it as a further one."""

    json_schema = REACHABLE

    email = Text("E-mail address.", examples=["ada@analytical.example"])
    phone = Text(
        "Phone number in any spelling. Without its country code it is read as one of `country`, "
        "or of the installation's default country; vanity letters as on a keypad.",
        examples=["+44 20 7946 0958"],
    )
    other_email = Text(
        "Further e-mail addresses of the same person, several with commas or semicolons; "
        f"{MOST} are kept in mind. Without an `email` the first is the lead's.",
        examples=["ada@home.example, lovelace@post.example"],
    )
    other_phone = Text(
        "Further phone numbers of the same person, several with commas or semicolons; "
        f"{MOST} are kept in mind. Without a `phone` the first is the lead's.",
        examples=["+44 20 7946 0321"],
    )
    name = Text("Full name, where it does not come in parts.", examples=["Ada Lovelace"])
    first_name = Text("Given name.", examples=["Ada"])
    last_name = Text("Family name.", examples=["Lovelace"])
    company = Text("The organisation the person works for.", examples=["Analytical Engines Ltd"])
    job_title = Text("Position there.")
    website = Text("Address of a web site.")
    street = Text("Street and number.")
    city = Text("City or town.")
    state = Text("State, province or region.")
    postal_code = Text("Postal code.")
    country = Text("Country, by name or ISO 3166-1 code.", examples=["GB"])
    date_of_birth = Text("Date of birth.", examples=["1815-12-10"])
    message = Text("What the person wrote.", longest=LONGEST_MESSAGE)
    industry = Text("Trade, in plain words of five languages or as a NAICS code.")
    company_size = Text("`small`, `medium`, `large` or `enterprise`.")
    lead_category = Text("What the lead is about: `loan`, `consulting`, `insurance` …")
    lead_type = Text("`consumer`, `business` or `unknown`.")
    loan_amount = Figure(
        "What it asks for, as it says it; matching reads `45000`, `€45k`, `1,2 Mio`, `50-100k`.",
        examples=["45000"],
    )
    currency = Text("Of its amounts: ISO 4217, a sign or a name.", examples=["USD"])
    revenue = Figure("Its company's revenue a year, as it says it.")
    founded_year = Figure("When its company was founded.")
    location = Text("Where the lead is, in one line, where it does not come in parts.")
    notes = Text("What you want to note about the lead.", longest=LONGEST_MESSAGE)
    investigation_id = Text("The investigation that the lead belongs to: a UUID.")

    def handle_error(self, error: ValidationError, data: Any, **options: Any) -> None:
        """Raise *error*, with the names of what was sent for an address and is not read."""
        if error.messages == UNREACHED and isinstance(data, Mapping):
            names = [name for name in data if isinstance(name, str) and name not in self.fields]
            unread = [shown(name, at) for at, name in enumerate(names, 1) if _REACHING.search(name)]
            if unread:
                said = f"{UNREACHED['email'][0]}; not known: {', '.join(unread[:MOST_SAID])}"
                raise ValidationError({"email": [said]})

    @post_load
    def reachable(self, data: dict[str, str | None], **options: Any) -> dict[str, str]:
        """Return the fields that say something; one of them must reach the person."""
        sent = {name: text.strip() for name, text in data.items() if text and text.strip()}
        if sent.keys().isdisjoint(REACHING):
            raise ValidationError(UNREACHED)
        given = promoted(sent)
        if not reached(given):
            raise ValidationError({name: [REACHING[name]] for name in REACHING if name in sent})
        if not _identifier(given.get("investigation_id")):
            raise ValidationError({"investigation_id": ["must be a UUID"]})
        return given


def _identifier(text: str | None) -> bool:
    try:
        return text is None or bool(UUID(text))
    except ValueError:
        return False
