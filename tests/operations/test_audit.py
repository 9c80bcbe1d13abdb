"""Whatever is done to the events by hand is found: row 84 of the bad inputs."""

import pytest
from sqlalchemy import text

from portal.transactions import writing
from tests.operations.conftest import Cli, fill

_COLUMNS = (
    "happened_at, object_type, object_id, parent_id, action, from_status, to_status, person_id, role, "
    "organisation_id, reason, fields, sealed_until_opened"
)
TAMPERED = {
    "changed": "UPDATE event SET to_status = 'approved' WHERE seq = 2",
    "changed and hashed anew": "UPDATE event SET reason = 'x', hash = 'y' WHERE seq = 2",
    "deleted": "DELETE FROM event WHERE seq = 2",
    "first deleted": "DELETE FROM event WHERE seq = 1",
    "tail cut": "DELETE FROM event WHERE seq = 3",
    "inserted": f"INSERT INTO event (seq, {_COLUMNS}, previous_hash, hash) "
    f"SELECT 4, {_COLUMNS}, hash, 'forged' FROM event WHERE seq = 3",
    "head moved": "UPDATE event_head SET seq = 2, hash = (SELECT hash FROM event WHERE seq = 2)",
    "head lost": "DELETE FROM event_head",
    "all deleted": "DELETE FROM event",
    "actor swapped": "UPDATE event SET person_id = NULL WHERE seq = 1",
    "time moved": "UPDATE event SET happened_at = (SELECT happened_at FROM event WHERE seq = 1) WHERE seq = 3",
}


def test_an_honest_chain_verifies(sqlite_url: str, cli: Cli) -> None:
    fill()

    said = cli("audit", "verify")

    assert (said.returncode, said.stdout) == (0, "3 events, 0 faults\n")
    seq, digest = cli("audit", "head").stdout.split()
    assert (seq, len(digest)) == ("3", 64)


@pytest.mark.parametrize("how", TAMPERED)
def test_tampering_by_sql_is_found(sqlite_url: str, cli: Cli, how: str) -> None:
    fill()
    with writing() as session:
        session.execute(text(TAMPERED[how]))

    said = cli("audit", "verify")

    assert said.returncode == 1
    assert said.stdout.startswith("event ")
    assert said.stderr == ""


def test_an_outside_head_shows_that_everything_was_written_anew(sqlite_url: str, cli: Cli) -> None:
    fill()
    outside = cli("audit", "head").stdout
    with writing() as session:
        session.execute(text("DELETE FROM event"))
        session.execute(text("DELETE FROM event_head"))
    fill()

    assert cli("audit", "verify").returncode == 0
    assert cli("audit", "head").stdout != outside
