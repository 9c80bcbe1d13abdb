"""Log lines that tell no secret, cannot be forged and never grow: masked, escaped, cut."""

import logging
import re
import sys

from portal.settings import settings

LONGEST_LINE = 8 * 1024
LONGEST_RECORD = 64 * 1024
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"

_MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(upload_file/)[^/\s\"']+(?:/[^\s\"'?]+)?"), r"\1…"),
    (re.compile(r"(/(?:invitation|reset|calendar)/)[^\s\"'?&]+"), r"\1…"),
    (re.compile(r"(portal_(?:session|visitor|device|csrf)=)[^;\s\"']+"), r"\1…"),
    (re.compile(r"(_streamlit_(?:xsrf|session|user)\w*=)[^;\s\"']+"), r"\1…"),
    (
        re.compile(
            r"(?i)((?:password|passwort|passwd|pwd|secret|token|csrf|authorization|api[_-]?key)[\"']?\s*[:=]\s*)"
            r"(?:bearer\s+)?(?:\"[^\"]*\"|'[^']*'|[^\s&,;)}\]]+)"
        ),
        r"\1…",
    ),
    (re.compile(r"(?i)(PLACEHOLDER_AUTH_TOKEN\s*,\s*)[0-9a-f-]+"), r"\1…"),
    (re.compile(r"(://[^:/@\s]+:)[^@/\s]+(@)"), r"\1…\2"),
    (re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"), "…@…"),
    (re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])"), "…"),
)
_LONG = re.compile(r"[A-Za-z0-9_-]{40,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class SafeFormatter(logging.Formatter):
    """Everything that is logged passes here, Streamlit's and uvicorn's lines too."""

    def __init__(self) -> None:
        super().__init__(FORMAT)

    def format(self, record: logging.LogRecord) -> str:
        return safe(super().format(record))


def safe(text: str) -> str:
    """The text as log lines: every further line is marked, so that none can pass for a line of its own."""
    if len(text) > LONGEST_RECORD:
        half = LONGEST_RECORD // 2
        text = f"{text[:half]}\n… {len(text) - LONGEST_RECORD} characters cut …\n{text[-half:]}"
    # Cut twice: first generously, so that masking stays cheap, and never through the middle of what is kept.
    lines = [_cut(_escape(mask(_cut(line, 2 * LONGEST_LINE)))) for line in text.split("\n")]
    return "\n    | ".join(lines)


def mask(text: str) -> str:
    """Passwords, tokens, session ids, addresses and ID numbers replaced by an ellipsis."""
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return _LONG.sub(_mask_long, text)


def install(level: str | None = None) -> None:
    """Send every logger's lines through the safe formatter; called again once uvicorn has set up its own."""
    root = logging.getLogger()
    if not any(isinstance(handler.formatter, SafeFormatter) for handler in root.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(SafeFormatter())
        root.addHandler(handler)
    root.setLevel((level or settings().log_level).upper())
    for name in list(logging.root.manager.loggerDict):
        for other in logging.getLogger(name).handlers:
            other.setFormatter(SafeFormatter())
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Every access line would hold a Streamlit session id or a one-time link.
    logging.getLogger("uvicorn.access").disabled = True


def _mask_long(match: re.Match[str]) -> str:
    """Tokens and hashes, not the long names of Python."""
    word = match.group()
    is_random = bool(re.search(r"[0-9]", word)) and word.lower() != word
    is_hex = re.fullmatch(r"[0-9a-f]{40,}", word) is not None
    return "…" if is_random or is_hex else word


def _escape(line: str) -> str:
    return _CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode(), line)


def _cut(line: str, longest: int = LONGEST_LINE) -> str:
    return line if len(line) <= longest else f"{line[:longest]}… ({len(line)} characters)"
