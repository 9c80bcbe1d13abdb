"""kill -9 at every step of an upload: row 53 of the bad inputs."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from db.models import FileObject
from portal.files import store
from portal.files.commands import reconcile
from portal.settings import ROOT, settings
from portal.transactions import reading
from tests.files import samples

UPLOAD = """
import os, signal, sys, uuid
from sqlalchemy import event
from sqlalchemy.orm import Session
from portal.files.commands import store_file
from portal.permissions import VISITOR
from portal.transactions import writing
from tests.files.samples import PDF

moment = sys.argv[1]

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def on_audit(name, arguments):
    if moment == "before the file" and name == "open" and str(arguments[0]).endswith(".part"):
        die()
    if moment == "half a file" and name == "os.rename":
        die()

sys.addaudithook(on_audit)
if moment == "after the file":
    event.listen(Session, "before_flush", die)
with writing() as session:
    store_file(session, VISITOR, name="a.pdf", content=PDF, parent_type="x", parent_id=uuid.uuid4())
    if moment == "after the row":
        die()
die()
"""


def _upload_and_die(moment: str) -> None:
    done = subprocess.run([sys.executable, "-c", UPLOAD, moment], cwd=ROOT, env=os.environ, check=False)
    assert done.returncode == -signal.SIGKILL


def _rows() -> list[UUID]:
    with reading() as session:
        return list(session.scalars(select(FileObject.id)))


def _on_disk() -> list[Path]:
    return [path for path in settings().files_dir.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("moment", "left"), [("before the file", 0), ("half a file", 1), ("after the file", 1), ("after the row", 1)]
)
def test_a_kill_before_the_commit_leaves_no_row_and_an_orphan_that_is_cleaned(
    sqlite_url: str, moment: str, left: int
) -> None:
    _upload_and_die(moment)

    assert _rows() == []
    assert len(_on_disk()) == left
    for path in _on_disk():
        os.utime(path, (0, time.time() - store.ORPHAN_AGE_S - 60))
    with reading() as session:
        assert reconcile(session) == ([], [], left)
    assert _on_disk() == []


def test_a_kill_after_the_commit_loses_nothing(sqlite_url: str) -> None:
    _upload_and_die("after the commit")

    [file_id] = _rows()
    assert store.read(file_id) == samples.PDF
    with reading() as session:
        assert reconcile(session) == ([], [], 0)
