"""Obligations cannot be met, or that is near."""

from services.signals.kinds.kind import Kind

FINANCIAL_DISTRESS = Kind(
    name="financial_distress",
    group="financial_distress",
    need="financial_assistance",
    personal_need="debt_advice",
    intent=0.6,
    triggers=("RUIN", "CANTPAY", "CANTPAY+OBLIGATION", "CASHOUT"),
)
