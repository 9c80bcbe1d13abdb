"""Row 65 of the bad inputs: long, composed and common passwords."""

from unicodedata import normalize

import pytest

from portal.accounts.passwords import check_password, hash_password, is_outdated, matches
from portal.errors import Invalid

MAIL = "zhang.wei@example.org"


@pytest.mark.parametrize(
    "password",
    [
        "short-enough",
        "x" * 994 + "abcdef",
        "correct horse battery",
        " blanks stay blanks ",
        "口令要足够长才可以通过检查",
        "🦆🦆🦆🦆 vier Enten und mehr",
    ],
)
def test_a_password_of_12_to_1000_characters_is_accepted_whole(password):
    assert check_password(password, MAIL) == password
    kept = hash_password(password)
    assert matches(kept, password)
    assert not matches(kept, password[:-1])
    assert not is_outdated(kept)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "eleven-char",
        "x" * 995 + "abcdef",
        "x" * 10_000,
        "aaaaaaaaaaaaaaaa",
        "123456789012",
        "Password1234",
        "zhang.wei123",
        "1ZHANG.WEI99",
        "\ud800 lone surrogate",
    ],
)
def test_a_password_that_is_refused(password):
    with pytest.raises(Invalid):
        check_password(password, MAIL)


def test_nothing_is_cut_off_at_72_bytes():
    kept = hash_password("x" * 72 + "one")
    assert not matches(kept, "x" * 72 + "two")
    assert matches(kept, "x" * 72 + "one")


def test_composed_and_decomposed_letters_are_one_password():
    word = "Übermäßig-größer"
    assert matches(hash_password(normalize("NFD", word)), normalize("NFC", word))
    assert matches(hash_password(normalize("NFC", word)), normalize("NFD", word))


def test_without_a_hash_nothing_matches():
    assert not matches(None, "nobody's password, so that an unknown name costs as much")
    assert not matches("broken", "anything at all")
    assert not matches(None, "x" * 10_000)
