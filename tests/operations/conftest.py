"""The command line as a real process, and a small portal that is worth backing up."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

import pytest

from db.models import Role
from portal.challenges.workflow import CHALLENGE_WORKFLOW as CHALLENGES
from portal.cli import main
from portal.files.commands import store_file
from portal.notifications.commands import queue_mail
from portal.permissions import Action
from portal.seal import ProposalKey, new_wrapped_key
from portal.settings import ROOT, settings
from portal.transactions import forget_database, writing
from portal.workflow import advance
from tests.factories import add_challenge, add_member, add_organisation
from tests.files import samples

OWNER = "the-proposal"


class Said(NamedTuple):
    """How a command ended and what it printed."""

    returncode: int
    stdout: str
    stderr: str


Cli = Callable[..., Said]


@pytest.fixture
def cli(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """`python -m portal …` with the test's settings, in this process: starting one takes two seconds."""

    def run(*arguments: str, **variables: str) -> Said:
        capsys.readouterr()
        with environment.context() as changed:
            for name, value in variables.items():
                changed.setenv(name, value)
            changed.setattr(sys, "argv", ["portal", *arguments])
            _forget()
            try:
                main()
                ended: object = 0
            except SystemExit as end:
                ended = end.code or 0
        _forget()
        out, err = capsys.readouterr()
        if isinstance(ended, str):
            return Said(1, out, f"{err}{ended}\n")
        return Said(int(str(ended)), out, err)

    return run


@pytest.fixture
def process(environment: pytest.MonkeyPatch) -> Cli:
    """The same as a process of its own."""

    def run(*arguments: str, **variables: str) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "portal", *arguments],
            cwd=ROOT,
            env=os.environ | variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return run


def _forget() -> None:
    settings.cache_clear()
    forget_database()


def fill() -> dict[str, UUID]:
    """An enterprise, a submitted challenge, an open and a sealed file, an unsent mail; three events."""
    with writing() as session:
        enterprise = add_organisation(session)
        admin = add_member(session, Role.ENTERPRISE_ADMIN, enterprise)
        ids = {"admin": admin.acting_person}
        for _ in range(3):
            challenge = add_challenge(session, enterprise)
            advance(session, admin, CHALLENGES, challenge, Action.SUBMIT_CHALLENGE)
        facts = {"parent_type": "challenge", "parent_id": challenge.id}
        ids["open"] = store_file(session, admin, name="图纸.pdf", content=samples.PDF, **facts)
        key = ProposalKey(new_wrapped_key(OWNER), OWNER)
        ids["sealed"] = store_file(session, admin, name="报价.pdf", content=samples.PDF, key=key, **facts)
        queue_mail(
            session, recipient="a@example.org", subject="a", body="b", params={}, language="en", dedupe_key="unsent"
        )
    return ids
