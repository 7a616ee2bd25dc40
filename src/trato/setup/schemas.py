"""Shapes of the file of settings at the HTTP edge."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class ImportBody(BaseModel):
    """A file of settings, and what to do with it.

    `dry_run`: only say what would change. `remove`: what its sections do not have is taken away, where that
    can be done. `expected`: the `digest` that was seen; refused (409) when something else would happen.
    """

    model_config = ConfigDict(extra="forbid")

    text: str
    dry_run: bool = False
    remove: bool = False
    expected: str | None = Field(default=None, max_length=64)


class FieldChangeView(BaseModel):
    """A field as it was and as it is then."""

    name: str
    before: Any
    after: Any


class ChangeView(BaseModel):
    """What happens to one thing; `key` is what the file calls it."""

    section: str
    key: str
    act: Literal["new", "changed", "removed"]
    fields: list[FieldChangeView]


class ProblemView(BaseModel):
    """Something in the way, and where in the file it stands."""

    section: str
    key: str
    field: str
    line: int | None
    detail: str
    todo: str


class EntryView(BaseModel):
    """A thing by its section and what it is known as."""

    section: str
    key: str


class UntouchedView(BaseModel):
    """How many entries of a section are here as the file has them."""

    section: str
    count: int


class AwaitedView(BaseModel):
    """An account, and the secrets that are typed at the desk before it comes into use."""

    account: str
    secrets: list[str]


class MadeSecretView(BaseModel):
    """The secret of a webhook or a source of cards that was made, shown this once."""

    section: str
    key: str
    secret: str


class PlanView(BaseModel):
    """What a file changes, or would; nothing is done while there are `problems`.

    `left_out` are entries of the file about somebody or something that is not here (an agent who was not
    invited). `stay` are things here that the file does not have and that nothing takes away.
    """

    applied: bool
    digest: str
    changes: list[ChangeView]
    untouched: list[UntouchedView]
    problems: list[ProblemView]
    left_out: list[EntryView]
    stay: list[EntryView]
    awaited: list[AwaitedView]
    made_secrets: list[MadeSecretView]
