"""Purposes: what personal data is used for (GDPR Art. 5(1)(b), purpose limitation).

A consent lists the purposes it covers. The words below are ours; forms often
say the same thing in another word, which `named` resolves.
"""

LEAD_PROCESSING = "lead_processing"
"""Store an enquiry, see whether the person is known, and answer it."""

PURPOSES = {
    LEAD_PROCESSING: "Store your enquiry, see whether we already know you, and answer it.",
    "marketing": "Send you offers you did not ask for.",
    "sharing": "Pass your enquiry to a provider who can serve it.",
    "enrichment": "Look up more about you or your company from other sources.",
    "analytics": "Count and measure, without decisions about you.",
    "behavioural_tracking": "Remember what you did on a site.",
    "cross_site_tracking": "Recognise you on several sites.",
    "fingerprinting": "Recognise your device by its properties.",
}
"""Every purpose, and how it reads to the data subject."""

SYNONYMS = {
    "contact": LEAD_PROCESSING,
    "enquiry": LEAD_PROCESSING,
    "inquiry": LEAD_PROCESSING,
    "lead": LEAD_PROCESSING,
    "lead_management": LEAD_PROCESSING,
    "processing": LEAD_PROCESSING,
    "behavioral_tracking": "behavioural_tracking",
    "tracking": "behavioural_tracking",
}
"""Other words that forms use for the same purpose."""


def named(word: str) -> str:
    """Return the purpose that *word* stands for; a word that is none of ours is only folded.

    A purpose we do not know is kept as given: the consent is a document, and it covers
    nothing we do.
    """
    folded = "_".join(word.strip().lower().replace("-", " ").split())
    return SYNONYMS.get(folded, folded)
