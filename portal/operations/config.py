"""The settings in force, printable: no password, no key."""

from pydantic import SecretStr
from sqlalchemy import make_url

from portal.settings import settings


def effective_settings() -> dict[str, str]:
    """Variable names with their values; defaults that depend on others are filled in."""
    current = settings()
    values = {f"PORTAL_{name.upper()}": getattr(current, name) for name in type(current).model_fields}
    values["PORTAL_DATABASE_URL"] = make_url(current.effective_database_url).render_as_string(hide_password=True)
    values["PORTAL_SEAL_KEY_FILE"] = current.effective_seal_key_file
    values["PORTAL_SECRET_FILE"] = current.effective_secret_file
    return {name: _shown(value) for name, value in values.items()}


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "(set)" if value.get_secret_value() else ""
    return str(value)
