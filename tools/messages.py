"""Keep the catalogue in step with the source: extract message ids, or check that none is missing or fuzzy."""

import ast
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "portal" / "locales" / "zh_CN" / "LC_MESSAGES" / "portal.po"
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
KEYWORDS = {"_": None, "N_": None, "translate": None, "plural": (1, 2), "translate_plural": (1, 2)}


def extracted() -> Catalog:
    """Every message id that stands in the source."""
    catalog = Catalog(locale="zh_CN", domain="portal", project="portal", charset="utf-8", fuzzy=False)
    for folder in ("portal", "pages"):
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / folder), method_map=METHODS, keywords=KEYWORDS
        ):
            ids = tuple(part for part in message if part) if isinstance(message, tuple) else (message,)
            if ids and ids[0]:
                catalog.add(ids if len(ids) > 1 else ids[0])
    return catalog


def hidden(source: Catalog) -> list[str]:
    """Message ids inside f-strings: the extractor does not look into them, so they would stay English."""
    found = []
    for folder in ("portal", "pages"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            strings = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.JoinedStr)]
            calls = [node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call)]
            ids = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "_"]
            found += [one.value for one in ids if isinstance(one, ast.Constant) and not source.get(one.value)]
    return found


def existing() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file)


def main(check: bool) -> int:
    source, known = extracted(), existing()
    source.creation_date = known.creation_date  # otherwise every run is a change
    for message in source:
        if message.id and (entry := known.get(message.id if isinstance(message.id, str) else message.id[0])):
            message.string, message.flags = entry.string, entry.flags
    faults = [
        message.id
        for message in source
        if message.id
        and (message.fuzzy or not all(message.string if isinstance(message.string, tuple) else [message.string]))
    ]
    gone = [message.id for message in known if message.id and not source.get(_first(message.id))]
    if not check:
        with CATALOGUE.open("wb") as file:
            write_po(file, source, no_location=True, sort_output=True, width=120)
    unseen = hidden(source)
    for fault in faults:
        print("missing or fuzzy:", fault)
    for message in unseen:
        print("inside an f-string, where it is not found:", message)
    for old in gone if check else ():
        print("no longer used:", old)
    return bool(check and (faults or gone or unseen))


def _first(message: str | tuple[str, ...] | list[str]) -> str:
    return message if isinstance(message, str) else message[0]


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
