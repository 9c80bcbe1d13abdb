"""A database that is locked, missing, read-only or elsewhere; settings that are not safe: rows 55, 56, 86 and 88."""

import os
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, inspect

from db.migrate import current_revision, downgrade, newest_revision, upgrade
from db.models import Organisation, Proposal
from db.session import DatabaseRefused
from portal import clock
from portal.errors import Busy
from portal.operations.migrating import migrate
from portal.operations.starting import file_system_of, require_fitting_key, require_key_file, require_ready
from portal.seal import _key_file_key, make_key_file, new_wrapped_key
from portal.settings import ROOT, SettingsRefused, settings
from portal.transactions import database, forget_database, reading, writing
from tests.factories import add_challenge, add_organisation, add_person
from tests.operations.conftest import Cli

HOLD_LOCK = """
import sys, time
from pysqlite3 import dbapi2
connection = dbapi2.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep(6.5)
connection.execute("COMMIT")
"""


def test_a_lock_held_six_seconds_is_said_and_nothing_is_saved(sqlite_url: str) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    with reading() as session:
        session.connection()
    with subprocess.Popen([sys.executable, "-c", HOLD_LOCK, path], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        started = time.monotonic()
        with pytest.raises(Busy), writing() as session:
            add_person(session, email="busy@example.org")
        assert 4 < time.monotonic() - started < 6.4

    with writing() as session:
        add_person(session, email="busy@example.org")


def test_without_tables_the_portal_does_not_start(cli: Cli, process: Cli) -> None:
    for run, command in [(process, ("serve",)), (cli, ("backup", "somewhere")), (cli, ("check-config",))]:
        said = run(*command)
        assert said.returncode == 1
        assert said.stderr == "portal: the database holds no tables yet: run `python -m portal migrate` first\n"


@pytest.mark.parametrize("arguments", [("user", "list"), ("audit", "verify")])
def test_a_command_without_tables_says_one_sentence(cli: Cli, arguments: tuple[str, ...]) -> None:
    said = cli(*arguments)

    assert (said.returncode, said.stderr.count("\n")) == (1, 1)
    assert said.stderr.startswith("portal: the database refused")


def test_a_place_that_cannot_be_written_is_refused_with_a_sentence(process: Cli, tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("a file where a folder should be")
    (tmp_path / "folder.db").mkdir()

    for url in (f"sqlite:///{tmp_path}/occupied/portal.db", f"sqlite:///{tmp_path}/folder.db"):
        said = process("serve", PORTAL_DATABASE_URL=url)
        assert said.returncode == 1
        assert said.stderr.startswith("portal: the database file")
        assert "Traceback" not in said.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_database_of_another_owner_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    for folder in (tmp_path, *tmp_path.parents):
        if folder != Path("/tmp") and folder.is_relative_to("/tmp"):
            folder.chmod(0o755)
    path.chmod(0o444)
    code = (
        "import os, sys, pysqlite3.dbapi2\n"
        "from db.session import DatabaseRefused, make_engine\n"
        "os.setuid(65534)\n"
        "try: make_engine(sys.argv[1])\n"
        "except DatabaseRefused as refused: print(refused)\n"
    )

    said = subprocess.run(
        [sys.executable, "-c", code, sqlite_url], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert said.stdout == "the database file portal.db cannot be written: Permission denied\n", said.stderr


def test_a_network_share_is_recognised(tmp_path: Path) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\nserver:/y /mnt/my\\040share cifs rw 0 0\n"

    assert file_system_of(tmp_path / "data" / "portal.db", mounts) == "nfs4"
    assert file_system_of(Path("/mnt/my share/portal.db"), mounts) == "cifs"
    assert file_system_of(Path("/srv/portal.db"), mounts) == "ext4"
    assert file_system_of(Path("/srv/portal.db"), "") == ""


def test_migrating_twice_changes_nothing_and_an_old_schema_is_refused(database_url: str) -> None:
    assert migrate() == migrate() == newest_revision()
    require_ready()
    downgrade(database_url, "base")
    try:
        with pytest.raises(DatabaseRefused, match="no tables yet"):
            require_ready()
    finally:
        upgrade(database_url)
    assert current_revision(database().engine) == newest_revision()


def test_a_migration_that_is_killed_can_be_started_again(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'data' / 'portal.db'}"
    code = (
        "import os, signal, sys\n"
        "from sqlalchemy import event\n"
        "from sqlalchemy.engine import Engine\n"
        "count = 0\n"
        "@event.listens_for(Engine, 'before_cursor_execute')\n"
        "def die(*_):\n"
        "    global count\n"
        "    count += 1\n"
        "    if count == 25: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from db.migrate import upgrade\n"
        "upgrade(sys.argv[1])\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, url], cwd=ROOT, check=False)
    assert killed.returncode == -9

    engine = create_engine(url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
    assert migrate() == newest_revision()


def test_a_fresh_key_beside_sealed_proposals_does_not_start(sqlite_url: str) -> None:
    with writing() as session:
        require_fitting_key(session)
        challenge = add_challenge(session)
        proposal_id = uuid4()
        session.add(
            Proposal(
                id=proposal_id,
                challenge_id=challenge.id,
                institute_id=challenge.organisation_id,
                lead_id=add_person(session).id,
                wrapped_key=new_wrapped_key(str(proposal_id)),
                created_at=clock.now(),
                changed_at=clock.now(),
            )
        )
        require_fitting_key(session)

        key_file = settings().effective_seal_key_file
        content = key_file.read_text()
        key_file.unlink()
        with pytest.raises(DatabaseRefused, match="does not exist"):
            require_fitting_key(session)
        key_file.write_text(content[::-1])
        _key_file_key.cache_clear()
        with pytest.raises(DatabaseRefused, match="does not open"):
            require_fitting_key(session)
        _key_file_key.cache_clear()


PRODUCTION = {
    "PORTAL_ENV": "production",
    "PORTAL_PUBLIC_URL": "https://portal.example.org",
    "PORTAL_SEAL_KEY_FILE": "/nowhere/seal.key",
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"PORTAL_PUBLIC_URL": "http://portal.example.org"}, "https://"),
        ({"PORTAL_DEMO": "1"}, "PORTAL_DEMO"),
        ({"PORTAL_CLOCK_OFFSET": "60"}, "PORTAL_CLOCK_OFFSET"),
        ({"PORTAL_LOG_LEVEL": "DEBUG"}, "DEBUG"),
        ({"PORTAL_HOST": "192.0.2.1"}, "loopback"),
        ({"PORTAL_DATA_DIR": "/nowhere"}, "outside"),
        ({"PORTAL_PORT": "many"}, "integer"),
    ],
)
def test_production_does_not_start_with_unsafe_settings(cli: Cli, change: dict[str, str], words: str) -> None:
    for command in ("serve", "check-config", "migrate"):
        said = cli(command, **(PRODUCTION | change))
        assert said.returncode == 1
        assert said.stderr.startswith("portal: ")
        assert words in said.stderr
        assert said.stderr.count("\n") == 1


def test_production_needs_a_key_file_of_its_own(cli: Cli, environment: pytest.MonkeyPatch) -> None:
    environment.delenv("PORTAL_SEAL_KEY_FILE")

    said = cli("serve", **{name: value for name, value in PRODUCTION.items() if name != "PORTAL_SEAL_KEY_FILE"})

    assert said == (
        1,
        "",
        "portal: PORTAL_SEAL_KEY_FILE must be set, outside the data folder, when PORTAL_ENV=production\n",
    )


@pytest.mark.parametrize("content", ["", "00" * 32, "ab" * 16, "not hex", "0123456789abcdef" * 2])
def test_a_key_that_is_no_key_is_refused(sqlite_url: str, content: str) -> None:
    path = settings().effective_seal_key_file
    path.parent.mkdir(parents=True)
    path.write_text(content)

    with pytest.raises(SettingsRefused, match="32 random bytes"):
        require_key_file()


def test_a_key_that_others_can_read_is_refused_in_production(
    sqlite_url: str, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "keys" / "seal.key"
    make_key_file(path)
    path.chmod(0o644)
    require_key_file()
    for name, value in (PRODUCTION | {"PORTAL_SEAL_KEY_FILE": str(path)}).items():
        environment.setenv(name, value)
    settings.cache_clear()

    with pytest.raises(SettingsRefused, match="chmod 600"):
        require_key_file()
    path.chmod(0o600)
    require_key_file()


def test_check_config_prints_no_secret(sqlite_url: str, cli: Cli) -> None:
    secret = uuid4().hex
    said = cli("check-config", PORTAL_SMTP_PASSWORD=secret, PORTAL_SMTP_HOST="mail.example.org")

    assert said.returncode == 0, said.stderr
    assert secret not in said.stdout + said.stderr
    assert "PORTAL_SMTP_PASSWORD=(set)" in said.stdout
    assert "PORTAL_SMTP_HOST=mail.example.org" in said.stdout
    said = cli("check-config", PORTAL_DATABASE_URL=f"postgresql+psycopg://me:{secret}@127.0.0.1:1/x")
    assert said.returncode == 1
    assert secret not in said.stdout + said.stderr
    assert said.stderr.startswith("portal: the database refused")


def test_the_language_of_an_application_comes_and_goes_with_its_revision(database_url: str) -> None:
    with writing() as session:
        organisation_id = add_organisation(session, contact_language="en").id
    forget_database()
    downgrade(database_url, "0002")
    try:
        engine = create_engine(database_url)
        assert "contact_language" not in {column["name"] for column in inspect(engine).get_columns("organisation")}
        engine.dispose()
    finally:
        upgrade(database_url)
    with writing() as session:
        assert session.get_one(Organisation, organisation_id).contact_language is None
