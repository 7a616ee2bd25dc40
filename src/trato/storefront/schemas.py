"""What a shop's page may tell, how much of it, and what the desk sees of it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from trato.decide.helped import Kind

MOST: Final = 1_000_000_000  # of money in one order, in whatever currency: more is none

Key = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]  # ISO 4217
Money = Annotated[Decimal, Field(ge=0, le=MOST, decimal_places=4)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Product(_Body):
    """What the page shows."""

    id: Short = ""
    name: Label = ""
    price: Short = ""  # as the page writes it


class Cart(_Body):
    """What they are about to order."""

    items: Annotated[int, Field(ge=0, le=10_000)] = 0
    total: Money | None = None
    currency: Currency | None = None


class Context(_Body):
    """Where the visitor is on the shop's site."""

    product: Product | None = None
    step: Short = ""  # product, cart, checkout, payment, thanks, or a word of the shop's own
    cart: Cart | None = None
    order: Short = ""
    language: Annotated[str, StringConstraints(max_length=35)] = ""  # BCP 47


class ContextBody(_Body):
    """The same with the page it is on."""

    context: Context
    page: Annotated[str, StringConstraints(max_length=2_000)] = ""


class OrderBody(_Body):
    """An order; `searched_at`: when an answer of the search was last opened in this browser."""

    account: Key
    number: Number
    total: Money
    currency: Currency
    searched_at: AwareDatetime | None = None


class OrderTaken(BaseModel):
    """Whether it was new."""

    state: Literal["counted", "known"]


class HelpedOrder(BaseModel):
    """An order that came after help of a person in this conversation."""

    number: str
    total: Decimal
    currency: str
    at: datetime


class PageContextView(BaseModel):
    """What the shop's page tells beside a conversation; `context` is null where it told nothing."""

    conversation_id: UUID
    context: Context | None
    page: str
    at: datetime | None
    orders: list[HelpedOrder]


class Amount(BaseModel):
    """What orders came to in one currency."""

    currency: str
    orders: int
    total: Decimal


class KindOfHelp(BaseModel):
    """One kind of help: how many had it, and how many orders came within the window after it."""

    kind: Kind
    people: int
    orders: int


class OrderReport(BaseModel):
    """Orders that the sites told, and those that came within `window_days` after help.

    An order after several kinds of help counts once in `helped`, and once with each of the kinds.
    """

    since: date
    until: date
    window_days: int
    orders: int
    helped: int
    amounts: list[Amount]  # of the orders after help
    kinds: list[KindOfHelp]
