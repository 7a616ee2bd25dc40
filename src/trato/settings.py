"""Settings: one frozen object from `TRATO_…` variables, read by composition roots, passed on in parts."""

from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from trato.kit.language_model import LanguageModel
from trato.kit.public_address import PublicAddress
from trato.kit.secret_box import SecretBox
from trato.kit.translator import Translator


class Settings(BaseSettings):
    """Everything that can be set from outside. Each has a default that works on one machine."""

    model_config = SettingsConfigDict(env_prefix="TRATO_", frozen=True, extra="ignore")

    data: Path = Field(default=Path("var"), description="Folder of the database, attachments and the key.")
    database_url: str | None = Field(default=None, description="PostgreSQL ≥ 15 instead of the embedded one.")
    database_pool: int = Field(default=8, ge=2, le=100, description="Connections per process.")
    store_url: str | None = Field(
        default=None, description="Attachments elsewhere, such as s3://bucket/prefix."
    )
    secret_key: str | None = Field(default=None, description="64 hex digits instead of the key file.")
    host: str = Field(default="127.0.0.1", description="Address the web server listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port the web server listens on.")
    public_url: str | None = Field(
        default=None, description="Where the world finds us; links are made from it."
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Addresses or networks, with commas, whose X-Forwarded-… are believed."
    )
    tls_cert: Path | None = Field(default=None, description="Certificate chain, to serve HTTPS ourselves.")
    tls_key: Path | None = Field(default=None, description="Its private key.")
    metrics_token: str | None = Field(default=None, description="Bearer token for /metrics from elsewhere.")
    webhooks_allow_private: bool = Field(default=False, description="Let webhooks call private addresses.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What is logged, on standard error."
    )
    demo: bool = Field(default=False, description="Serve the demo shop.")
    question_days: int = Field(
        default=180,
        ge=1,
        description="How long questions without an answer are kept, since they were asked last.",
    )
    feedback_days: int = Field(
        default=730,
        ge=1,
        description="How long what readers said, and how often articles were read, is kept.",
    )
    trail_days: int = Field(
        default=30, ge=1, le=365, description="How long what customers share of their searches is kept."
    )
    order_days: int = Field(
        default=7, ge=1, le=90, description="For how many days after help an order of a site counts for it."
    )
    model_url: str | None = Field(
        default=None,
        description="Base of an OpenAI-compatible endpoint that writes drafts: http://127.0.0.1:8080/v1.",
    )
    model_name: str | None = Field(
        default=None, validate_default=True, description="The language model that is asked there."
    )
    model_key: SecretStr | None = Field(
        default=None, description="Its key, where it asks for one; never logged."
    )
    model_timeout_s: float = Field(
        default=30, ge=1, le=300, description="Seconds that its answer is waited for."
    )
    translator_url: str | None = Field(
        default=None,
        description="Base of a translator with LibreTranslate's contract: http://127.0.0.1:5000.",
    )
    translator_key: SecretStr | None = Field(
        default=None, description="Its key, where it asks for one; never logged."
    )
    translator_timeout_s: float = Field(
        default=10, ge=1, le=60, description="Seconds that a translation is waited for."
    )
    event_days: int = Field(default=14, ge=1, description="How long the event log is kept.")

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: str | tuple[str, ...]) -> tuple[str, ...]:
        parts = value.split(",") if isinstance(value, str) else value
        found = tuple(part.strip() for part in parts if part.strip())
        for network in found:
            ip_network(network, strict=False)
        return found

    @field_validator("public_url", "model_url", "translator_url")
    @classmethod
    def _origin(cls, value: str | None) -> str | None:
        if value and not value.startswith(("http://", "https://")):
            message = "begin it with http:// or https://"
            raise ValueError(message)
        return value.rstrip("/") if value else None

    @field_validator("model_name")
    @classmethod
    def _both_of_model(cls, value: str | None, info: ValidationInfo) -> str | None:
        if bool(value) != bool(info.data.get("model_url")):
            message = "give both TRATO_MODEL_URL and TRATO_MODEL_NAME, or neither"
            raise ValueError(message)
        return value or None

    @field_validator("database_url")
    @classmethod
    def _postgresql(cls, value: str | None) -> str | None:
        if value and not value.startswith(("postgresql://", "postgres://", "postgresql+asyncpg://")):
            message = "Trato runs on PostgreSQL alone: begin it with postgresql://"
            raise ValueError(message)
        return value or None

    @field_validator("secret_key")
    @classmethod
    def _key(cls, value: str | None) -> str | None:
        if value:
            try:
                SecretBox(bytes.fromhex(value))
            except ValueError:
                message = "give 64 hex digits, such as `openssl rand -hex 32` prints"
                raise ValueError(message) from None
        return value or None

    @model_validator(mode="after")
    def _both_of_tls(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            message = "give both --tls-cert and --tls-key"
            raise ValueError(message)
        return self

    @property
    def language_model(self) -> LanguageModel | None:
        """Return the language model that is set, None where there is none."""
        if not self.model_url or not self.model_name:
            return None
        return LanguageModel(self.model_url, self.model_name, self.model_key, self.model_timeout_s)

    @property
    def translator(self) -> Translator | None:
        """Return the translator that is set, None where there is none."""
        if not self.translator_url:
            return None
        return Translator(self.translator_url, self.translator_key, self.translator_timeout_s)

    @property
    def public(self) -> PublicAddress:
        """Return where the world finds us."""
        scheme = "https" if self.tls_cert else "http"
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104  read, not bound
        shown = f"[{host}]" if ":" in host else host
        return PublicAddress(
            url=self.public_url or f"{scheme}://{shown}:{self.port}", trusted_proxies=self.trusted_proxies
        )

    @cached_property
    def secrets(self) -> SecretBox:
        """Return the box of this installation; raises `NotFound` without a key."""
        return self.outside_key or SecretBox.read(self.key_file)

    @property
    def outside_key(self) -> SecretBox | None:
        """Return the key that the environment gives, None when it is in a file."""
        return SecretBox(bytes.fromhex(self.secret_key)) if self.secret_key else None

    @property
    def key_file(self) -> Path:
        """Return where the key lies when the environment does not give it."""
        return self.data / "secret.key"

    @property
    def store(self) -> str:
        """Return where attachments lie."""
        return self.store_url or str(self.data / "files")
