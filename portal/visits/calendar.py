"""Visits as an iCalendar file (RFC 5545): escaped, folded at 75 octets, in UTC, with identifiers that stay."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

LONGEST_LINE = 75  # octets, without the line break
PRODUCT = "-//Yuhang//Collaboration portal//EN"


class Entry(NamedTuple):
    """One visit. With `starts_at` and `ends_at` it has times, otherwise it takes whole days, the last one included."""

    uid: str
    sequence: int
    changed_at: datetime
    first_day: date
    last_day: date
    summary: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    location: str = ""
    description: str = ""
    url: str = ""
    status: str = "CONFIRMED"  # or TENTATIVE, CANCELLED


def calendar_text(name: str, entries: Iterable[Entry]) -> str:
    """The whole file, each line ended by CRLF."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "X-WR-TIMEZONE:Asia/Shanghai",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    """TEXT of RFC 5545, 3.3.11: backslash, semicolon, comma and line break; no other control character stays."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    plain = plain.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(letter for letter in plain if letter == "\t" or (ord(letter) >= 32 and ord(letter) != 127))


def folded(line: str) -> str:
    """Lines of at most 75 octets, cut between letters: a Chinese one takes three octets (3.1)."""
    parts, part, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part, size = part + letter, size + octets
    return "\r\n".join([*parts, part])


def _event(entry: Entry) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{_utc(entry.changed_at)}",
        f"LAST-MODIFIED:{_utc(entry.changed_at)}",
        f"STATUS:{entry.status}",
        f"SUMMARY:{escaped(entry.summary)}",
    ]
    if entry.starts_at is not None and entry.ends_at is not None:
        lines += [f"DTSTART:{_utc(entry.starts_at)}", f"DTEND:{_utc(entry.ends_at)}"]
    else:
        # A day of its own kind: the end is the first day that is free again.
        lines.append(f"DTSTART;VALUE=DATE:{entry.first_day:%Y%m%d}")
        lines.append(f"DTEND;VALUE=DATE:{entry.last_day + timedelta(days=1):%Y%m%d}")
    if entry.location:
        lines.append(f"LOCATION:{escaped(entry.location)}")
    if entry.description:
        lines.append(f"DESCRIPTION:{escaped(entry.description)}")
    if entry.url:
        lines.append(f"URL:{entry.url}")
    if entry.status == "CANCELLED":
        lines.append("TRANSP:TRANSPARENT")
    return [*lines, "END:VEVENT"]


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"
