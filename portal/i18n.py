"""Messages in the reader's language: English ids, Chinese catalogue, read once at start."""

from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LANGUAGES = {"zh_CN": "中文", "en": "English"}
DEFAULT_LANGUAGE = "zh_CN"
LOCALES = Path(__file__).parent / "locales"
DOMAIN = "portal"


def _read_catalogues() -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for path in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"):
        with path.open("rb") as file:
            found[path.parent.parent.name] = _entries(read_po(file))
    return found


def _entries(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    entries: dict[str, tuple[str, ...]] = {}
    for message in catalog:
        if not message.id or message.fuzzy:
            continue
        source = message.id if isinstance(message.id, str) else message.id[0]
        target = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if all(target):
            entries[source] = target
    return entries


_CATALOGUES = _read_catalogues()


def translate(message: str, language: str, /, **params: Any) -> str:
    """The message in that language, its `{names}` filled with worded parameters.

    A missing entry shows the English id; `make check` fails on one.
    """
    entry = _CATALOGUES.get(language, {}).get(message)
    text = entry[0] if entry else message
    return _fill(text, language, params)


def translate_plural(singular: str, plural: str, count: int, language: str, /, **params: Any) -> str:
    """Like `translate`, by number; `{count}` is filled. Chinese has one form."""
    entry = _CATALOGUES.get(language, {}).get(singular)
    text = entry[-1] if entry else (singular if count == 1 else plural)
    return _fill(text, language, {"count": count, **params})


def _fill(text: str, language: str, params: dict[str, Any]) -> str:
    if not params:
        return text
    from portal.wording import word

    return text.format(**{name: word(value, language) for name, value in params.items()})


def best_language(accept: str | None) -> str:
    """The first language of an Accept-Language header that the portal speaks; Chinese otherwise."""
    for part in (accept or "").split(","):
        code = part.split(";")[0].strip().lower()
        if code.startswith("zh"):
            return "zh_CN"
        if code.startswith("en"):
            return "en"
    return DEFAULT_LANGUAGE


def is_language(code: str) -> bool:
    return code in LANGUAGES
