"""Every sender that is known by name."""

from services.dedup.intake.sender import Sender
from services.dedup.intake.senders.calendly import CALENDLY
from services.dedup.intake.senders.elementor import ELEMENTOR
from services.dedup.intake.senders.generic import GENERIC
from services.dedup.intake.senders.google_ads import GOOGLE_ADS
from services.dedup.intake.senders.gravity_forms import GRAVITY_FORMS
from services.dedup.intake.senders.hubspot import HUBSPOT
from services.dedup.intake.senders.jotform import JOTFORM
from services.dedup.intake.senders.linkedin import LINKEDIN
from services.dedup.intake.senders.meta import META
from services.dedup.intake.senders.n8n_form import N8N_FORM
from services.dedup.intake.senders.n8n_webhook import passed_on
from services.dedup.intake.senders.tally import TALLY
from services.dedup.intake.senders.typeform import TYPEFORM
from services.dedup.intake.senders.unbounce import UNBOUNCE
from services.dedup.intake.senders.webflow import WEBFLOW

FIRST_HAND: tuple[Sender, ...] = (
    TYPEFORM,
    TALLY,
    JOTFORM,
    WEBFLOW,
    UNBOUNCE,
    GRAVITY_FORMS,
    ELEMENTOR,
    GOOGLE_ADS,
    META,
    LINKEDIN,
    HUBSPOT,
    CALENDLY,
    N8N_FORM,
)
"""Those who post what they have themselves."""

SENDERS: tuple[Sender, ...] = (passed_on(FIRST_HAND, GENERIC), *FIRST_HAND)
"""In the order in which they are asked whether a payload is theirs; `generic` is nobody's name."""

BY_NAME = {sender.name: sender for sender in SENDERS}
