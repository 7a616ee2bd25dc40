"""Where the world finds us."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Where the world finds us; links are made from it, never from a request's Host."""

    url: str
    trusted_proxies: tuple[str, ...] = ()

    @property
    def secure(self) -> bool:
        """Say whether the world comes by HTTPS."""
        return self.url.startswith("https://")
