"""The one list of event types: what each says, whose scope it needs, which whole entities it carries.

`data` names each entity by the schema that the API description has for it. The reference of events, the check
of what webhooks ask for and the streams of API keys are made from this list.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

from pydantic import AfterValidator, WithJsonSchema

from trato.kit.errors import Unfit


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of event; `scope` is what an API key must have to be told of it."""

    says: str
    scope: str
    data: Mapping[str, str] = field(default_factory=dict)  # its name in `data` → the schema of the entity
    kept: bool = True  # False: goes over the stream only, without id, and is not repeated
    personal: bool = False  # goes to the desks of the agent whom its `agent_id` names, and to no other


KINDS: Final[Mapping[str, Kind]] = {
    "account.changed": Kind(
        "An account of a channel was added, changed or removed (then it has `removed`), or works no more.",
        "channels:read",
        {"account": "AccountView"},
    ),
    "agent.changed": Kind("An agent was added or changed.", "users:read", {"agent": "AgentView"}),
    "article.changed": Kind(
        "An article or a draft of it was changed, or it was removed (then it has `removed`).",
        "articles:read",
        {"article": "ArticleView"},
    ),
    "article.published": Kind(
        "Readers see a new version of an article in one `language`.",
        "articles:read",
        {"article": "ArticleView"},
    ),
    "article.withdrawn": Kind(
        "Readers see an article no more in one `language`.",
        "articles:read",
        {"article": "ArticleView"},
    ),
    "away_reason.changed": Kind(
        "A reason to be away was added, changed or removed (then it has `removed`).",
        "queues:read",
        {"away_reason": "AwayReasonView"},
    ),
    "callback.changed": Kind(
        "A contact asked to be written or called instead of waiting, changed it, or was.",
        "conversations:read",
        {"callback": "CallbackView"},
    ),
    "calendar.changed": Kind(
        "A calendar of hours was changed, or its holidays were fetched again.",
        "organisation:read",
        {"calendar": "CalendarView"},
    ),
    "card.changed": Kind(
        "What another system says of a contact (`contact_id`) changed: `source` is the key of that source.",
        "contacts:read",
    ),
    "case.changed": Kind("A case was opened or changed.", "cases:read", {"case": "CaseView"}),
    "case.door": Kind(
        "A case was taken to its owner (`what` is `taken`), who wrote to the contact (`answered`), or let the"
        " promised date pass without a word (`broken`).",
        "cases:read",
        {"case": "CaseView"},
    ),
    "case_field.changed": Kind(
        "A field of the installation's own was filled in, changed or emptied at a case.",
        "cases:read",
        {"case_field": "FieldValueView"},
    ),
    "channel_weight.changed": Kind(
        "Conversations of a channel take another share of an agent's capacity.",
        "queues:read",
        {"channel_weight": "WeightView"},
    ),
    "consult.changed": Kind(
        "A colleague was asked something beside a conversation, took it, declined or closed it.",
        "conversations:read",
        {"consult": "ConsultView"},
    ),
    "consult.said": Kind(
        "One of the two in a consult wrote to the other.",
        "conversations:read",
        {"consult_message": "ConsultMessageView"},
    ),
    "contact.changed": Kind(
        "A contact was met for the first time, changed, merged or blocked.",
        "contacts:read",
        {"contact": "ContactView"},
    ),
    "contact_field.changed": Kind(
        "A field of the installation's own was filled in, changed or emptied at a contact.",
        "contacts:read",
        {"contact_field": "FieldValueView"},
    ),
    "conversation.changed": Kind(
        "A conversation was opened or changed.", "conversations:read", {"conversation": "ConversationView"}
    ),
    "conversation.for_visitor": Kind(
        "The little that the visitor of a conversation may know of it: `status`, `agent` (name, digest of the"
        " portrait) or null, `waiting`, `agent_read_at`.",
        "conversations:read",
    ),
    "erasure.changed": Kind(
        "A contact asked to be erased, thought better of it, or was erased: what others keep is to go too.",
        "contacts:read",
        {"erasure": "ErasureView"},
    ),
    "field.changed": Kind(
        "A field of the installation's own was made, changed, retired or taken up again.",
        "organisation:read",
        {"field": "OwnFieldView"},
    ),
    "gesture.changed": Kind(
        "Something was given to make up for what went wrong, or a supervisor is asked for it.",
        "cases:read",
        {"gesture": "GestureView"},
    ),
    "incident.changed": Kind(
        "Something does not work, or is planned: it was declared, changed, told of, or is over.",
        "incidents:read",
        {"incident": "IncidentView"},
    ),
    "incident.linked": Kind(
        "An incident touches a conversation, or no longer (`state` is `undone`), or its contact wants to be"
        " told when it is over.",
        "incidents:read",
        {"link": "IncidentLinkView"},
    ),
    "interaction.changed": Kind(
        "A stretch of work was offered, accepted, declined or ended.",
        "conversations:read",
        {"interaction": "InteractionView"},
    ),
    "looking": Kind(
        "Somebody of the staff has a conversation on the screen: `conversation_id`, `agent_id`, `name`, and"
        " `here`, false once they left it.",
        "conversations:read",
        kept=False,
    ),
    "message.changed": Kind(
        "A message was sent, delivered, read or failed.", "conversations:read", {"message": "MessageView"}
    ),
    "message.created": Kind(
        "Somebody wrote, or noted something.", "conversations:read", {"message": "MessageView"}
    ),
    "message.scheduled": Kind(
        "A reply waits for its moment, was put off, is held back since the contact wrote, is out or was taken"
        " back: its `state` says which. Until it is out it is no message.",
        "conversations:read",
        {"scheduled": "ScheduledView"},
    ),
    "notification.changed": Kind(
        "An agent (`agent_id`) was told something, in these `ways`, or read it: `unread` is how many wait"
        " now, and `notification` the new one or null. Of the desks, only that agent's are told.",
        "conversations:read",
        {"notification": "NotificationView"},
        personal=True,
    ),
    "note.mentioned": Kind(
        "A note calls colleagues by name: the `message` with its `message_id`, and who is called anew in"
        " `agent_ids`.",
        "conversations:read",
        {"message": "MessageView"},
    ),
    "organisation.changed": Kind(
        "The organisation was changed: its name, language, time zone, hours or time to wrap up.",
        "organisation:read",
        {"organisation": "OrganisationView"},
    ),
    "page_context.changed": Kind(
        "The shop's page told where its visitor is, or of an order after help: `conversation_id`. What it is,"
        " `GET /conversations/{conversation_id}/page-context` says.",
        "conversations:read",
    ),
    "page_failure.changed": Kind(
        "A page with the widget fails for several visitors, for more of them, or somebody looked into it.",
        "conversations:read",
        {"page_failure": "PageFailureView"},
    ),
    "page_report.changed": Kind(
        "A page was reported as broken, again too, or is mended or was not broken.",
        "articles:read",
        {"page_report": "PageReportView"},
    ),
    "participants.changed": Kind(
        "An agent joined a conversation beside who has it, or left: `conversation_id` and all who are there"
        " now in `participants`, each with `agent_id` and `name`.",
        "conversations:read",
    ),
    "presence.changed": Kind(
        "An agent came, went away, or does something else, or more or less.",
        "presence:read",
        {"presence": "PresenceView"},
    ),
    "task.changed": Kind(
        "Something to do about a case was noted, put off, finished, or its date passed.",
        "cases:read",
        {"task": "TaskView"},
    ),
    "profile.changed": Kind(
        "What an agent can do changed: team, languages, skills or limits.",
        "queues:read",
        {"profile": "ProfileView"},
    ),
    "queue.changed": Kind(
        "A queue was added, changed or removed (then it has `removed`).",
        "queues:read",
        {"queue": "QueueView"},
    ),
    "routing.alarm": Kind(
        "Something is so that must never be: `what` in English, the `ids` it is so for, and `since`. It is"
        " told once, and again only after it was mended, or for others after it was put away.",
        "queues:read",
    ),
    "routing.nobody_knows": Kind(
        "Somebody waits in a `queue` who needs a `skill` that nobody has: they wait longer, until the queue"
        " asks for less. Told once for each queue and skill, each with its name and id.",
        "queues:read",
    ),
    "routing.notice_ended": Kind(
        "A notice of `routing.alarm` or `routing.nobody_knows` is no longer shown: its `id`, and `why`,"
        " `solved` or `put_away` by the actor.",
        "queues:read",
    ),
    "side_chat.left": Kind(
        "An agent (`agent_id`) left what colleagues say to each other of a case (`case_id`). What is said"
        " there comes as `message.created` of an internal message with `payload.side`.",
        "conversations:read",
    ),
    "site.changed": Kind(
        "A site was added, changed or removed (then it has `removed`).", "queues:read", {"site": "SiteView"}
    ),
    "skill.changed": Kind(
        "A skill was added, changed or removed (then it has `removed`).",
        "queues:read",
        {"skill": "SkillView"},
    ),
    "team.changed": Kind(
        "A team was added, changed or removed (then it has `removed`).", "queues:read", {"team": "TeamView"}
    ),
    "trail.changed": Kind(
        "What a customer tried alone was shared with who helps them, or taken back: `conversation_id`. What"
        " it is, `GET /conversations/{conversation_id}/trail` says.",
        "conversations:read",
    ),
    "transfer.changed": Kind(
        "A conversation is given on: asked of an agent, on its way in line, done, declined or withdrawn.",
        "conversations:read",
        {"transfer": "TransferView"},
    ),
    "rule.matched": Kind(
        "A rule tells webhooks that it held: the `rule`, and `about` with conversation and case.",
        "conversations:read",
        {"rule": "RuleName"},
    ),
    "sla.changed": Kind(
        "A promised time runs, stands still, comes near, is broken, or is over.",
        "conversations:read",
        {"sla": "SlaClockView"},
    ),
    "tags.changed": Kind(
        "A conversation or a case got a tag or lost one.", "conversations:read", {"tagged": "Tagged"}
    ),
    "typing": Kind(
        "Somebody is writing: `conversation_id`, `who` (`contact` or `agent`) and their `name`.",
        "conversations:read",
        kept=False,
    ),
    "view.changed": Kind(
        "A view was made, changed, shared, deleted or brought back: `view` with `id`, `version`, `removed`."
        " What it is, `GET /views/{view_id}` tells those who have it.",
        "conversations:read",
    ),
    "wait.told": Kind(
        "What the visitor of a conversation is told of their wait, as `WaitView` or null; to them alone.",
        "conversations:read",
        kept=False,
    ),
    "user.changed": Kind(
        "A user was invited, changed, deactivated, or had a session or key ended; told to webhooks alone.",
        "users:read",
        {"user": "UserView"},
    ),
}

KEPT: Final = tuple(sorted(name for name, kind in KINDS.items() if kind.kept))


def seen_with(scopes: Collection[str]) -> frozenset[str]:
    """Return the event types that an API key with these scopes is told of."""
    return frozenset(name for name, kind in KINDS.items() if kind.scope in scopes)


def _known(value: str) -> str:
    if value not in KEPT:
        raise Unfit(
            "This is not a type of event; the known ones are {known}.", values={"known": ", ".join(KEPT)}
        )
    return value


EventType = Annotated[
    str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(KEPT)}, mode="validation")
]
