"""Money from outside is wanted now."""

from services.signals.kinds.kind import Kind

LOAN_NEED = Kind(
    name="loan_need",
    group="loan_signals",
    need="business_loan",
    personal_need="personal_loan",
    intent=1.0,
    triggers=(
        "WANT+FINANCE",
        "WANT+BORROW",
        "BORROW+MONEY",
        "FINANCE+MONEY",
        "PRICE+FINANCE",
        "PRICE+MONEY",
        "FINANCE+ASSET",
        "BORROW+ASSET",
        "BORROW+RECEIVABLE",
        "REFUSED+FINANCE",
    ),
)
