"""What an attachment really is: judged by its bytes, compared with what its name claims."""

import io
import zipfile
from pathlib import PurePosixPath

import puremagic

from portal.errors import N_, Invalid

MAX_ENTRIES = 2_000
MAX_UNPACKED = 1024**3
_SNIFFED = 4096

MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".zip": "application/zip",
    ".dwg": "image/vnd.dwg",
    ".step": "model/step",
    ".stp": "model/step",
}
"""Every kind that is taken, by the end of its name."""

_TEXT = {".csv", ".txt", ".step", ".stp"}
_ZIPPED = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/", ".zip": ""}
_OLE = {".doc": ("WordDocument",), ".xls": ("Workbook", "Book")}
_SIGNATURES = {
    ".pdf": {".pdf"},
    ".png": {".png"},
    ".jpg": {".jpg", ".jpeg"},
    ".jpeg": {".jpg", ".jpeg"},
    ".dwg": {".dwg"},
    **{ending: {".zip", ".docx", ".xlsx", ".pptx"} for ending in _ZIPPED},
    **{ending: {".doc", ".xls", ".ppt", ".msi"} for ending in _OLE},
}
_MARKUP = (b"<html", b"<svg", b"<script", b"<!doctype", b"<?xml", b"<iframe", b"<body")
_BINARY_STARTS = (b"%PDF", b"PK\x03\x04", b"GIF8", b"MZ", b"\x89PNG", b"\x7fELF", b"#!", b"{\\rtf")
_MACROS = (b"vbaproject.bin", "_VBA_PROJECT".encode("utf-16-le"))


def media_type_of(name: str, content: bytes) -> str:
    """The media type of an accepted file.

    Raises: Invalid when the kind is not taken, or the bytes are not what the name says.
    """
    ending = PurePosixPath(name.lower()).suffix
    if ending not in MEDIA_TYPES:
        raise Invalid(
            N_("Files of this kind are not taken. Please attach one of these: {kinds}."),
            field="file",
            kinds=", ".join(kind.removeprefix(".") for kind in MEDIA_TYPES),
        )
    if not (_is_text(ending, content) if ending in _TEXT else _has_signature(ending, content)):
        raise Invalid(
            N_("The content of “{name}” is not what its ending says. Please check the file."), field="file", name=name
        )
    return MEDIA_TYPES[ending]


def _has_signature(ending: str, content: bytes) -> bool:
    try:
        # A negative offset is a match at the end: anybody can append one.
        found = {match.extension.lower() for match in puremagic.magic_string(content) if match.offset >= 0}
    except puremagic.PureError:
        return False
    if not found & _SIGNATURES[ending]:
        return False
    if any(macro in content for macro in _MACROS) or b"vbaProject.bin" in content:
        raise Invalid(N_("Files with macros are not taken. Please save a copy without macros."), field="file")
    if ending in _ZIPPED:
        return _is_archive(_ZIPPED[ending], content)
    if ending in _OLE:
        return any(stream.encode("utf-16-le") in content for stream in _OLE[ending])
    return True


def _is_archive(inside: str, content: bytes) -> bool:
    """Reads the table of contents only; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        return False
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Invalid(
            N_("The archive holds too much: at most {count} files and {size} MB unpacked."),
            field="file",
            count=MAX_ENTRIES,
            size=MAX_UNPACKED // 1024**2,
        )
    if any(_leads_outside(entry) for entry in entries):
        raise Invalid(N_("The archive holds file names that lead outside of it."), field="file")
    return any(entry.filename.startswith(inside) for entry in entries)


def _leads_outside(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename
    is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    return is_link or name.startswith("/") or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts


def _is_text(ending: str, content: bytes) -> bool:
    start = content[:_SNIFFED]
    if start.startswith(_BINARY_STARTS) or b"%PDF-" in start[:1024]:
        return False
    text = _decoded(content)
    if text is None or any(letter < " " and letter not in "\t\r\n\f" for letter in text[:_SNIFFED]):
        return False
    if any(mark.decode() in text[:_SNIFFED].lower() for mark in _MARKUP):
        return False
    return ending not in {".step", ".stp"} or text.lstrip("\ufeff \r\n\t").startswith("ISO-10303-21")


def _decoded(content: bytes) -> str | None:
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
