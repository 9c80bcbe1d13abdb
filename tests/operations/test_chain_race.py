"""Two nodes that append at once make one sequence: row 84 of the bad inputs."""

import os
import subprocess
import sys

from sqlalchemy import select

from db.models import Event
from portal.events import verify_chain
from portal.settings import ROOT
from portal.transactions import reading

EACH = 40
APPEND = f"""
import uuid
from portal.events import record_event
from portal.permissions import CLOCK
from portal.transactions import writing
for _ in range({EACH}):
    with writing() as session:
        record_event(session, CLOCK, "x", "challenge", uuid.uuid4())
"""


def test_two_processes_append_to_one_sequence(database_url: str) -> None:
    nodes = [subprocess.Popen([sys.executable, "-c", APPEND], cwd=ROOT, env=os.environ) for _ in range(2)]
    assert [node.wait(60) for node in nodes] == [0, 0]

    with reading() as session:
        assert list(session.scalars(select(Event.seq).order_by(Event.seq))) == list(range(1, 2 * EACH + 1))
        assert verify_chain(session) == (2 * EACH, [])
