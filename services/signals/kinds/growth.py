"""The business grows."""

from services.signals.kinds.kind import Kind

GROWTH = Kind(
    name="growth",
    group="growth_signals",
    need="growth_capital",
    personal_need="growth_capital",
    intent=0.4,
    triggers=(
        "GROW+MEASURE",
        "GROW+SELF",
        "CAPACITY",
        "HIRE+SELF",
        "FUNDED",
        "WON+SELF",
    ),
)
