"""What the access API takes, with limits on every text."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, field_validator

from trato.access.roles import RoleName
from trato.kit.errors import Unfit
from trato.kit.inputs import GivenPicture, Line

Name = Annotated[Line, StringConstraints(max_length=120)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
Token = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
LanguageName = Literal["es", "en", "pt"]
Capacity = Annotated[int, Field(ge=0, le=100)]


class Input(BaseModel):
    """A body; a field that we do not know is an error, so that a typing mistake is not a silent no."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        if isinstance(value, str) and "\0" in value:
            raise Unfit("A text cannot hold the character NUL.")
        return value


class SignIn(Input):
    """Address and password."""

    email: Email
    password: Password


class SecondFactorCode(Input):
    """The code that finishes a sign-in."""

    challenge: Token
    code: Code


class PasskeyRequest(Input):
    """The start of a sign-in by passkey; `challenge` is that of a second factor, when there is one."""

    challenge: Token | None = None


class PasskeyProof(Input):
    """What the browser's passkey signed (WebAuthn Level 3, AuthenticationResponseJSON)."""

    challenge: Token
    credential: dict[str, Any]


class PasskeyCreation(Input):
    """A passkey that the browser made (WebAuthn Level 3, RegistrationResponseJSON)."""

    challenge: Token
    credential: dict[str, Any]
    name: Name = "Passkey"


class Forgotten(Input):
    """Who forgot a password."""

    email: Email


class NewPassword(Input):
    """Another password, by a link."""

    token: Token
    password: Password


class OwnPassword(Input):
    """Another password, by whoever knows the present one."""

    current_password: Password
    password: Password


class Confirmation(Input):
    """The password again."""

    password: Password


class Invitation(Input):
    """Somebody to invite."""

    email: Email
    name: Name
    role: RoleName
    capacity: Capacity = 4
    language: LanguageName | None = None


class Acceptance(Input):
    """What the invited person chooses."""

    token: Token
    name: Name
    password: Password
    language: LanguageName = "es"


class OwnChange(Input):
    """What users change of themselves."""

    name: Name | None = None
    language: LanguageName | None = None
    signature: Annotated[str, StringConstraints(max_length=4000)] | None = None


class OwnPicture(Input):
    """How agents look to customers: a square is shown round."""

    picture: GivenPicture | None = Field(
        description="a PNG in Base64, at most 300 kB and 1,024 pixels a side; null removes it"
    )


class UserChange(Input):
    """What an administrator changes of a user."""

    role: RoleName | None = None
    capacity: Capacity | None = None
    name: Name | None = None


class Deactivation(Input):
    """The agent who takes the open work; without one it goes back to the line."""

    hand_over_to: UUID | None = None


class NewKey(Input):
    """An API key to make."""

    name: Name
    scopes: Annotated[list[str], Field(min_length=1, max_length=50)]
    expires_at: AwareDatetime | None = None


class TotpCode(Input):
    """A code of a second factor that is being set up."""

    code: Code
