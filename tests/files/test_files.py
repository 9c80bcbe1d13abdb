"""Keeping and reading attachments: sealed ones are never in clear, rights are asked each time."""

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from db.models import FileObject, Role
from portal.errors import Invalid, NotFound
from portal.files import store
from portal.files.commands import reconcile, remove_file, store_file
from portal.files.queries import READERS, FileUnavailable, describe_files, open_file, register_reader
from portal.files.rules import MAX_BYTES
from portal.permissions import VISITOR, Actor
from portal.seal import ProposalKey, new_wrapped_key
from portal.settings import settings
from portal.transactions import reading, writing
from tests.factories import add_member
from tests.files import samples

CANARY = "绝密传感器芯片"


@pytest.fixture(autouse=True)
def readers() -> Iterator[None]:
    """The readers of the features are put back afterwards."""
    kept = dict(READERS)
    register_reader("anything", _members_only)
    yield
    READERS.clear()
    READERS.update(kept)


def _members_only(_session: Session, actor: Actor, _row: FileObject) -> None:
    if not actor.signed_in:
        raise NotFound


def _store(session: Session, actor: Actor, name: str = "报价.pdf", content: bytes = samples.PDF) -> UUID:
    return store_file(session, actor, name=name, content=content, parent_type="anything", parent_id=uuid4())


def test_a_file_comes_back_as_it_was(session: Session) -> None:
    actor = add_member(session, Role.RESEARCHER)

    file_id = _store(session, actor, "..\\报价.pdf")

    opened = open_file(session, actor, file_id)
    assert opened[:3] == ("报价.pdf", "application/pdf", samples.PDF)
    row = session.get_one(FileObject, file_id)
    assert (row.size, row.sha256) == (len(samples.PDF), hashlib.sha256(samples.PDF).hexdigest())
    assert row.uploaded_by == actor.person_id
    assert store.path_of(file_id).name == file_id.hex
    assert store.path_of(file_id).stat().st_mode & 0o777 == 0o600


def test_the_exact_limit_is_kept(session: Session) -> None:
    content = samples.PDF + b" " * (MAX_BYTES - len(samples.PDF))
    actor = add_member(session, Role.RESEARCHER)

    assert open_file(session, actor, _store(session, actor, content=content)).content == content


def test_a_refused_upload_leaves_nothing(session: Session) -> None:
    for content in (b"", samples.HTML, samples.PDF + b" " * MAX_BYTES):
        with pytest.raises(Invalid):
            _store(session, VISITOR, content=content)

    assert list(store.stored_ids()) == []
    assert session.query(FileObject).count() == 0


def test_the_record_is_asked_each_time(session: Session) -> None:
    actor = add_member(session, Role.RESEARCHER)
    file_id = _store(session, actor)
    unknown_kind = store_file(
        session, actor, name="a.pdf", content=samples.PDF, parent_type="nobody", parent_id=uuid4()
    )

    with pytest.raises(NotFound):
        open_file(session, VISITOR, file_id)
    with pytest.raises(NotFound):
        open_file(session, actor, unknown_kind)
    with pytest.raises(NotFound):
        open_file(session, actor, uuid4())


def test_the_same_bytes_twice_are_two_files_and_nobody_learns_of_the_other(session: Session) -> None:
    one, other = add_member(session, Role.RESEARCHER), add_member(session, Role.RESEARCHER)
    first, second = _store(session, one), _store(session, other)
    changed = _store(session, one, content=samples.PDF + b"2")

    assert len({first, second, changed}) == 3
    assert open_file(session, one, changed).content == samples.PDF + b"2"
    assert open_file(session, one, first).content == samples.PDF


@pytest.fixture
def key(environment: pytest.MonkeyPatch) -> ProposalKey:
    return ProposalKey(new_wrapped_key("proposal"), "proposal")


def _everything_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() + path.name.encode() for path in folder.rglob("*") if path.is_file())


def test_a_sealed_file_is_nowhere_in_clear(sqlite_url: str, key: ProposalKey, tmp_path: Path) -> None:
    content = (CANARY * 50).encode()
    facts = {"name": f"{CANARY}.txt", "content": content, "parent_type": "sealed", "parent_id": uuid4(), "key": key}

    with writing() as session:
        actor = add_member(session, Role.RESEARCHER)
        file_id = store_file(session, actor, **facts)

    everything = _everything_below(tmp_path)
    for encoding in ("utf-8", "utf-16-le", "gb18030"):
        assert CANARY.encode(encoding) not in everything
    assert hashlib.sha256(content).hexdigest().encode() not in everything
    assert hashlib.sha256(content).digest() not in everything
    with reading() as session:
        row = session.get_one(FileObject, file_id)
        assert (row.name, row.media_type, row.is_sealed) == ("sealed", "application/octet-stream", True)
        register_reader("sealed", lambda *_: key)
        assert open_file(session, actor, file_id)[:3] == (f"{CANARY}.txt", "text/plain", content)
        [described] = describe_files(session, [file_id], key)
        assert (described.name, described.sha256) == (f"{CANARY}.txt", hashlib.sha256(content).hexdigest())
        assert describe_files(session, [file_id])[0].name == "sealed"
        register_reader("sealed", lambda *_: None)
        with pytest.raises(NotFound):
            open_file(session, actor, file_id)


def test_equal_sealed_files_look_different(session: Session, key: ProposalKey) -> None:
    facts = {"name": "a.pdf", "content": samples.PDF, "parent_type": "anything", "parent_id": uuid4()}

    first, second = (store_file(session, VISITOR, key=key, **facts) for _ in range(2))

    assert store.read(first) != store.read(second)


def test_swapped_sealed_files_do_not_open(session: Session, key: ProposalKey) -> None:
    facts = {"name": "a.pdf", "parent_type": "sealed", "parent_id": uuid4(), "key": key}
    first = store_file(session, VISITOR, content=samples.PDF, **facts)
    second = store_file(session, VISITOR, content=samples.PDF + b"2", **facts)
    store.path_of(first).write_bytes(store.read(second) or b"")
    session.get_one(FileObject, first).sha256 = session.get_one(FileObject, second).sha256
    register_reader("sealed", lambda *_: key)

    with pytest.raises(FileUnavailable):
        open_file(session, VISITOR, first)


def test_a_missing_or_damaged_file_is_said_and_reported(session: Session) -> None:
    actor = add_member(session, Role.RESEARCHER)
    whole, missing, damaged = (_store(session, actor) for _ in range(3))
    store.path_of(missing).unlink()
    store.path_of(damaged).write_bytes(samples.PDF[:-1])

    for file_id in (missing, damaged):
        with pytest.raises(FileUnavailable):
            open_file(session, actor, file_id)
    assert reconcile(session) == ([missing], [damaged], 0)
    assert open_file(session, actor, whole).content == samples.PDF


def test_files_without_a_row_go_after_a_day(session: Session) -> None:
    kept = _store(session, VISITOR)
    removed = _store(session, VISITOR)
    remove_file(session, file_id=removed)
    young, old = uuid4(), uuid4()
    store.write(young, b"x")
    store.write(old, b"x")
    leftover = store.path_of(uuid4()).with_suffix(".part")
    leftover.parent.mkdir(parents=True, exist_ok=True)
    leftover.write_bytes(b"half")
    yesterday = time.time() - store.ORPHAN_AGE_S - 60
    for path in (store.path_of(old), store.path_of(removed), store.path_of(kept), leftover):
        os.utime(path, (yesterday, yesterday))

    assert reconcile(session).removed == 3
    assert set(store.stored_ids()) == {kept, young}
    assert not leftover.exists()
    assert settings().files_dir.exists()
