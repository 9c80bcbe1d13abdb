"""Rows 12, 15 and 16 of the bad inputs: addresses and names that could be taken for others."""

import pytest

from portal.accounts.rules import clean_name, clean_phone, normal_email
from portal.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Zhang@Example.ORG ", "zhang@example.org"), ("a.b+c@sub.example.cn", "a.b+c@sub.example.cn")],
)
def test_an_address_is_stored_in_one_form(typed, kept):
    assert normal_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "ａ＠ｂ．ｃｎ",
        "zhang＠example.org",
        "zh\u200bang@example.org",
        "zhang@exam\u200dple.org",
        "zhаng@example.org",  # a Cyrillic letter
        "zhang\ufe0f@example.org",
        "a@b",
        "@example.org",
        "two@at@example.org",
        "a b@example.org",
        "a@example.org\nBcc: b@example.org",
        "a" * 250 + "@example.org",
        "",
        "张@example.org",
    ],
)
def test_an_address_that_is_refused(typed):
    with pytest.raises(Invalid) as refusal:
        normal_email(typed)
    assert refusal.value.field == "email"


def test_the_refusal_of_full_width_letters_gives_a_hint():
    with pytest.raises(Invalid, match="full-width"):
        normal_email("ａ@b.cn")


def test_a_name_stands_on_one_line():
    assert clean_name("  张  伟 ") == "张 伟"
    assert clean_name("𠮷田㐂") == "𠮷田㐂"


@pytest.mark.parametrize("typed", ["", "  ", "\u200b", "gnp\u202eexe", "a\x00b", "x" * 101, "\ud800"])
def test_a_name_that_is_refused(typed):
    with pytest.raises(Invalid):
        clean_name(typed)


@pytest.mark.parametrize(("typed", "kept"), [("０５７１ 8888 0000", "0571 8888 0000"), ("", None), (" ", None)])
def test_a_phone_number(typed, kept):
    assert clean_phone(typed) == kept


@pytest.mark.parametrize("typed", ["12", "call me", "1" * 41])
def test_a_phone_number_that_is_refused(typed):
    with pytest.raises(Invalid):
        clean_phone(typed)
