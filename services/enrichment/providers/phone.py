"""The phone number: where it is from and what kind of line it is, by its digits alone.

From the plans of numbers that libphonenumber carries (phonenumbers, Apache-2.0): nobody is called
and nothing is looked up. A number that changed its carrier keeps its digits.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from services.enrichment.finding import Finding
from services.enrichment.providers.provider import Asked, NotApplicable, Reach
from shared.normalize import address
from shared.normalize import phone as phones
from shared.normalize.phone import Phone

LANGUAGE = "en"
"""In which places and carriers are named; libphonenumber has them all in English."""

MOST_ZONES = 5
"""Time zones named; a toll-free number of North America has dozens, which say nothing."""

PORTED = "Whom the range was given to; the number may have moved since."


class PhoneNumber:
    """Reads a number: valid, region, kind of line, carrier of its range, time zone."""

    name = "phone"
    title = "Phone number"
    purpose = "See where the number is from and what kind of line it is."
    personal = False
    needs = ("phone", "country")

    def find(self, asked: Asked, reach: Reach) -> Sequence[Finding]:
        """Return what the number's digits tell. Asks nobody."""
        said = asked.fields.get("phone", "")
        country = address.country_code(asked.fields.get("country", ""))
        number = phones.parse(said, country, asked.country) if said else None
        if number is None:
            raise NotApplicable("there is no number that can be read")
        return [
            Finding(field, value, self.name, None, reach.now, note, personal=False)
            for field, value, note in _told(number)
        ]


def _told(number: Phone) -> Iterator[tuple[str, str, str | None]]:
    """Yield fields, values and notes."""
    import phonenumbers  # and below: metadata of megabytes, which no other request needs

    yield "phone_valid", str(number.valid).lower(), None
    if number.vanity:
        yield "phone_vanity", "true", "It was given in letters."
    if number.placeholder:
        yield "phone_placeholder", "true", "Digits that people type to get past a form."
    if not number.valid:
        return
    parsed = phonenumbers.parse(number.e164)
    region = phonenumbers.region_code_for_number(parsed)
    if region and region != "001":  # ITU's code of what is no country's: satellites, freephone
        yield "phone_region", region, None
    yield "phone_line_type", LINES.get(phonenumbers.number_type(parsed), "unknown"), None
    yield from _described(parsed)


def _described(parsed: Any) -> Iterator[tuple[str, str, str | None]]:
    from phonenumbers import carrier, geocoder, timezone

    place = geocoder.description_for_valid_number(parsed, LANGUAGE)
    if place:
        yield "phone_place", place, None
    company = carrier.name_for_valid_number(parsed, LANGUAGE)
    if company:
        yield "phone_carrier", company, PORTED
    zones = timezone.time_zones_for_geographical_number(parsed)
    if len(zones) <= MOST_ZONES:
        for zone in zones:
            if zone != timezone.UNKNOWN_TIMEZONE:
                yield "phone_time_zone", zone, None


LINES = {
    0: "fixed_line",
    1: "mobile",
    2: "fixed_line_or_mobile",
    3: "toll_free",
    4: "premium_rate",
    5: "shared_cost",
    6: "voip",
    7: "personal_number",
    8: "pager",
    9: "company_number",
    10: "voicemail",
}
"""By libphonenumber's PhoneNumberType, what a line is; in North America fixed lines and mobiles
cannot be told apart."""
