"""What callers may say of whom a request is about: a lead, or addresses and numbers."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from shared.errors import Malformed
from shared.fields import Form, Text
from shared.privacy import addresses
from shared.privacy.addresses import Address
from shared.web.auth import LONGEST_USER_ID

UNREAD = "stands for nobody: it cannot be read as one, or is a placeholder"


class OfOwnAccount(Form):
    """A body that may name the account."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )


class Identifiers(Form):
    """By what somebody is known: one at least."""

    email = Text("Their address, in any spelling.", examples=["ada@analytical.example"])
    phone = Text("Their number, in any spelling.", examples=["+1 212 555 0134"])
    country = Text("What a national number is read as: ISO 3166-1 alpha-2.", longest=2)


def meant(said: Mapping[str, Any] | None, default_country: str) -> list[Address]:
    """Return the addresses that `Identifiers` say. Raises Malformed for none, or one unread."""
    said = {name: text for name, text in (said or {}).items() if text}
    found: dict[str, Address | None] = {}
    if "email" in said:
        found["email"] = addresses.of_email(said["email"])
    if "phone" in said:
        found["phone"] = addresses.of_phone(said["phone"], said.get("country"), default_country)
    unread = {f"identifiers.{name}": UNREAD for name, one in found.items() if one is None}
    if unread or not found:
        raise Malformed(details=unread or {"identifiers": "names neither email nor phone"})
    return [one for one in found.values() if one is not None]
