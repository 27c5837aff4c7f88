"""A submission: what was filled in, apart from what a form carries along unseen.

Hidden fields hold the campaign (`utm_…`), a proof of consent, and the tokens of captchas. They are
fields like others to every form builder, so each sender's answers pass through here.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from services.dedup.intake.senders.json_values import silent, sole, text
from services.dedup.intake.sent import Answer, Circumstances, Sent

PROOFS = ("xxtrustedformcerturl", "trustedformcerturl", "universalleadid", "jornayaleadid")
"""Names of the fields that TrustedForm's and Jornaya's scripts fill in, the most telling first."""

MACHINERY = frozenset(
    (
        *("grecaptcharesponse", "hcaptcharesponse", "cfturnstileresponse", "frccaptcharesponse"),
        *("xxtrustedformtoken", "xxtrustedformpingurl", "leadidtoken"),
    )
)
"""Names of fields that a page's scripts use among themselves."""

CAMPAIGNS = frozenset(("campaign", "campaignid", "campaignname", "utmid"))

LONGEST_ROLE = 100
"""Characters; a longer name is an answer's, and not worth remembering: one may have a megabyte."""

_UTM = re.compile(r"utm(source|medium|campaign|term|content)")
_BETWEEN = re.compile(r"[\W_]+")


def submission(
    answers: Iterable[Answer],
    around: Circumstances,
    key: str | None = None,
    test: bool = False,
) -> Sent:
    """Return what was sent: answers that say something, and *around* with what the rest says."""
    kept, carried = [], dict[str, str]()
    for answer in answers:
        if silent(answer.value):
            continue
        role = _role(answer.name) or _role(answer.key)
        if not role:
            kept.append(answer)
        elif value := text(sole(answer.value)):
            carried.setdefault(role, value)
    around = replace(
        around,
        utm=around.utm | {name[4:]: said for name, said in carried.items() if name[:4] == "utm:"},
        campaign=around.campaign or carried.get("campaign"),
        consent_proof=around.consent_proof
        or next((carried[name] for name in PROOFS if name in carried), None),
    )
    return Sent(kept, key or None, around, test)


def _role(name: str) -> str:
    """Return what a field of this name carries; an empty text for an answer."""
    return _role_of(name) if len(name) <= LONGEST_ROLE else ""


@lru_cache(maxsize=4096)
def _role_of(name: str) -> str:
    folded = _BETWEEN.sub("", name).lower()
    if utm := _UTM.fullmatch(folded):
        return f"utm:{utm[1]}"
    if folded in CAMPAIGNS:
        return "campaign"
    return folded if folded in PROOFS or folded in MACHINERY else ""
