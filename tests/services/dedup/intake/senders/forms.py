"""What form builders post, as `fixtures/*.json` has it: a body, and what it should come to."""

import json
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from services.dedup.intake.post import Post
from services.dedup.intake.sent import Circumstances, Sent

FIXTURES = Path(__file__).parent / "fixtures"
BUILDERS = ("typeform", "tally", "jotform", "webflow", "unbounce", "gravity_forms", "elementor")

NOTHING = asdict(Circumstances())


@dataclass(frozen=True)
class Case:
    """One post. Exactly one of `json`, `form` (URL-encoded) and `multipart` (pairs) is its body."""

    claim: str
    key: str | None
    answers: dict[str, Any]
    around: dict[str, Any]
    lead: dict[str, str] | None
    """In the fields of a lead; None where nobody could tell without a saved map."""
    json: Any = None
    form: str | None = None
    multipart: list[list[str]] | None = None
    test: bool = False
    claimed: bool = True
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def post(self) -> Post:
        """Return the post as it comes over the wire."""
        if self.multipart:
            return _multipart(self.multipart)
        if self.form is not None:
            kind, raw = "application/x-www-form-urlencoded", self.form
        else:
            kind, raw = "application/json", json.dumps(self.json, ensure_ascii=False)
        return Post(headers={"content-type": kind, **self.headers}, raw=raw.encode())


def _multipart(pairs: list[list[str]]) -> Post:
    parts = [
        f'--pts\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in pairs
    ]
    raw = "".join([*parts, "--pts--\r\n"]).encode()
    return Post(headers={"content-type": "multipart/form-data; boundary=pts"}, raw=raw)


@cache
def cases(builder: str) -> list[Case]:
    """Return every case of a builder."""
    read = json.loads((FIXTURES / f"{builder}.json").read_text(encoding="utf-8"))
    return [Case(claim, **case) for claim, case in read.items()]


def sent(sender, post: Post) -> Sent:
    """Return the one submission that a post amounts to."""
    (item,) = sender.items(post.payload)
    assert isinstance(item, Sent)
    return item


def as_told(sender, case: Case) -> None:
    """Assert that *sender* says of the post what the case says: answers, key, surroundings."""
    found = sent(sender, case.post)

    assert [(one.name, one.value) for one in found.answers] == list(case.answers.items())
    assert (found.key, found.test) == (case.key, case.test)
    around = asdict(found.around)
    at = around["submitted_at"]
    around["submitted_at"] = at and at.isoformat()
    assert around == NOTHING | case.around
