"""Shapes of a brand's look at the HTTP edge."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from trato.brands.schemas import Body, Language
from trato.kit.inputs import GivenPicture, MaybeLine, unchanged

Colour = Annotated[str, StringConstraints(pattern="^#[0-9a-fA-F]{6}$", to_lower=True)]
Theme = Literal["auto", "light", "dark"]
Side = Literal["start", "end"]
Corners = Literal["square", "soft", "round"]
Font = Literal["ours", "page"]
Label = Annotated[MaybeLine, Field(max_length=24)]
Greeting = Annotated[MaybeLine, Field(max_length=200)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^(\+?[0-9][0-9 ()./-]{2,38})?$")]
Email = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^([^\s@]+@[^\s@]+\.[^\s@]+)?$")
]


class LookChange(Body):
    """What may change of a brand's look; what is left out stays. A colour has to be legible."""

    accent: Colour | None = None
    accent_dark: Colour | None = Field(
        default=None, description="null: the nearest to `accent` that is legible"
    )
    theme: Theme = unchanged()
    side: Side = unchanged()
    corners: Corners = unchanged()
    font: Font = unchanged()
    labels: dict[Language, Label] = unchanged()
    greetings: dict[Language, Greeting] = unchanged()
    phone: Phone = unchanged()
    email: Email = unchanged()
    logo: GivenPicture | None = Field(
        default=None, description="a PNG in Base64, at most 300 kB and 1,024 pixels a side; null removes it"
    )


class LookView(BaseModel):
    """How a brand looks on its widget and its help centre."""

    brand_id: UUID
    brand_name: str
    accent: str | None
    accent_dark: str | None
    theme: Theme
    side: Side
    corners: Corners
    font: Font
    labels: dict[str, str]
    greetings: dict[str, str]
    phone: str
    email: str
    logo_url: str | None  # on this server
    version: int


class WornLook(BaseModel):
    """What the widget puts on; of the two colours the first is for light pages."""

    accent: tuple[str, str] | None
    theme: Theme
    side: Side
    corners: Corners
    font: Font
    labels: dict[str, str]
    phone: str
    email: str
    logo: str | None  # its path on this server
