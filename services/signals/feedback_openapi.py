"""What the API description says of a lead's signals and of what people say of them."""

from services.signals.feedback_answer_schema import FeedbackAnswer, HistoryAnswer
from services.signals.feedback_schema import (
    DetectionFeedback,
    DetectionPlace,
    HistoryQuery,
    LeadSignalsPlace,
    SignalFeedback,
    SignalPlace,
)
from shared.web.operation import JSON, READING, STORING, Operation
from shared.web.query import Account

API = "/api/v1/lead-discovery"

OF_LEAD = f"{API}/leads/<lead_id>/signals"

OF_SIGNAL = f"{API}/signals/<signal_id>/feedback"

OF_DETECTION = f"{API}/detections/<detection_id>/feedback"

TAG = "Signals"

PLAIN = ("X-Request-ID",)

FEEDBACK_OPERATIONS = (
    Operation(
        "GET",
        OF_LEAD,
        "What was detected of this lead, and when?",
        "Every detection, newest first, with its signals and what people said of them. The lead's "
        "signals now are those of the latest detection of each source: a text or a page or "
        "behaviour.",
        HistoryAnswer,
        tag=TAG,
        parameters=PLAIN,
        places=LeadSignalsPlace,
        query=HistoryQuery,
        refusals=(400, 403, 404, 500, *STORING),
        scope="read:leads",
    ),
    Operation(
        "POST",
        OF_SIGNAL,
        "Say whether a signal is right",
        "The latest word on a signal counts. The next training takes the text with what it really "
        "says; the lead's signals and scores stay as they are until something new is read.",
        FeedbackAnswer,
        tag=TAG,
        status=201,
        parameters=PLAIN,
        places=SignalPlace,
        query=Account,
        body={JSON: (SignalFeedback,)},
        refusals=(*READING, 403, 404, 500, *STORING),
        scope="write:leads",
    ),
    Operation(
        "POST",
        OF_DETECTION,
        "Say what a text really says",
        "For what was missed: all the labels that the text deserves, or none.",
        FeedbackAnswer,
        tag=TAG,
        status=201,
        parameters=PLAIN,
        places=DetectionPlace,
        query=Account,
        body={JSON: (DetectionFeedback,)},
        refusals=(*READING, 403, 404, 500, *STORING),
        scope="write:leads",
    ),
)
