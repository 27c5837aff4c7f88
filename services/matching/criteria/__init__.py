"""The five criteria of a match. A new one is a file beside this, and a line at its foot."""

from services.matching.criteria.behavioral import BEHAVIORAL
from services.matching.criteria.criterion import Criterion, Reason
from services.matching.criteria.geographic import GEOGRAPHIC
from services.matching.criteria.industry import INDUSTRY
from services.matching.criteria.need import NEED
from services.matching.criteria.profile import PROFILE

__all__ = ["CRITERIA", "Criterion", "Reason"]

CRITERIA: tuple[Criterion, ...] = (GEOGRAPHIC, INDUSTRY, NEED, PROFILE, BEHAVIORAL)
"""In the order of the answer; their points add up to 100 (contract, section 3)."""
