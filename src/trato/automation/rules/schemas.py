"""Shapes of rules at the HTTP edge: when, if, then."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from trato.decide.rules import WrongCondition, check
from trato.kit.errors import Unfit
from trato.kit.inputs import Line, Prose, unchanged
from trato.kit.paging import Page
from trato.macros.schemas import MacroText

# What a rule can wait for.
RULE_EVENTS: Final = (
    *("message.created", "conversation.changed", "case.changed", "case.door", "contact.changed"),
    *("interaction.changed", "sla.changed", "tags.changed", "task.changed"),
)
RuleEvent = Literal[
    "message.created",
    "conversation.changed",
    "case.changed",
    "case.door",
    "contact.changed",
    "interaction.changed",
    "sla.changed",
    "tags.changed",
    "task.changed",
]

_WRONG: Final = {
    "form": "A condition is all, any, not or a test.",
    "field": "There is no field “{about}” to ask for.",
    "operator": "“{about}” does not go with the field that is asked for.",
    "value": "What “{about}” is compared with does not go with it.",
    "too-large": "The condition is too large.",
}


def _checked(condition: dict[str, Any]) -> dict[str, Any]:
    try:
        check(condition)
    except WrongCondition as error:
        raise Unfit(_WRONG[error.code], values={"about": error.about}) from error
    return condition


# {"all": […]}, {"any": […]}, {"not": …} or {"field", "operator", "value"}, within one another
Condition = Annotated[dict[str, Any], AfterValidator(_checked)]


class Action(BaseModel):
    """Something a rule does."""

    model_config = ConfigDict(extra="forbid")


class SetPriority(Action):
    """Change how urgent a waiting contact is; each step is a head start."""

    do: Literal["set_priority"]
    priority: int = Field(ge=-10, le=10)


class SetQueue(Action):
    """Have a waiting contact wait in a queue."""

    do: Literal["set_queue"]
    queue_id: UUID


class SetOwner(Action):
    """Give the case to an agent."""

    do: Literal["set_owner"]
    agent_id: UUID


class AddTag(Action):
    """Hang a tag on the conversation."""

    do: Literal["add_tag"]
    tag_id: UUID


class RemoveTag(Action):
    """Take a tag off the conversation."""

    do: Literal["remove_tag"]
    tag_id: UUID


class AddNote(Action):
    """Write a note that only colleagues see."""

    do: Literal["add_note"]
    text: Annotated[Prose, Field(min_length=1, max_length=2_000)]


class AddTask(Action):
    """Have something done about the case, by its owner."""

    do: Literal["add_task"]
    title: Line = Field(max_length=200)
    due_in_h: int | None = Field(default=None, ge=1, le=24 * 366)


class TellWebhooks(Action):
    """Tell the webhooks that listen for `rule.matched`."""

    do: Literal["webhook"]


class PutDraft(Action):
    """Put a macro into the empty draft of whoever has the conversation; nothing is sent."""

    do: Literal["draft"]
    macro_id: UUID


class SendMessage(Action):
    """Tell the contact something new of their case.

    Each text has a place that can carry news, such as `{{case.promise}}`. When it runs, at least one of them
    must hold what the contact was not told yet; otherwise nothing is sent.
    """

    do: Literal["send_message"]
    texts: dict[Literal["es", "en", "pt"], MacroText] = Field(min_length=1)


AnyAction = Annotated[
    SetPriority
    | SetQueue
    | SetOwner
    | AddTag
    | RemoveTag
    | AddNote
    | AddTask
    | TellWebhooks
    | PutDraft
    | SendMessage,
    Field(discriminator="do"),
]


class RuleBody(BaseModel):
    """When one of these events happens, if the condition holds, then do these things, in this order.

    `once`: for a conversation (or a case that has none) it does so a single time.
    """

    model_config = ConfigDict(extra="forbid")

    name: Line = Field(max_length=120)
    position: int = Field(default=0, ge=0, le=10_000)
    on_events: list[RuleEvent] = Field(min_length=1, max_length=len(RULE_EVENTS))
    condition: Condition = Field(default_factory=lambda: {"all": []})
    actions: list[AnyAction] = Field(min_length=1, max_length=10)
    once: bool = True
    active: bool = False


class RuleChange(RuleBody):
    """What may change of a rule; what is left out stays."""

    name: Line = unchanged(max_length=120)
    position: int = unchanged(ge=0, le=10_000)
    on_events: list[RuleEvent] = unchanged(min_length=1, max_length=len(RULE_EVENTS))
    condition: Condition = unchanged()
    actions: list[AnyAction] = unchanged(min_length=1, max_length=10)
    once: bool = unchanged()
    active: bool = unchanged()


class RuleName(BaseModel):
    """Which rule it was."""

    id: UUID
    name: str


class RuleView(BaseModel):
    """A rule."""

    id: UUID
    name: str
    position: int
    on_events: list[RuleEvent]
    condition: dict[str, Any]
    actions: list[AnyAction]
    once: bool
    active: bool
    version: int
    created_at: datetime


class FieldView(BaseModel):
    """A field that a condition may test, with its operators."""

    name: str
    kind: Literal["text", "choice", "flag", "number", "set"]
    operators: list[str]
    labels: dict[str, str] | None = None  # of a field of the installation's own: what it is called


class RulePage(Page[RuleView]):
    """All rules in the order in which they are looked at, and what their conditions may test."""

    fields: list[FieldView]


class RunStepView(BaseModel):
    """What became of one action: done, refused (`why`), failed; in a trial `would` be done."""

    do: str
    outcome: Literal["done", "refused", "failed", "would"]
    why: str | None = None
    text: str | None = None


class RunView(BaseModel):
    """What a rule did about an event."""

    id: UUID
    rule: RuleName
    rule_version: int
    type: str
    conversation_id: UUID | None
    case_id: UUID | None
    outcome: Literal["done", "partly", "refused", "failed"]
    steps: list[RunStepView]
    at: datetime


class RunPage(Page[RunView]):
    """What rules did, the latest first; kept for 30 days."""


class TrialBody(RuleBody):
    """A rule to try on what happened, kept or not."""

    days: int = Field(default=7, ge=1, le=30)


class Hit(BaseModel):
    """An event for which the condition held, and what would have been done as things are now."""

    at: datetime
    type: str
    conversation_id: UUID | None
    case_id: UUID | None
    contact_name: str
    about: str
    steps: list[RunStepView]


class TrialView(BaseModel):
    """What a rule would have done; nothing was written. `hits` holds the latest hundred."""

    events: int
    held: int
    complete: bool
    hits: list[Hit]
