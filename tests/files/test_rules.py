"""What a file may be called and what it may be: rows 2, 3, 7 and 8 of the bad inputs."""

import pytest

from portal.errors import Invalid
from portal.files.kinds import MEDIA_TYPES, media_type_of
from portal.files.rules import MAX_BYTES, clean_name, content_disposition, require_size
from tests.files import samples


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("报价.pdf", "报价.pdf"),
        ("报价　.pdf", "报价.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("..\\..\\windows\\win.pdf", "win.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\a.pdf", "a.pdf"),
        ("CON", "_CON"),
        ("con.pdf", "_con.pdf"),
        ("LPT1.tar.pdf", "_LPT1.tar.pdf"),
        ("a.pdf:x.exe", "a.pdf_x.exe"),
        ("\u202efdp.exe", "fdp.exe"),
        ("re\u202efdp.docx", "refdp.docx"),
        ("line\nbreak.pdf", "linebreak.pdf"),
        ("null\0byte.pdf", "nullbyte.pdf"),
        ("\ud800half.pdf", "half.pdf"),
        ("图🧪 纸.pdf", "图🧪 纸.pdf"),
        (".pdf", "pdf"),
        ("...", "file"),
        ("", "file"),
        ("/", "file"),
        ("a<b>c|d?.pdf", "a_b_c_d_.pdf"),
        ("trailing.pdf. . ", "trailing.pdf"),
    ],
)
def test_a_name_is_made_harmless(given: str, shown: str) -> None:
    assert clean_name(given) == shown


def test_the_download_header_holds_one_safe_line() -> None:
    assert content_disposition('报"价\\%.pdf') == (
        "attachment; filename=\"_____.pdf\"; filename*=UTF-8''%E6%8A%A5%22%E4%BB%B7%5C%25.pdf"
    )


def test_the_size_limit_itself_is_accepted() -> None:
    require_size(b"x" * MAX_BYTES)

    with pytest.raises(Invalid, match="at most"):
        require_size(b"x" * (MAX_BYTES + 1))
    with pytest.raises(Invalid, match="empty"):
        require_size(b"")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", samples.PDF),
        ("a.PDF", samples.PDF),
        ("a.docx", samples.DOCX),
        ("a.xlsx", samples.workbook()),
        ("a.pptx", samples.PPTX),
        ("a.doc", samples.DOC),
        ("a.xls", samples.XLS),
        ("a.png", samples.PNG),
        ("a.jpg", samples.JPG),
        ("a.jpeg", samples.JPG),
        ("a.csv", "孔径,单位\n12.5,mm\n".encode()),
        ("a.csv", "孔径，单位\n".encode("gb18030")),
        ("a.txt", "孔径\n".encode("utf-16")),
        ("a.txt", b"\xef\xbb\xbfwords"),
        ("a.zip", samples.zipped("folder/drawing.dwg", "a.txt")),
        ("a.dwg", samples.DWG),
        ("a.step", samples.STEP),
        ("a.stp", samples.STEP),
    ],
)
def test_known_kinds_are_taken(name: str, content: bytes) -> None:
    assert media_type_of(name, content) == MEDIA_TYPES[name[name.rindex(".") :].lower()]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", samples.SVG),
        ("a.html", samples.HTML),
        ("a.exe", samples.EXE),
        ("a.gif", samples.GIF),
        ("a.xlsm", samples.XLSM),
        ("a", samples.PDF),
        ("a.pdf_x.exe", samples.PDF),
    ],
)
def test_other_kinds_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(Invalid, match="not taken"):
        media_type_of(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", samples.HTML),
        ("a.pdf", samples.EXE),
        ("a.pdf", b"just words"),
        ("a.pdf", samples.HTML + b"\n%%EOF\n"),
        ("a.pdf", b"  " + samples.PDF),
        ("a.jpg", samples.HTML + b"\xff\xd9"),
        ("a.png", samples.HTML + b"IEND\xaeB`\x82"),
        ("a.png", samples.SVG),
        ("a.png", samples.JPG),
        ("a.jpg", samples.GIF),
        ("a.csv", samples.zipped("a.csv")),
        ("a.csv", samples.PDF + b"\na,b\n1,2\n"),
        ("a.csv", b"a,b\n%PDF-1.7\n"),
        ("a.csv", samples.HTML),
        ("a.txt", b"words <SCRIPT>alert(1)</SCRIPT>"),
        ("a.txt", b"a\0b"),
        ("a.txt", samples.SVG),
        ("a.docx", samples.zipped("a.txt")),
        ("a.docx", samples.workbook()),
        ("a.xlsx", samples.DOCX),
        ("a.xlsx", samples.DOCX[:-30]),
        ("a.doc", samples.XLS),
        ("a.step", b"words"),
        ("a.zip", b"PK\x03\x04 but no archive"),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(Invalid, match="not what its ending says"):
        media_type_of(name, content)


def test_macros_are_refused_whatever_the_name() -> None:
    for name, content in [("a.xlsx", samples.XLSM), ("a.doc", samples.DOC + "_VBA_PROJECT".encode("utf-16-le"))]:
        with pytest.raises(Invalid, match="macros"):
            media_type_of(name, content)


@pytest.mark.parametrize("name", ["../up.txt", "/etc/passwd", "a\\..\\b.txt", "C:/x.txt"])
def test_archives_that_lead_outside_are_refused(name: str) -> None:
    with pytest.raises(Invalid, match="lead outside"):
        media_type_of("a.zip", samples.zipped(name))


def test_links_bombs_and_crowds_in_archives_are_refused() -> None:
    with pytest.raises(Invalid, match="lead outside"):
        media_type_of("a.zip", samples.symlink_zip())
    with pytest.raises(Invalid, match="too much"):
        media_type_of("a.zip", samples.zipped(*(f"{number}.txt" for number in range(2_001))))
    with pytest.raises(Invalid, match="too much"):
        media_type_of("a.zip", samples.zipped(*"abcdefghijk", content=b"\0" * 100 * 1024**2))
