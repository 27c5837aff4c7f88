"""The options of a request: how it is to be answered."""

from dataclasses import dataclass
from typing import Any

from marshmallow import fields, missing, post_load

from shared.fields import Form


class Flag(fields.Boolean):
    """True or false, also as the texts that a form has for them."""

    default_error_messages = {"invalid": "must be true or false"}  # noqa: RUF012 (marshmallow's)

    def __init__(self, meaning: str, data_key: str | None = None):
        super().__init__(
            data_key=data_key,
            load_default=False,
            allow_none=True,
            metadata={"description": meaning, "type": ["boolean", "string"], "enum": FLAGS},
        )

    def deserialize(self, value: Any, *context: Any, **options: Any) -> Any:
        """Return what *value* says; silence is False. Other words and numbers are a fault."""
        if value is missing or value is None or value == "":
            return False
        if isinstance(value, bool) or str(value).lower() in ("true", "false"):
            return str(value).lower() == "true"
        raise self.make_error("invalid")


FLAGS = [True, False, "true", "false", "", None]
"""What a flag may say."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a request is to be answered."""

    dry_run: bool = False
    explain: bool = False

    @property
    def scopes(self) -> tuple[str, ...]:
        """Return what an API key must be allowed.

        Who may only submit leads must not find out who is known without leaving a lead behind,
        nor look closer at those that it nearly was.
        """
        if self.dry_run:
            return ("read:leads",)
        return ("write:leads", "read:leads") if self.explain else ("write:leads",)


NO_OPTIONS = Options()
"""A lead is checked and stored."""

DRY_RUN = (
    "Answer what the lead would be answered, and store nothing. An API key needs `read:leads` "
    "for it, and no `write:leads`."
)
EXPLAIN = (
    "Give `match_details` of the likeliest known lead also where no duplicate was found. "
    "An API key needs `read:leads` for it."
)


class OptionsGiven(Form):
    """How the request is to be answered."""

    dry_run = Flag(DRY_RUN)
    explain = Flag(EXPLAIN)

    @post_load
    def options(self, data: dict[str, bool], **options: Any) -> Options:
        """Return the options."""
        return Options(**data)


class Answering(Form):
    """The part of a request that says how it is to be answered."""

    options = fields.Nested(OptionsGiven, load_default=NO_OPTIONS, allow_none=True)
