"""Errors that speak the domain and know nothing of HTTP; the edge maps them to problem responses."""

from collections.abc import Mapping


class DomainError(Exception):
    """Something the caller asked for cannot be done; says what, and what to do next.

    `kind` is stable and becomes the problem's `type`. The sentence and what to do next are constants, so
    that they can be told in any language; what varies stands in `{blanks}` that `values` fill. `message` and
    `todo` hold them filled, in English.
    """

    kind = "error"

    def __init__(self, sentence: str, *, todo: str = "", values: Mapping[str, object] | None = None) -> None:
        self.sentence = sentence
        self.next_step = todo
        self.values: Mapping[str, object] = values or {}
        self.message = filled(sentence, self.values)
        self.todo = filled(todo, self.values)
        super().__init__(self.message)


def filled(sentence: str, values: Mapping[str, object]) -> str:
    """Return a sentence with its blanks filled; one without values is taken as it stands."""
    return sentence.format_map(values) if values else sentence


class NotFound(DomainError):
    """What was asked for does not exist, or the caller may not know that it does."""

    kind = "not-found"


class Conflict(DomainError):
    """The thing changed meanwhile, or is already in another state."""

    kind = "conflict"


class Invalid(DomainError):
    """The input breaks a rule; `field` names where."""

    kind = "invalid"

    def __init__(
        self, sentence: str, *, todo: str = "", field: str = "", values: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(sentence, todo=todo, values=values)
        self.field = field


class Unfit(ValueError):
    """What a rule of a body's own does not take: a sentence as that of a domain error, told at its field."""

    def __init__(self, sentence: str, *, values: Mapping[str, object] | None = None) -> None:
        self.sentence = sentence
        self.values: Mapping[str, object] = values or {}
        super().__init__(filled(sentence, self.values))

    def refusal(self, field: str = "") -> "Invalid":
        """Return it as a domain error."""
        return Invalid(self.sentence, field=field, values=self.values)


class NotAllowed(DomainError):
    """The caller is known and may not do this."""

    kind = "not-allowed"


class NotSignedIn(DomainError):
    """The caller is not known."""

    kind = "not-signed-in"


class TooMany(DomainError):
    """A limit of rate or number; `retry_after_s` says when it opens again."""

    kind = "too-many"

    def __init__(
        self,
        sentence: str,
        *,
        retry_after_s: int = 0,
        todo: str = "",
        values: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(sentence, todo=todo, values=values)
        self.retry_after_s = retry_after_s


class TooSlow(DomainError):
    """Input that did not come in time."""

    kind = "too-slow"


class TooLarge(DomainError):
    """Input above a size limit."""

    kind = "too-large"


class Unavailable(DomainError):
    """Something we depend on (disk, a server) does not answer now; nothing was lost."""

    kind = "unavailable"
