"""A backup comes back whole, and revives nothing that had ended: row 87 of the bad inputs."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from db.base import Base
from db.models import Event, FileObject, LoginSession, OneTimeLink, OneTimeLinkKind, OutboxMail
from portal import clock
from portal.accounts.links import create_link
from portal.accounts.sessions import actor_of_session, create_session, key_of
from portal.files import store
from portal.operations.backup import back_up
from portal.operations.manifest import MANIFEST, facts_of
from portal.operations.refusals import OperationRefused
from portal.operations.restore import HELD_BACK, restore
from portal.settings import settings
from portal.transactions import database, forget_database, reading, writing
from tests.files import samples
from tests.operations.conftest import Cli, fill


@pytest.fixture
def backup(database_url: str, tmp_path: Path) -> Path:
    """A backup of a small portal; the portal itself is gone afterwards."""
    ids = fill()
    with writing() as session:
        create_session(session, ids["admin"])
        create_link(session, ids["admin"], OneTimeLinkKind.PASSWORD_RESET)
    folder, manifest = back_up(tmp_path / "backups")
    assert manifest.missing_files == []
    return folder


def _lose_everything(database_url: str, tmp_path: Path) -> None:
    if database_url.startswith("postgresql"):
        with database().writing() as session:
            session.execute(text("DROP SCHEMA public CASCADE"))
            session.execute(text("CREATE SCHEMA public"))
    forget_database()
    shutil.rmtree(tmp_path / "data")


def test_what_was_backed_up_comes_back(database_url: str, backup: Path, tmp_path: Path) -> None:
    with reading() as session:
        before = facts_of(session)
        ids = {row.is_sealed: row.id for row in session.scalars(select(FileObject))}
    sealed_bytes = store.read(ids[True])
    _lose_everything(database_url, tmp_path)

    restored = restore(backup)

    with reading() as session:
        assert facts_of(session) == before
    assert store.read(ids[False]) == samples.PDF
    assert store.read(ids[True]) == sealed_bytes
    assert (restored.manifest.chain_seq, len(restored.manifest.files)) == (3, 2)
    assert restored.key_warning == ""


def test_sessions_links_and_mails_of_the_backup_stay_dead(database_url: str, backup: Path, tmp_path: Path) -> None:
    _lose_everything(database_url, tmp_path)

    restored = restore(backup)

    assert (restored.sessions_ended, restored.links_ended, restored.mails_held_back) == (1, 1, 1)
    with reading() as session:
        assert session.scalars(select(LoginSession.revoked_at)).one() is not None
        assert session.scalars(select(OneTimeLink.used_at)).one() is not None
        mail = session.scalars(select(OutboxMail)).one()
        assert (mail.sent_at, mail.last_error, mail.body) == (None, HELD_BACK, "")
        assert mail.next_try_at > clock.now() + timedelta(days=365)


def test_the_key_file_and_clear_words_are_not_in_the_backup(sqlite_url: str, tmp_path: Path) -> None:
    fill()
    folder, _manifest = back_up(tmp_path / "backups")

    key = settings().effective_seal_key_file.read_text().strip()
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert key.encode() not in content
            assert bytes.fromhex(key) not in content
            assert path.stat().st_mode & 0o077 == 0 or path.parent != folder or path.name == MANIFEST


def test_a_session_of_before_cannot_act_after_the_restore(sqlite_url: str, tmp_path: Path) -> None:
    ids = fill()
    with writing() as session:
        token = create_session(session, ids["admin"])
    folder, _manifest = back_up(tmp_path / "backups")
    _lose_everything(sqlite_url, tmp_path)

    restore(folder)

    with reading() as session:
        assert not actor_of_session(session, key_of(token)).signed_in


def test_a_backup_under_writing_is_of_one_instant(sqlite_url: str, tmp_path: Path) -> None:
    fill()
    with database().writing() as session:
        session.execute(update(OutboxMail).values(tries=7))
        folder, _manifest = back_up(tmp_path / "backups")
    _lose_everything(sqlite_url, tmp_path)

    restore(folder)

    with reading() as session:
        assert session.scalars(select(OutboxMail.tries)).all() == [0]


def test_a_missing_file_is_named_and_the_rest_is_kept(sqlite_url: str, tmp_path: Path) -> None:
    ids = fill()
    store.path_of(ids["open"]).unlink()

    _folder, manifest = back_up(tmp_path / "backups")

    assert manifest.missing_files == [ids["open"].hex]
    assert list(manifest.files) == [ids["sealed"].hex]


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("part", ["database", "file", "manifest", "no manifest", "no file", "truncated"])
def test_a_damaged_or_half_backup_is_refused_and_nothing_is_restored(
    sqlite_url: str, tmp_path: Path, part: str
) -> None:
    ids = fill()
    folder, _manifest = back_up(tmp_path / "backups")
    file = folder / "files" / ids["open"].hex[:2] / ids["open"].hex
    match part:
        case "database":
            _flip(folder / "portal.db")
        case "truncated":
            (folder / "portal.db").write_bytes((folder / "portal.db").read_bytes()[:-4096])
        case "file":
            _flip(file)
        case "no file":
            file.unlink()
        case "manifest":
            (folder / MANIFEST).write_text("{")
        case _:
            (folder / MANIFEST).unlink()
    _lose_everything(sqlite_url, tmp_path)

    with pytest.raises(OperationRefused):
        restore(folder)
    assert not (tmp_path / "data").exists()


def test_a_chain_that_was_tampered_with_before_the_backup_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    fill()
    with writing() as session:
        session.execute(update(Event).where(Event.seq == 2).values(reason="changed"))
    folder, _manifest = back_up(tmp_path / "backups")
    _lose_everything(sqlite_url, tmp_path)

    with pytest.raises(OperationRefused, match="audit trail"):
        restore(folder)
    assert not (tmp_path / "data" / "portal.db").exists()


def test_only_an_empty_place_is_restored_into(database_url: str, backup: Path) -> None:
    with pytest.raises(OperationRefused, match="empty"):
        restore(backup)
    shutil.rmtree(settings().files_dir)
    with pytest.raises(OperationRefused, match="empty"):
        restore(backup)


def test_a_newer_backup_and_one_of_the_other_database_are_refused(sqlite_url: str, tmp_path: Path) -> None:
    fill()
    folder, _manifest = back_up(tmp_path / "backups")
    _lose_everything(sqlite_url, tmp_path)
    facts = json.loads((folder / MANIFEST).read_text())

    for change, words in [({"schema_revision": "9999"}, "newer"), ({"database": "postgresql"}, "another database")]:
        (folder / MANIFEST).write_text(json.dumps(facts | change))
        with pytest.raises(OperationRefused, match=words):
            restore(folder)


def test_the_command_line_backs_up_and_restores(sqlite_url: str, tmp_path: Path, cli: Cli) -> None:
    fill()
    said = cli("backup", str(tmp_path / "backups"))
    assert said.returncode == 0, said.stderr
    assert "The seal key file is not part of this backup" in said.stdout
    [folder] = (tmp_path / "backups").iterdir()
    refused = cli("restore", str(folder))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert refused.stderr.startswith("portal: ")
    assert "empty" in refused.stderr
    _lose_everything(sqlite_url, tmp_path)

    said = cli("restore", str(folder))
    assert (said.returncode, said.stderr) == (0, "")
    assert "the audit trail verifies" in said.stdout
    assert cli("audit", "verify").stdout == "3 events, 0 faults\n"
    assert set(Base.metadata.tables)
