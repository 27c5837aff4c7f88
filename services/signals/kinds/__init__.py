"""The types of signals. A new one is a file beside this, and a line at its foot."""

from services.signals.kinds.consulting_need import CONSULTING_NEED
from services.signals.kinds.expansion import EXPANSION
from services.signals.kinds.financial_distress import FINANCIAL_DISTRESS
from services.signals.kinds.growth import GROWTH
from services.signals.kinds.kind import Kind
from services.signals.kinds.loan_need import LOAN_NEED

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (LOAN_NEED, CONSULTING_NEED, FINANCIAL_DISTRESS, GROWTH, EXPANSION)
}
"""By name, in the order of the answer."""
