"""`python -m portal`: everything that is done to the portal from the command line."""

import importlib
import logging
import sys
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from db.models import Role
from db.session import DatabaseRefused
from portal.errors import PortalError
from portal.events import chain_head, verify_chain
from portal.i18n import translate
from portal.operations import backup as backups
from portal.operations import migrating, people, restore, serving
from portal.operations.config import effective_settings
from portal.operations.refusals import OperationRefused
from portal.operations.starting import require_ready
from portal.settings import SettingsRefused, settings
from portal.transactions import reading, writing
from portal.web import logs
from portal.worker.loop import run_worker

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
user = typer.Typer(no_args_is_help=True, help="People: the first platform admin, links for whom no mail reaches.")
audit = typer.Typer(no_args_is_help=True, help="The audit trail: verify it, print its head.")
app.add_typer(user, name="user")
app.add_typer(audit, name="audit")


@app.command()
def serve(
    prepare: Annotated[bool, typer.Option(help="Migrate first, and fill an empty demonstration.")] = False,
) -> None:
    """Serve the portal, with one worker beside it."""
    logs.install()
    if prepare:
        serving.prepare()
    serving.serve()


@app.command()
def worker(parent: Annotated[int | None, typer.Option(help="End when this process is gone.")] = None) -> None:
    """Do the clock-driven work and send the mails; `serve` starts one by itself."""
    logs.install()
    require_ready()
    run_worker(parent)


@app.command()
def migrate() -> None:
    """Create the tables or bring them up to date."""
    print(f"The database is at schema {migrating.migrate()}.")


@app.command()
def demo() -> None:
    """Fill an empty database with the demonstration."""
    migrating.migrate()
    print(serving.fill_demo())


@app.command("import")
def import_file(kind: str, file: Path, dry_run: Annotated[bool, typer.Option("--dry-run")] = False) -> None:
    """Import records, e.g. `import challenges FILE`; all rows or none."""
    print(importlib.import_module("portal.imports.console").import_file(kind, file, dry_run=dry_run))


@user.command()
def invite(
    email: str,
    role: Annotated[Role, typer.Option()],
    name: Annotated[str, typer.Option()] = "",
    organisation: Annotated[str, typer.Option(help="Credit code of the organisation.")] = "",
) -> None:
    """Invite somebody and print the one-time link."""
    with writing() as session:
        link = people.invite(session, email=email, name=name, role=role, organisation_code=organisation)
    print(
        f"One-time link for {email}:\n{link}" if link else f"{email} has a password already and can act in this role."
    )


@user.command()
def reset(email: str) -> None:
    """Print a one-time link to choose a new password."""
    with writing() as session:
        print(people.reset_link(session, email=email))


@user.command("list")
def list_users() -> None:
    """Everybody, with role and organisation."""
    with reading() as session:
        for row in people.list_people(session):
            print("\t".join(row))


@audit.command()
def verify() -> None:
    """Walk the whole chain of events; ends with code 1 and names every fault."""
    with reading() as session:
        count, faults = verify_chain(session)
    for fault in faults:
        print(f"event {fault.seq}: {fault.what}")
    print(f"{count} events, {len(faults)} faults")
    if faults:
        raise typer.Exit(1)


@audit.command()
def head() -> None:
    """Print number and hash of the last event, to be kept outside of this machine."""
    with reading() as session:
        seq, digest = chain_head(session)
    print(f"{seq} {digest}")


@app.command()
def backup(target: Path) -> None:
    """Back up database and files into a new folder below TARGET, while the portal runs."""
    folder, manifest = backups.back_up(target)
    print(f"{folder}: {sum(manifest.rows.values())} rows, {len(manifest.files)} files.")
    print(f"Head of the audit trail: {manifest.chain_seq} {manifest.chain_hash}")
    print(f"{manifest.note} Keep a copy of {settings().effective_seal_key_file} elsewhere.")
    if manifest.missing_files:
        print(f"Missing or damaged, and so not whole in this backup: {', '.join(manifest.missing_files)}")
        raise typer.Exit(1)


@app.command("restore")
def restore_backup(source: Path) -> None:
    """Restore a backup into an empty data folder, and verify it."""
    restored = restore.restore(source)
    manifest = restored.manifest
    print(f"Restored {sum(manifest.rows.values())} rows and {len(manifest.files)} files; the audit trail verifies.")
    print(f"Ended {restored.sessions_ended} sessions and {restored.links_ended} one-time links.")
    print(f"Held back {restored.mails_held_back} mails that were not sent when the backup was made.")
    if restored.key_warning:
        print(f"Before you serve: {restored.key_warning}.")


@app.command()
def check_config() -> None:
    """Print the settings in force, without secrets, and whether the portal can start with them."""
    for name, value in effective_settings().items():
        print(f"{name}={value}")
    require_ready()
    print("The portal can start with these settings.")


def main() -> None:
    """Run the command; what a person can mend ends with one sentence and code 1."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        app()
    except (SettingsRefused, DatabaseRefused, OperationRefused) as refusal:
        sys.exit(f"portal: {refusal}")
    except PortalError as refusal:
        sys.exit(f"portal: {translate(refusal.message, 'en', **refusal.params)}")
    except DBAPIError as error:
        said = (str(error.orig).strip().splitlines() or ["no reason given"])[0]
        sys.exit(f"portal: the database refused: {said}")
    except SQLAlchemyError as error:
        sys.exit(f"portal: the database cannot be used: {str(error).splitlines()[0]}")
