"""Long titles of links in lines: a link of Streamlit never wraps, it cuts off what does not fit."""

from unicodedata import east_asian_width

LINE = 38
"""As many half-width letters as the narrowest card holds; a Chinese character counts for two."""


def fold(text: str, width: int = LINE) -> list[str]:
    """The text in lines of at most that width, of like length where that needs no further line."""
    text = " ".join(text.split())
    whole = width_of(text)
    least = -(-whole // width) or 1
    even = _break(text, min(width, -(-whole // least) + 1))
    return even if len(even) <= least else _break(text, width)


def width_of(text: str) -> int:
    """The width in half-width letters."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _break(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line, used, space = "", 0, -1
    for sign in text:
        if sign == " ":
            space = len(line)
        wide = width_of(sign)
        if line and used + wide > width:
            # A word of Latin letters is kept whole; Chinese breaks anywhere.
            is_inside_word = wide == 1 and sign != " " and width_of(line[-1]) == 1
            cut = space if space > 0 and is_inside_word else len(line)
            lines.append(line[:cut].strip())
            line = line[cut:].lstrip()
            used, space = width_of(line), -1
        line, used = line + sign, used + wide
    return [*lines, line.strip()] if line.strip() or not lines else lines
