"""Settings, read once from the environment (prefix ACADEMY_), typed and checked before anything starts."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE_SECRET = "an-example-secret-that-production-refuses"


class BadSettings(SystemExit):
    """The academy does not start; the message names each setting and what it wants."""


class Settings(BaseSettings):
    """Everything an operator may set. Names in the environment: ACADEMY_ plus the field's name."""

    model_config = SettingsConfigDict(env_prefix="ACADEMY_", env_file=".env", extra="ignore")

    mode: Literal["demo", "production", "test"] = "demo"
    secret_key: SecretStr = SecretStr(EXAMPLE_SECRET)
    data: Path = Field(default=ROOT / "var" / "demo", description="Folder of the SQLite database, files and logs.")
    database_url: str | None = None
    base_url: str = "http://127.0.0.1:8000"
    debug: bool = False
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    storage_url: str | None = Field(
        default=None, description="Where files go, e.g. s3://bucket/prefix; default: data/files."
    )
    mail_host: str | None = None
    mail_port: int = 25
    mail_user: str | None = None
    mail_password: SecretStr | None = None
    mail_tls: Literal["none", "starttls", "tls"] = "none"
    mail_from: str = "academy@localhost"
    badge_key: Path | None = Field(
        default=None, description="File of the Ed25519 key that signs badges (PEM or PKCS#12); default: one of our own."
    )
    badge_password: SecretStr | None = None
    paper_key: Path | None = Field(
        default=None, description="PKCS#12 file with the key and certificates that sign the PDF of certificates."
    )
    paper_password: SecretStr | None = None
    upload_megabytes: int = Field(default=20, ge=1, le=2000)
    session_idle_minutes: int = Field(default=120, ge=5)
    session_days: int = Field(default=14, ge=1)
    argon2_time: int = 2
    argon2_memory_kib: int = 19 * 1024

    @field_validator("database_url")
    @classmethod
    def _use_psycopg(cls, value: str | None) -> str | None:
        if value and value.startswith(("postgres://", "postgresql://")):
            return "postgresql+psycopg://" + value.split("://", 1)[1]
        return value or None

    @field_validator("badge_key", "paper_key")
    @classmethod
    def _is_there(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError(f"there is no file {value}")
        return value

    @model_validator(mode="after")
    def _production_is_strict(self) -> Self:
        if self.mode != "production":
            return self
        wrong = []
        if self.secret_key.get_secret_value() == EXAMPLE_SECRET or len(self.secret_key.get_secret_value()) < 32:
            wrong.append("ACADEMY_SECRET_KEY: set a random secret of 32 characters or more")
        if self.debug:
            wrong.append("ACADEMY_DEBUG: must be off in production")
        if not self.base_url.startswith("https://"):
            wrong.append("ACADEMY_BASE_URL: set the public https:// address")
        if not self.mail_host:
            wrong.append("ACADEMY_MAIL_HOST: set the mail server; password links travel by mail")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database: the given one, else SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'academy.sqlite3'}"

    @property
    def secure(self) -> bool:
        """Whether people reach the academy over TLS."""
        return self.base_url.startswith("https://")

    @property
    def demo(self) -> bool:
        """Whether this is the demonstration academy with its demo accounts."""
        return self.mode == "demo"


def revealed(secret: SecretStr | None) -> str | None:
    """Return what a secret setting holds; None when it is not set."""
    return secret.get_secret_value() if secret else None


def load() -> Settings:
    """Read the settings, or stop with one clear line for each that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            name = "".join(f"ACADEMY_{part}".upper() + ": " for part in problem["loc"][:1])
            lines.append(f"{name}{problem['msg'].removeprefix('Value error, ')}")
        raise BadSettings("The academy cannot start.\n  " + "\n  ".join(lines)) from None
