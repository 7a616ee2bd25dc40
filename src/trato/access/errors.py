"""What access may refuse, each with a kind of its own so that the desk can say it in its own words."""

from datetime import datetime

from trato.kit.errors import Conflict, Invalid, NotAllowed, NotSignedIn


class WrongCredentials(NotSignedIn):
    """The address, password, code or passkey is wrong; which of them is never told."""

    kind = "wrong-credentials"

    def __init__(self) -> None:
        super().__init__(
            "The e-mail address or the password is not right.",
            todo="Try again, or ask for a link to choose a new password.",
        )


class WrongCode(NotSignedIn):
    """The second factor is wrong, used already, or its time is over."""

    kind = "wrong-code"

    def __init__(self) -> None:
        super().__init__(
            "That code is not valid, or it was used already.",
            todo="Type the code that your application shows now.",
        )


class CodeNotConfirmed(Invalid):
    """The first code of a second factor that is being set up is wrong; the session is as good as before."""

    kind = "wrong-code"

    def __init__(self) -> None:
        super().__init__(
            "That code is not valid, or it was used already.",
            todo="Type the code that your application shows now.",
            field="code",
        )


class WeakPassword(Invalid):
    """The password breaks a rule."""

    kind = "weak-password"

    def __init__(self, message: str) -> None:
        super().__init__(
            message, todo="Choose a longer phrase that only you would think of.", field="password"
        )


class LinkSpent(NotAllowed):
    """A one-time link that was used, replaced or is too old."""

    kind = "link-spent"

    def __init__(self) -> None:
        super().__init__("This link was used already or has expired.", todo="Ask for a new one.")


class ConfirmIdentity(NotAllowed):
    """The change needs a sign-in that is not long ago."""

    kind = "confirm-identity"

    def __init__(self) -> None:
        super().__init__(
            "This change needs you to show again who you are.",
            todo="Type your password again, or sign out and in.",
        )


class ForeignOrigin(NotAllowed):
    """An unsafe request that does not prove to come from our own pages."""

    kind = "foreign-origin"

    def __init__(self) -> None:
        super().__init__(
            "The request does not come from this site's own pages.", todo="Reload the page and try again."
        )


class LastAdministrator(Conflict):
    """Nobody would be left to administer the installation."""

    kind = "last-administrator"

    def __init__(self) -> None:
        super().__init__(
            "This is the last administrator.", todo="Make somebody else administrator first, then try again."
        )


class ChangedMeanwhile(Conflict):
    """Somebody else changed the same thing since the caller read it; says who and when, where known."""

    kind = "changed-meanwhile"

    def __init__(self, *, version: int, by: str | None, at: datetime | None) -> None:
        super().__init__(
            "Somebody else changed this meanwhile; your change was not made.",
            todo="Look at what it is now, and save again if yours is to stand.",
        )
        self.version = version
        self.by = by
        self.at = at
