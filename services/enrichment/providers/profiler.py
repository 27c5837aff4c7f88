"""An external profiler: a server of the operator's choice that looks people up.

Off unless PROFILER_URL names one. It is told a username and a mail address and nothing else, under
an id that says nothing of the lead; `docs/profiler.md` is the contract that it keeps.
"""

from collections.abc import Sequence

from services.enrichment import profiling
from services.enrichment.finding import Finding
from services.enrichment.profiling import Unreadable
from services.enrichment.providers.provider import (
    Asked,
    NotApplicable,
    ProfilerAt,
    ProviderUnavailable,
    Reach,
)
from shared.outbound import Answer, Refused, Unreachable

PATH = "/v1/profiles"

SECONDS = 10.0
"""For the question and the whole answer."""

MOST_BYTES = 1_000_000
"""Of the answer: a thousand findings as long as they may be."""

WORDS = {401: "does not accept our key", 403: "does not accept our key", 429: "is busy"}


class Profiler:
    """Asks the profiler."""

    name = profiling.NAME
    title = "External profiler"
    purpose = "Find public profiles of the person by username or mail address."
    personal = True
    needs = ("username", "email")

    def find(self, asked: Asked, reach: Reach) -> Sequence[Finding]:
        """Return what the profiler says. Raises ProviderUnavailable or NotApplicable."""
        if reach.profiler is None:
            raise NotApplicable("no profiler is configured")
        if not any(asked.fields.get(name) for name in self.needs):
            raise NotApplicable("neither a username nor a mail address is known")
        body = profiling.request(asked.fields, asked.request_id)
        answer = _answered(reach, reach.profiler, body)
        try:
            return profiling.findings(answer.body, reach.now)
        except Unreadable as error:
            raise ProviderUnavailable(f"the profiler's answer {error}") from None


def _answered(reach: Reach, at: ProfilerAt, body: bytes) -> Answer:
    """Return what the profiler answers, if that is one document of JSON."""
    headers = {
        "Authorization": f"Bearer {at.key}",
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "LeadFly-Enrichment/1",
    }
    seconds = min(SECONDS, reach.left())
    try:
        answer = reach.door.send("POST", at.url + PATH, headers, body, seconds, MOST_BYTES + 1)
    except Refused as error:
        raise ProviderUnavailable(f"the profiler's address {error.details['url']}") from None
    except Unreachable as error:
        raise ProviderUnavailable(f"the profiler was not reached: {_clause(error)}") from None
    problem = _problem(answer)
    if problem:
        raise ProviderUnavailable(f"the profiler {problem}")
    return answer


def _problem(answer: Answer) -> str | None:
    """Return what keeps *answer* from being read, in words that quote nothing of it."""
    if 300 <= answer.status < 400:
        return "redirects, and redirects are not followed"
    if answer.status != 200:
        return f"{WORDS.get(answer.status, 'gave no profile')} (status {answer.status})"
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        return "answered with something that is not JSON"
    if answer.headers.get("content-encoding", "identity").strip().lower() != "identity":
        return "answered with something packed, which was not asked for"
    if len(answer.body) > MOST_BYTES:
        return "answered with more than 1 MB"
    return None if answer.whole else "did not answer to the end in time"


def _clause(error: Unreachable) -> str:
    """Return the door's sentence as part of another."""
    return error.message[:1].lower() + error.message[1:].rstrip(".")
