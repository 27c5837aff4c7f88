"""A post: one request to a source's address, as it came over the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from services.dedup.intake import decoding


@dataclass(frozen=True)
class Post:
    """One request. Signatures cover `raw`; whoever reads `payload` first decodes it."""

    method: str = "POST"
    url: str = field(default="", repr=False)
    """The address as the sender knows it, with query: some signatures cover it."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By names in lower case."""
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Of the address; the first value of a name."""
    raw: bytes = field(default=b"", repr=False)

    @cached_property
    def payload(self) -> Any:
        """Return what the body says: JSON, or a form's fields as nested dicts, lists and texts.

        A GET has its query for a body. Raises Malformed or UnsupportedMediaType.
        """
        if self.method == "GET":
            return decoding.nested(list(self.query.items()))
        return decoding.payload(self.raw, self.headers.get("content-type", ""))
