"""New ground is entered or firmly planned."""

from services.signals.kinds.kind import Kind

EXPANSION = Kind(
    name="expansion",
    group="expansion_signals",
    need="expansion_financing",
    personal_need="expansion_financing",
    intent=0.5,
    triggers=("OPEN+SITE", "OPEN+ANOTHER", "ANOTHER+SITE"),
)
