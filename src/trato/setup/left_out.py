"""Which tables are not in the file of settings, and why: each table is either there or here."""

from collections.abc import Mapping
from typing import Final

_TOLD = "what people said or were told, and what became of it"
_PEOPLE = "who may sign in is invited by name, never by a file; a file names people by their address"
_OWN = "what each person chose for themselves"
_KEYS = "a secret, or a key of this installation"
_WORK = "work that goes on, or its measures"
_ARTICLES = "content: `trato export articles` and `trato import articles` carry it"
_MACHINE = "the machinery's own: jobs, events, leases, limits"
_LEARNED = "learned or measured here, from what people asked here"

_REASONS: Final[Mapping[str, str]] = {
    _TOLD: """
        contact address contact_merge fact conversation participant message attachment reading
        message_mention conversation_tag case_tag cases case_step case_move case_merge case_link task
        gesture draft scheduled_message transfer consult consult_message interaction receipt stray
        wait_estimate callback visitor visitor_session customer_sign_in customer_session trail
        trail_step page_report page_report_said page_failure page_failure_seen incident incident_service
        incident_update incident_link page_context shop_order field_value card_answer incident_follower
        incident_request incident_telling erasure
    """,
    _PEOPLE: "users agent portrait session one_time_link passkey challenge",
    _OWN: "custom_view custom_view_place side_reading notification_wishes followed push_device notification",
    _KEYS: "api_key push_key installation_key",
    _WORK: """
        answer_opened bulk_act bulk_item verbatim_sent verbatim_day presence presence_channel waiting
        routing_inbox routing_alarm routing_lack routing_lease peak peak_loan sla_clock rule_run
        webhook_delivery account_listener
    """,
    _ARTICLES: """
        article article_translation article_version article_old_slug article_question article_file
        article_feedback article_source article_case article_read
    """,
    _LEARNED: """
        unanswered_question answer_sample answer_gate gap gap_question gap_day gap_case contact_after
        finding_word finding_entry finding_state
    """,
    _MACHINE: "job job_lane event event_position consumer throttle idempotency audit_log",
}

LEFT_OUT: Final[Mapping[str, str]] = {
    table: reason for reason, tables in _REASONS.items() for table in tables.split()
}
