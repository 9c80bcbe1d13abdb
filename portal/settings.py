"""One typed settings object from the environment; the README lists what each one does."""

from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class SettingsRefused(RuntimeError):
    """The environment is not safe to start in; the text says what to change."""


class Settings(BaseSettings):
    """Read from `PORTAL_…` variables."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", env_file=None, env_ignore_empty=True, extra="ignore")

    env: Literal["development", "production"] = "development"
    data_dir: Path = Field(ROOT / "data", description="database, files and logs when nothing else is said")
    database_url: str = Field(
        "", description="sqlite:///… or postgresql+psycopg://…; default: portal.db in the data folder"
    )
    seal_key_file: Path | None = Field(
        None, description="the key that wraps every proposal's key; keep it off the backups"
    )
    secret_file: Path | None = Field(None, description="signs visitor cookies and CSRF tokens; made at the first start")
    public_url: str = Field(
        "", description="what users type; checked against Host and Origin; default: http://localhost and the port"
    )
    host: str = Field("127.0.0.1", description="bind address")
    port: int = 8501
    demo: bool = Field(False, description="demonstration data and role buttons on the sign-in page; loopback only")
    clock_offset: float = Field(0, description="seconds added to the clock; refused in production")
    trusted_proxies: int = Field(0, description="how many proxies in front append to X-Forwarded-For")
    visitor_sockets: int = Field(60, description="live visitor websockets an address may hold")
    session_idle_minutes: int = 30
    session_hours: int = 12
    upload_mb_per_session: int = Field(100, description="what one browser session may hold in uploads at once")
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_starttls: bool = False
    mail_from: str = "portal@localhost"
    duty_contact: str = Field("", description="shown on the help page: who answers, by what phone or mail")
    log_level: str = "INFO"

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def effective_database_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'portal.db'}"

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def effective_seal_key_file(self) -> Path:
        return self.seal_key_file or self.data_dir.parent / f"{self.data_dir.name}-keys" / "seal.key"

    @property
    def effective_secret_file(self) -> Path:
        return self.secret_file or self.data_dir.parent / f"{self.data_dir.name}-keys" / "secret.key"

    @model_validator(mode="after")
    def _safe(self) -> Self:
        self.public_url = self.public_url or f"http://localhost:{self.port}"
        loopback = self.host in {"127.0.0.1", "::1", "localhost"}
        if self.demo and not loopback:
            raise ValueError("PORTAL_DEMO shows role buttons without a password: it listens on loopback alone")
        if not self.is_production:
            return self
        if self.demo:
            raise ValueError("PORTAL_DEMO is refused when PORTAL_ENV=production")
        if self.clock_offset:
            raise ValueError("PORTAL_CLOCK_OFFSET is refused when PORTAL_ENV=production")
        if not self.public_url.startswith("https://"):
            raise ValueError("PORTAL_PUBLIC_URL must begin with https:// when PORTAL_ENV=production")
        if self.seal_key_file is None:
            raise ValueError("PORTAL_SEAL_KEY_FILE must be set, outside the data folder, when PORTAL_ENV=production")
        if self.seal_key_file.resolve().is_relative_to(self.data_dir.resolve()):
            raise ValueError("PORTAL_SEAL_KEY_FILE must lie outside PORTAL_DATA_DIR")
        if not loopback:
            raise ValueError("PORTAL_HOST must be a loopback address in production: put a TLS proxy in front")
        if self.log_level.upper() == "DEBUG":
            raise ValueError("PORTAL_LOG_LEVEL=DEBUG is refused when PORTAL_ENV=production")
        return self


@cache
def settings() -> Settings:
    """The process's settings, read once; tests clear the cache.

    Raises: SettingsRefused with one sentence per fault.
    """
    from pydantic import ValidationError

    from portal import clock

    try:
        current = Settings()
    except ValidationError as error:
        raise SettingsRefused("; ".join(map(_sentence, error.errors()))) from None
    clock.set_offset(current.clock_offset)
    return current


def _sentence(fault: Any) -> str:
    """What is wrong, with the name of the variable that somebody has to mend."""
    names = [f"PORTAL_{str(part).upper()}: " for part in fault["loc"][:1]]
    return "".join(names) + str(fault["msg"]).removeprefix("Value error, ")
