"""Applying to take part by the plain form: rows 8, 11, 13, 16, 17 and 43 of the bad inputs."""

import re

import pytest
from sqlalchemy import select

from db.models import FileObject, Organisation
from portal.files.rules import MAX_BYTES
from portal.transactions import reading
from portal.web.apply import FORM_OVERHEAD
from tests.factories import credit_code
from tests.files.samples import PDF
from tests.web.browsing import token_in

ORIGIN = {"origin": "http://localhost:8501"}
FIELDS = {
    "name": "杭州示例漆包线有限公司",
    "kind": "enterprise",
    "credit_code": credit_code(654_321),
    "industry_code": "C38",
    "town_code": "pingyao",
    "summary": "做漆包线的。",
    "contact_name": "示例联系人",
    "contact_email": "contact@example.org",
    "contact_phone": "0571-88880000",
}


@pytest.fixture
def apply(client):
    def apply(proof: bytes = PDF, file_name: str = "执照.pdf", **changes: str):
        form = {**FIELDS, "csrf": token_in(client.get("/apply").text), **changes}
        return client.post("/apply", data=form, files={"proof": (file_name, proof)}, headers=ORIGIN)

    return apply


def organisations() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Organisation.name)))


def padded(size: int) -> bytes:
    return PDF + b" " * (size - len(PDF))


def sentence_in(html: str) -> str:
    found = re.search(r'role="alert"[^>]*>(.*?)</', html, re.DOTALL)
    assert found, html
    return found.group(1).strip()


def test_the_exact_limit_is_accepted(apply) -> None:
    assert apply(padded(MAX_BYTES)).status_code == 200

    with reading() as session:
        assert session.scalars(select(FileObject.size)).one() == MAX_BYTES


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "请上传"), (MAX_BYTES + 1, "20 MB"), (MAX_BYTES + 4 * FORM_OVERHEAD, "20 MB")],
)
def test_nothing_and_more_than_the_limit_are_refused_clearly(apply, size, words) -> None:
    answer = apply(padded(size) if size else b"")

    assert answer.status_code == 422
    assert words in sentence_in(answer.text)
    assert FIELDS["summary"] in answer.text  # what was typed stays, whatever the file
    assert organisations() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"summary": "长" * 2001}, "2001"),
        ({"credit_code": "9135O100M000100Y43"}, "第 5 位"),
        ({"contact_email": "a@example.org\r\nBcc: b@example.org"}, "邮箱"),
        ({"contact_email": "ａ＠ｂ．ｃｎ"}, "全角"),
        ({"name": "gnp\u202eexe"}, "机构名称"),
        ({"contact_name": "a\x00b"}, "姓名"),
        ({"kind": "' OR 1=1 --"}, "类型"),
    ],
)
def test_a_refusal_names_the_fault_and_keeps_what_was_typed(apply, changes, words) -> None:
    answer = apply(**changes)

    assert answer.status_code == 422
    assert words in sentence_in(answer.text)
    kept = {**FIELDS, **changes}
    assert kept["contact_phone"] in answer.text
    assert kept["summary"] in answer.text
    assert organisations() == []


def test_every_fault_is_named_at_once_and_the_language_can_still_be_changed(apply) -> None:
    answer = apply(b"", credit_code="123", contact_email="nobody", contact_phone="", kind="")

    assert answer.status_code == 422
    said = re.search(r'role="alert".*?</div>', answer.text, re.DOTALL).group(0)
    assert [words for words in ("类型", "18 位", "邮箱", "电话", "请上传") if words not in said] == []
    marked = re.findall(r'id="([a-z_]+)"[^>]*aria-invalid', answer.text)
    assert marked == ["kind", "credit_code", "contact_email", "contact_phone", "proof"]
    assert 'class="language" href="/apply?lang=en"' in answer.text
    assert "请重新选择" in answer.text  # a browser keeps no file


def test_sent_twice_it_is_one_application(apply) -> None:
    assert apply().status_code == 200

    again = apply()

    assert again.status_code == 422
    assert FIELDS["contact_email"] in again.text
    assert organisations() == [FIELDS["name"]]
    with reading() as session:
        assert len(session.scalars(select(FileObject)).all()) == 1


@pytest.mark.parametrize("file_name", ["..\\..\\a.pdf", "a.pdf:x.exe", "x" * 300 + ".pdf", "\u202efdp.pdf"])
def test_a_hostile_file_name_is_cleaned(apply, file_name) -> None:
    answer = apply(file_name=file_name)

    with reading() as session:
        names = list(session.scalars(select(FileObject.name)))
    if file_name.endswith(".exe"):
        assert (answer.status_code, names) == (422, [])
    else:
        assert answer.status_code == 200
        assert len(names[0]) <= 200
        assert not {"\\", "/", ":", "\u202e"} & set(names[0])


def test_a_body_that_is_no_form_is_refused_in_a_sentence(client) -> None:
    client.get("/apply")
    broken = {"content-type": "multipart/form-data; boundary=x", **ORIGIN}

    for body in (b"", b"--y\r\n", b"--x\r\nContent-Disposition: form-data; name=\xff\r\n\r\n"):
        answer = client.post("/apply", content=body, headers=broken)
        assert answer.status_code in (400, 403), answer.status_code
        assert sentence_in(answer.text)
    assert organisations() == []


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_language_on_screen_is_kept_for_the_answer(client, language) -> None:
    form = {**FIELDS, "csrf": token_in(client.get(f"/apply?lang={language}").text)}

    answer = client.post("/apply", data=form, files={"proof": ("a.pdf", PDF)}, headers=ORIGIN)

    assert answer.status_code == 200
    with reading() as session:
        assert session.scalars(select(Organisation.contact_language)).one() == language
