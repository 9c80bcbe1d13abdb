"""Small files of every kind, and hostile ones."""

import io
import zipfile

import openpyxl


def zipped(*names: str, content: bytes = b"words") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


def workbook() -> bytes:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def symlink_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("link")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return buffer.getvalue()


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj <<>> endobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 40
JPG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 40 + b"\xff\xd9"
GIF = b"GIF89a=1;alert(1)//"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
EXE = b"MZ" + b"\0" * 200
DOCX = zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml")
PPTX = zipped("[Content_Types].xml", "_rels/.rels", "ppt/presentation.xml")
XLSM = zipped("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/vbaProject.bin")
_OLE = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600
DOC = _OLE + "WordDocument".encode("utf-16-le") + b"\0" * 100
XLS = _OLE + "Workbook".encode("utf-16-le") + b"\0" * 100
DWG = b"AC1032" + b"\0" * 200
STEP = b"ISO-10303-21;\nHEADER;\nENDSEC;\nEND-ISO-10303-21;\n"
