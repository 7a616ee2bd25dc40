"""Errors that speak the domain and know nothing of HTTP; the edge maps them to problem responses."""


class DomainError(Exception):
    """Something the caller asked for cannot be done; says what, and what to do next.

    `kind` is stable and becomes the problem's `type`; `message` is a sentence for a person.
    """

    kind = "error"

    def __init__(self, message: str, *, todo: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.todo = todo


class NotFound(DomainError):
    """What was asked for does not exist, or the caller may not know that it does."""

    kind = "not-found"


class Conflict(DomainError):
    """The thing changed meanwhile, or is already in another state."""

    kind = "conflict"


class Invalid(DomainError):
    """The input breaks a rule; `field` names where."""

    kind = "invalid"

    def __init__(self, message: str, *, todo: str = "", field: str = "") -> None:
        super().__init__(message, todo=todo)
        self.field = field


class NotAllowed(DomainError):
    """The caller is known and may not do this."""

    kind = "not-allowed"


class NotSignedIn(DomainError):
    """The caller is not known."""

    kind = "not-signed-in"


class TooMany(DomainError):
    """A limit of rate or number; `retry_after_s` says when it opens again."""

    kind = "too-many"

    def __init__(self, message: str, *, retry_after_s: int = 0, todo: str = "") -> None:
        super().__init__(message, todo=todo)
        self.retry_after_s = retry_after_s


class TooLarge(DomainError):
    """Input above a size limit."""

    kind = "too-large"


class Unavailable(DomainError):
    """Something we depend on (disk, a server) does not answer now; nothing was lost."""

    kind = "unavailable"
