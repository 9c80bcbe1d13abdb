"""Files that spreadsheets open: nothing in them runs, numbers stay numbers."""

import csv
import io

import pytest

from portal.tables import csv_bytes


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-2.5", "-2.5"),
        ("-2.5a", "'-2.5a"),
        ("@x", "'@x"),
        ("＝1", "'＝1"),
        ("\tx", "'\tx"),
        (" =x", "' =x"),
        ("张三", "张三"),
        ("6222020200112233445", "'6222020200112233445"),
        ("2026", "2026"),
        (None, ""),
        ("a\nb,c", "a\nb,c"),
    ],
)
def test_a_cell_is_what_it_says(cell, shown) -> None:
    content = csv_bytes(["甲"], [[cell]])

    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:] == [[shown]]
