"""How values read: dates on a clock in Hangzhou, money with its unit, enum members as words."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import Enum
from typing import Any
from unicodedata import normalize

from portal import clock
from portal.errors import N_, Invalid, Message
from portal.i18n import translate, translate_plural
from portal.vocabulary import LABELS

DIMENSIONLESS = "1"
MAX_FEN = 10**15  # ten trillion yuan: beyond any budget, within every integer column


def word(value: Any, language: str) -> str:
    """Any value as the reader would say it."""
    if isinstance(value, Enum):
        return label(value, language)
    if isinstance(value, Message):
        return translate(value, language)
    if isinstance(value, datetime):
        return date_time(value, language)
    if isinstance(value, date):
        return day(value, language)
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, (list, tuple)):
        return ("、" if language == "zh_CN" else ", ").join(word(item, language) for item in value)
    return str(value)


def label(member: Enum, language: str) -> str:
    """The word for an enum member, never its raw name."""
    return translate(LABELS[member], language)


def date_time(instant: datetime, language: str) -> str:
    """`2026年3月5日 17:00`, `5 March 2026, 17:00`."""
    at = clock.local(instant)
    return f"{day(at.date(), language)}{' ' if language == 'zh_CN' else ', '}{at:%H:%M}"


def day(value: date, language: str) -> str:
    """`2026年3月5日`, `5 March 2026`; of an instant the day that it was in Hangzhou."""
    if isinstance(value, datetime):
        value = clock.local(value).date()
    if language == "zh_CN":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%B %Y}"


def month(value: date, language: str) -> str:
    """`2026年3月`, `March 2026`."""
    return f"{value.year}年{value.month}月" if language == "zh_CN" else f"{value:%B %Y}"


def time_left(until: datetime, language: str) -> str:
    """`还剩 3 天`, `还剩 5 小时`, `已截止`; by the server's clock."""
    left = until - clock.now()
    if left <= timedelta(0):
        return translate(N_("closed"), language)
    if left >= timedelta(days=1):
        return translate_plural(N_("{count} day left"), "{count} days left", left.days, language)
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    if hours:
        return translate_plural(N_("{count} hour left"), "{count} hours left", hours, language)
    return translate_plural(N_("{count} minute left"), "{count} minutes left", max(minutes, 1), language)


def ago(instant: datetime, language: str) -> str:
    """`刚刚`, `5 分钟前`, `3 小时前`, `2 天前`."""
    seconds = int((clock.now() - instant).total_seconds())
    if seconds < 60:
        return translate(N_("just now"), language)
    if seconds < 3600:
        return translate_plural(N_("{count} minute ago"), "{count} minutes ago", seconds // 60, language)
    if seconds < 86400:
        return translate_plural(N_("{count} hour ago"), "{count} hours ago", seconds // 3600, language)
    return translate_plural(N_("{count} day ago"), "{count} days ago", seconds // 86400, language)


def searched(text: str, longest: int = 100) -> str:
    """What somebody looks for, in the form in which words are kept: composed, on one line, nothing that is no text."""
    plain = normalize("NFC", text.replace("\x00", " ").encode(errors="ignore").decode())
    return " ".join(plain.split())[:longest].strip()


def number(value: Decimal | int) -> str:
    """Grouped by thousands, as many places as were written: `1,234.50`."""
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def unit_of(unit: str) -> str:
    """The unit as it is shown; the unit one (GB/T 3101) of a bare number is shown nowhere."""
    return "" if unit.strip() == DIMENSIONLESS else unit


def with_unit(text: str, unit: str) -> str:
    """The only place where a value or a limit meets its unit: `8.10 μm`, `≤ 4`."""
    return f"{text} {unit_of(unit)}".rstrip()


def money(fen: int, language: str) -> str:
    """Exact, in the largest unit that takes at most four decimals: `3,200 元`, `94.123 万元`, `1.35 亿元`.

    In English `CNY 900,000`, `CNY 1.2 million`.
    """
    yuan = Decimal(fen) / 100
    for size, words in _SIZES.get(language, _ENGLISH_SIZES):
        if abs(yuan) >= size and (yuan / size) == round(yuan / size, 4):
            return words.format(_trim(yuan / size, 4))
    return ("{} 元" if language == "zh_CN" else "CNY {}").format(_trim(yuan))


def about(fen: int, language: str) -> str:
    """The same rounded to two decimals, for sums over many records that nobody is bound by."""
    yuan = Decimal(fen) / 100
    for size, words in _SIZES.get(language, _ENGLISH_SIZES):
        if abs(yuan) >= size:
            return words.format(_trim(yuan / size))
    return money(fen, language)


_ENGLISH_SIZES = ((Decimal(10**6), "CNY {} million"),)
_SIZES = {"zh_CN": ((Decimal(10**8), "{} 亿元"), (Decimal(10**4), "{} 万元"))}


def _trim(value: Decimal, places: int = 2) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:,f}".rstrip("0").rstrip(".") if "." in f"{rounded:f}" else f"{rounded:,f}"


def fen_from_wan(wan: Decimal) -> int:
    """万元 as integer fen, exact. Raises: Invalid below one fen, below zero, or beyond any budget."""
    fen = wan * 10**6
    if fen != fen.to_integral_value():
        raise Invalid(N_("A sum cannot be finer than one fen (0.000001 万元)."), field="sum")
    if not 0 < fen <= MAX_FEN:
        raise Invalid(N_("A sum must be above zero and below 1,000 亿元."), field="sum")
    return int(fen)


def wan_from_fen(fen: int) -> Decimal:
    return Decimal(fen) / 10**6


def parse_number(text: str, *, field: str = "", said: str = "") -> Decimal:
    """A plain decimal: full-width digits are understood, `12,5`, `1 234`, `NaN` and `1e400` are refused.

    Raises: Invalid, which quotes the text, or `said` where that was more.
    """
    plain = normalize("NFKC", str(text)).strip()
    if not (said or plain):
        raise Invalid(N_("Please enter a number."), field=field)
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or "_" in plain or "e" in plain.lower() or len(plain) > 40:
        raise Invalid(
            N_("“{text}” is not a number. Write digits with a decimal point, like 12.5."),
            field=field,
            text=(said or plain)[:40],
        )
    return value


def parse_money(text: str, *, field: str = "sum") -> int:
    """`12.5`, `１２．５万`, `1.2 亿元`, `3000 元` as fen; without a unit it means 万元.

    Raises: Invalid.
    """
    plain = normalize("NFKC", str(text)).strip()
    if not plain:
        raise Invalid(N_("Please fill in the sum."), field=field)
    bare = plain.removesuffix("元").strip()
    # One unit only: whoever writes 万亿 means ten thousand times what either half says.
    size = {"万": Decimal(1), "亿": Decimal(10**4)}.get(bare[-1:])
    if size is not None:
        return fen_from_wan(parse_number(bare[:-1].strip(), field=field, said=plain) * size)
    factor = Decimal("0.0001") if plain.endswith("元") else Decimal(1)
    return fen_from_wan(parse_number(bare, field=field, said=plain) * factor)
