"""What callers may ask of leads like one, and of the services for it, and what they get back."""

from marshmallow import fields

from services.matching.answer_schema import LeadShort, Matched, points
from services.matching.catalogue_answer_schema import identifier, many, succeeded, thing, whole
from services.matching.match_schema import limit
from services.matching.matchmaking import MOST
from services.matching.similar_leads import MOST as MOST_SIMILAR
from services.matching.similar_leads import USUAL as USUAL_SIMILAR
from shared.answers import Stamped
from shared.fields import Form

RECOMMENDED = 5
"""Services that are recommended unless something else is asked for."""


class HowManyLeads(Form):
    """How many leads."""

    limit = limit(USUAL_SIMILAR, MOST_SIMILAR)


class HowManyServices(Form):
    """How many services."""

    limit = limit(RECOMMENDED, MOST)


class SimilarShown(Form):
    """A lead that is like another."""

    lead_id = identifier("The lead.")
    similarity = points("How much it is like the other.")
    reasons = many(fields.String(), "What they have in common, what counts most first.")
    lead = thing("What may be known of it here.", LeadShort)


class SimilarAnswer(Stamped):
    """The leads that are most like one."""

    success = succeeded()
    lead_id = identifier("The lead that they are like.")
    count = whole("Leads in this answer.")
    leads = many(fields.Nested(SimilarShown), "The most alike first; of equal ones by id.")


class RecommendedAnswer(Stamped, Matched):
    """The services for one stored lead; nothing was kept."""

    lead_id = identifier("The lead.")
