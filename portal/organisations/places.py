"""Lists with a source: industries of GB/T 4754 (sections and divisions) and Yuhang's towns and subdistricts (镇街)."""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).parent / "data"


class Place(NamedTuple):
    """One code of a list with its name in both languages; `parent` is the section of an industry's division."""

    code: str
    name: str
    name_en: str
    parent: str = ""

    def in_language(self, language: str) -> str:
        return self.name if language == "zh_CN" else self.name_en


@cache
def industries() -> tuple[Place, ...]:
    """The 97 divisions of GB/T 4754, e.g. C38, in the standard's order."""
    return tuple(
        Place(row["code"], row["name"], row["name_en"], section["code"])
        for section in _read("gbt4754.json")["sections"]
        for row in section["divisions"]
    )


@cache
def industry_sections() -> tuple[Place, ...]:
    """The 20 sections, A to T."""
    return tuple(Place(row["code"], row["name"], row["name_en"]) for row in _read("gbt4754.json")["sections"])


@cache
def towns() -> tuple[Place, ...]:
    """Yuhang's subdistricts and towns."""
    return tuple(Place(row["code"], row["name"], row["name_en"]) for row in _read("yuhang_towns.json")["towns"])


class Seat(NamedTuple):
    """Roughly where a town is: WGS 84 degrees, good to a few kilometres."""

    code: str
    longitude: float
    latitude: float


@cache
def town_seats() -> tuple[Seat, ...]:
    """Yuhang's towns on a map, in the order of the list."""
    return tuple(Seat(row["code"], row["longitude"], row["latitude"]) for row in _read("yuhang_towns.json")["towns"])


def industry_name(code: str | None, language: str) -> str:
    """The division's name; empty for none, the code itself for one that is not in the list."""
    return _name(_industries_by_code(), code, language)


def town_name(code: str | None, language: str) -> str:
    return _name(_towns_by_code(), code, language)


def is_industry(code: str | None) -> bool:
    """Whether this is a division of the list."""
    return code in _industries_by_code()


def is_town(code: str | None) -> bool:
    return code in _towns_by_code()


def find_industry(text: str) -> str | None:
    """The division's code by its code, `38`, or its name in either language; for imports."""
    return _find(industries(), text) or next((row.code for row in industries() if row.code[1:] == text.strip()), None)


def find_town(text: str) -> str | None:
    """The town's code by its code or its name in either language; for imports."""
    return _find(towns(), text)


def sources() -> tuple[str, str]:
    """Where the two lists come from: industries, towns."""
    return str(_read("gbt4754.json")["source"]), str(_read("yuhang_towns.json")["source"])


@cache
def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return content


@cache
def _industries_by_code() -> dict[str, Place]:
    return {row.code: row for row in industries()}


@cache
def _towns_by_code() -> dict[str, Place]:
    return {row.code: row for row in towns()}


def _name(known: dict[str, Place], code: str | None, language: str) -> str:
    if not code:
        return ""
    return known[code].in_language(language) if code in known else code


def _find(rows: tuple[Place, ...], text: str) -> str | None:
    wanted = text.strip().casefold()
    return next((row.code for row in rows if wanted in (row.code.casefold(), row.name, row.name_en.casefold())), None)
