"""What is erased of a person, what stays without saying who it was, and from when on.

Every column of text in a table that knows a contact is named here: a test fails for one that is forgotten.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

GRACE: Final = timedelta(days=7)  # to think better of it; the law allows a month (GDPR art. 12(3))
LONGEST: Final = timedelta(days=30)


class To(StrEnum):
    """What a column holds afterwards."""

    NOTHING = "''"
    NULL = "NULL"
    OBJECT = "'{}'"
    LIST = "'[]'"
    ID = "'erased:' || id"  # where it must differ from row to row


class Why(StrEnum):
    """Why something stays."""

    CODE = "code"  # one of a few words, or a name of ours: says what kind, never who
    STAFF = "staff"  # who of us did it
    KNOWN_AGAIN = "known again"  # so that the same thing is not taken in twice
    LAW = "law"  # what was given or paid, and that and why something was asked of us
    PLACE = "place"  # where a file lay; the row goes with the file


# Whole rows go.
REMOVED: Final = frozenset(
    {
        "address",
        "fact",
        "field_value",
        "card_answer",
        "attachment",
        "draft",
        "scheduled_message",
        "rule_run",
        "visitor_session",
        "customer_session",
        "event",
        "finding_entry",
        "incident_follower",
        "incident_link",
        "incident_request",
        "gap_question",
        "trail_step",
        "verbatim_sent",
        "page_context",
    }
)
# These rows stay for what can be counted: how many, when, how long, with which end.
EMPTIED: Final[Mapping[str, Mapping[str, To]]] = {
    "contact": {
        "name": To.NOTHING,
        "language": To.NULL,
        "time_zone": To.NULL,
        "preferred_channel": To.NULL,
        "tone": To.NULL,
        "preference_source": To.NULL,
    },
    "contact_merge": {"evidence": To.OBJECT, "moved": To.OBJECT},
    "participant": {"name": To.NOTHING, "address": To.ID},
    "conversation": {"subject": To.NOTHING, "preview": To.NOTHING, "conversation_key": To.ID},
    "message": {
        "author_name": To.NOTHING,
        "text": To.NOTHING,
        "subject": To.NULL,
        "payload": To.OBJECT,
        "html": To.NULL,
        "raw_key": To.NULL,
        "external_id": To.NULL,
        "dedupe_key": To.NULL,
        "error": To.NULL,
    },
    "receipt": {"inbound": To.OBJECT, "raw_key": To.NULL, "error": To.NULL},
    "cases": {
        "title": To.NOTHING,
        "expectation": To.NOTHING,
        "promise": To.NOTHING,
        "resolution": To.NOTHING,
        "waiting_for": To.NULL,
    },
    "case_step": {"title": To.NOTHING},
    "case_move": {"data": To.OBJECT},
    "case_merge": {"before": To.OBJECT},
    "task": {"title": To.NOTHING},
    "gesture": {"what": To.NOTHING, "reason": To.NOTHING},
    "consult": {"question": To.NOTHING, "outcome": To.NOTHING},
    "consult_message": {"text": To.NOTHING},
    "transfer": {"note": To.NOTHING, "answer": To.NOTHING},
    "interaction": {"reason": To.NOTHING},
    "callback": {"address": To.NOTHING},
    "page_report_said": {
        "expected": To.NOTHING,
        "email": To.NULL,
        "filename": To.NULL,
        "store_key": To.NULL,
    },
    "visitor": {"external_id": To.NULL, "preference": To.OBJECT, "origin": To.NULL},
    "shop_order": {"number": To.NOTHING},
    "incident_telling": {"address": To.NULL, "problem": To.NULL},
    "contact_after": {"question": To.NOTHING},
    "gap_case": {"meaning": To.NULL},  # the vector of what they wrote
    "article_source": {"title": To.NOTHING, "body": To.NOTHING},
}
KEPT: Final[Mapping[str, Mapping[str, Why]]] = {
    "contact": {"prefers": Why.CODE},
    "participant": {"role": Why.CODE},
    "page_report_said": {"language": Why.CODE, "content_type": Why.CODE},
    "conversation": {
        "channel": Why.CODE,
        "status": Why.CODE,
        "spam_cause": Why.CODE,
        "language": Why.CODE,
        "trouble": Why.CODE,
    },
    "message": {
        "direction": Why.CODE,
        "kind": Why.CODE,
        "author_kind": Why.CODE,
        "status": Why.CODE,
        "client_id": Why.KNOWN_AGAIN,
    },
    "receipt": {"provider_id": Why.KNOWN_AGAIN, "state": Why.CODE},
    "cases": {"status": Why.CODE, "resolved_by": Why.CODE},
    "case_step": {"state": Why.CODE},
    "case_move": {"kind": Why.CODE, "actor": Why.STAFF},
    "case_merge": {"kind": Why.CODE, "moved": Why.CODE},
    "case_tag": {"actor": Why.STAFF},
    "conversation_tag": {"actor": Why.STAFF},
    "task": {"kind": Why.CODE, "state": Why.CODE, "place": Why.CODE},
    "gesture": {"currency": Why.LAW, "state": Why.LAW},
    "consult": {
        "to_kind": Why.CODE,
        "to_name": Why.STAFF,
        "decision": Why.CODE,
        "declined": Why.STAFF,
        "state": Why.CODE,
    },
    "consult_message": {"client_id": Why.KNOWN_AGAIN},
    "transfer": {"kind": Why.CODE, "to_kind": Why.CODE, "to_name": Why.STAFF, "state": Why.CODE},
    "interaction": {
        "state": Why.CODE,
        "decision": Why.CODE,
        "end_reason": Why.CODE,
        "disposition": Why.CODE,
        "disposition_offered": Why.CODE,
    },
    "callback": {"how": Why.CODE, "state": Why.CODE, "done_by": Why.STAFF},
    "visitor": {"language": Why.CODE},
    "shop_order": {"currency": Why.LAW, "helped": Why.CODE},
    "incident_telling": {"channel": Why.CODE, "language": Why.CODE, "state": Why.CODE},
    "contact_after": {"language": Why.CODE},
    "gap_case": {"language": Why.CODE},
    "article_source": {"language": Why.CODE, "model": Why.CODE, "problem": Why.CODE},
    "notification": {"kind": Why.CODE, "key": Why.CODE},
    "waiting": {"needs": Why.CODE, "channel": Why.CODE},
    "wait_estimate": {"outcome": Why.CODE},
    "sla_clock": {"target": Why.CODE, "closed": Why.CODE, "state": Why.CODE},
    "bulk_item": {"before": Why.CODE, "after": Why.CODE},
    "erasure": {"state": Why.CODE, "asked_by": Why.LAW, "reason": Why.LAW, "erased": Why.LAW},
}


def is_known(table: str, column: str) -> bool:
    """Say whether it was decided what becomes of a column."""
    return table in REMOVED or column in EMPTIED.get(table, {}) or column in KEPT.get(table, {})


def erases_at(asked_at: datetime, grace: timedelta) -> datetime:
    """Return from when on it is done: never sooner than asked, never later than the law allows."""
    return asked_at + min(max(grace, timedelta()), LONGEST)


def may_erase(state: str, due_at: datetime, now: datetime) -> bool:
    """Say whether it is time, and nobody thought better of it."""
    return state == "waiting" and now >= due_at
