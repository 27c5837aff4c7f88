"""Outside expertise is looked for."""

from services.signals.kinds.kind import Kind

CONSULTING_NEED = Kind(
    name="consulting_need",
    group="consulting_signals",
    need="business_consulting",
    personal_need="financial_advice",
    intent=1.0,
    triggers=(
        "WANT+ADVISER",
        "WANT+ADVISE+TOPIC",
        "SOMEONE+ADVISE",
        "SOMEONE+TOPIC",
        "ADVISER+TOPIC",
    ),
)
