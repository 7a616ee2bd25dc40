"""The contract with a source of cards: what it is asked and what it may answer, all of it bounded.

`docs/reference/cards.schema.json` is made from these models.
"""

from datetime import date
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, model_validator
from pydantic.json_schema import models_json_schema

from trato.decide.fields import is_link
from trato.kit.inputs import Line

ASKED: Final = "card.asked"
PRESSED: Final = "card.pressed"

MAX_ANSWER: Final = 32_768  # bytes
MAX_KEEP_S: Final = 600
KEEP_S: Final = 60

Language = Literal["es", "en", "pt"]
Tone = Literal["plain", "good", "wait", "broken"]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Short = Annotated[Line, Field(max_length=120)]
Long = Annotated[Line, Field(max_length=400)]
# One text for everybody, or one for each language.
Words = Short | Annotated[dict[Language, Short], Field(min_length=1)]
Sentence = Long | Annotated[dict[Language, Long], Field(min_length=1)]


def _link(value: str) -> str:
    if not is_link(value):
        message = "is not a link to the web"
        raise ValueError(message)
    return value


Link = Annotated[str, Field(max_length=2_000), AfterValidator(_link)]
Amount = Annotated[str, Field(pattern=r"^-?\d{1,12}(\.\d{1,4})?$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]  # ISO 4217


class Strict(BaseModel):
    """A part of a card: nothing in it that is not named here, and of just the type that is."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TextValue(Strict):
    """A line of text."""

    type: Literal["text"]
    text: Sentence


class MoneyValue(Strict):
    """An amount, as text so that no reader rounds it."""

    type: Literal["money"]
    amount: Amount
    currency: Currency


class DateValue(Strict):
    """A day (`2026-11-26`), or an instant with its offset."""

    type: Literal["date"]
    at: date | AwareDatetime


class StatusValue(Strict):
    """How something stands; the tone is never its only sign."""

    type: Literal["status"]
    text: Words
    tone: Tone = "plain"


class LinkValue(Strict):
    """A link that opens in a tab of its own."""

    type: Literal["link"]
    text: Words
    url: Link


Value = Annotated[TextValue | MoneyValue | DateValue | StatusValue | LinkValue, Field(discriminator="type")]


class Row(Strict):
    """A label and what stands beside it."""

    label: Words
    value: Value


class Item(Strict):
    """One of a list of things, such as what was ordered."""

    title: Words
    values: Annotated[list[Value], Field(max_length=4)] = []


class LinkAction(Strict):
    """A button that opens a page."""

    type: Literal["link"]
    key: Key
    label: Words
    url: Link


class CallbackAction(Strict):
    """A button that has the source do something, once whoever pressed it has confirmed it."""

    type: Literal["callback"]
    key: Key
    label: Words
    confirm: Sentence
    danger: bool = False


Action = Annotated[LinkAction | CallbackAction, Field(discriminator="type")]


class Card(Strict):
    """What a source says of a contact."""

    title: Words
    rows: Annotated[list[Row], Field(max_length=12)] = []
    items_title: Words | None = None
    items: Annotated[list[Item], Field(max_length=10)] = []
    actions: Annotated[list[Action], Field(max_length=4)] = []
    as_of: AwareDatetime | None = None  # when it was so; without it, when it was asked
    keep_s: Annotated[int, Field(ge=0, le=MAX_KEEP_S)] = KEEP_S  # how long it may be shown again unasked

    @model_validator(mode="after")
    def _each_its_own(self) -> Self:
        keys = [action.key for action in self.actions]
        if len(keys) != len(set(keys)):
            message = "each action has a key of its own"
            raise ValueError(message)
        return self


class Done(Strict):
    """What came of an action, and the card as it is since."""

    said: Sentence
    card: Card | None = None


class Who(Strict):
    """Whom the card is about: only what was verified, and only what this source may be told."""

    emails: list[str] = []
    phones: list[str] = []
    customer_numbers: list[str] = []
    name: str | None = None


class Matter(Strict):
    """The case that is talked about."""

    number: int


class Place(Strict):
    """The brand whose customer it is."""

    id: UUID
    name: str


class Question(Strict):
    """What a source is asked."""

    source: str
    language: Language  # of whoever reads the card
    brand: Place
    channel: str
    contact: Who
    case: Matter | None = None
    facts: dict[str, str] = {}
    action: str | None = None  # of a press: the key of the action


class Asked(Strict):
    """The body of a request: signed, and answered with a signed `Card`, or 204 for nothing to show."""

    type: Literal["card.asked"]
    timestamp: AwareDatetime
    data: Question


class Pressed(Strict):
    """The body of a press, signed; answered with a signed `Done`. The same `webhook-id` is the same press."""

    type: Literal["card.pressed"]
    timestamp: AwareDatetime
    data: Question


def names_somebody(question: Question) -> bool:
    """Say whether there is anything by which a source could know whom it is asked about."""
    who = question.contact
    return bool(
        who.emails or who.phones or who.customer_numbers or question.case is not None or question.facts
    )


def spoken(part: JsonValue, language: str) -> Any:
    """Return a card as one reader sees it: of each text in several languages, theirs or the first."""
    if isinstance(part, list):
        return [spoken(one, language) for one in part]
    if isinstance(part, dict):
        if part and part.keys() <= {"es", "en", "pt"}:
            return part.get(language) or next(iter(part.values()))
        return {name: spoken(one, language) for name, one in part.items()}
    return part


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the contract: the bodies of requests and of answers."""
    models = [(Asked, "validation"), (Pressed, "validation"), (Card, "validation"), (Done, "validation")]
    _, made = models_json_schema(models, title="Cards", description=(__doc__ or "").split("\n")[0])  # type: ignore[arg-type]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
