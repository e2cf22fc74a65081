"""The server's commands: `ocrchat up`, its parts, and what an operator needs besides."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from ocrchat.errors import ServiceError
from ocrchat_server.config.environment import SETTINGS, environment

FIRST_ACCOUNT = "owner@localhost"

commands = typer.Typer(no_args_is_help=True, help="Run the server.")
account_commands = typer.Typer(no_args_is_help=True, help="Create accounts.")
commands.add_typer(account_commands, name="account")
ledger_commands = typer.Typer(no_args_is_help=True, help="Look after the ledger of credits.")
commands.add_typer(ledger_commands, name="ledger")


@commands.command()
def up() -> None:
    """Run everything on this machine: database, migrations, web and workers. Ctrl-C stops it."""
    from ocrchat_server.config.up import run_everything

    raise typer.Exit(run_everything(environment()))


@commands.command()
def web() -> None:
    """Run the web process against DATABASE_URL."""
    _django()
    import uvicorn

    setup = environment()
    uvicorn.run(
        "ocrchat_server.config.asgi:application",
        factory=True,
        host=setup.host,
        port=setup.port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the gate tells whom to believe
        timeout_graceful_shutdown=10,
    )


@commands.command()
def worker() -> None:
    """Run one worker against DATABASE_URL."""
    _django()
    from ocrchat.engines import EnginePool
    from ocrchat.sources import Intake
    from ocrchat_server.worker.run import run_worker

    setup = environment()
    engines = EnginePool(
        setup.engine,
        setup.engines,
        setup.threads_of_each_engine(),
        setup.page_seconds,
        setup.models_folder(),
    )
    intake = Intake(setup.limits())
    try:
        run_worker(engines, intake)
    finally:
        engines.close()
        intake.close()


@commands.command()
def migrate() -> None:
    """Bring the database at DATABASE_URL up to date."""
    with _database():
        from django.core.management import call_command

        from ocrchat_server.billing.plans import seed_plans

        call_command("migrate", verbosity=0, interactive=False)
        seed_plans(environment().plans)


@commands.command()
def prepare() -> None:
    """Migrate, then print a token of the first account, which is created where there is none."""
    migrate()
    from ocrchat_server.accounts.queries import first_token
    from ocrchat_server.accounts.services import create_account

    found = first_token()
    typer.echo(found[1] if found else create_account(FIRST_ACCOUNT, "unlimited")[1])


@commands.command()
def doctor() -> None:
    """Say what this machine has and what it lacks; exit status 1 where documents can't be read safely."""
    from ocrchat_server.config.doctor import findings

    well = True
    for finding in findings(environment()):
        typer.echo(f"{'ok ' if finding.well else 'BAD'} {finding.what}: {finding.text}")
        well = well and finding.well
    raise typer.Exit(0 if well else 1)


@commands.command("settings")
def show_settings() -> None:
    """List every setting with its default and meaning."""
    for each in SETTINGS:
        typer.echo(f"{each.name}={each.default}\n    {each.meaning}")


@account_commands.command("create")
def create(
    email: Annotated[str, typer.Argument(help="The account's address.")],
    plan: Annotated[str, typer.Option(help="The account's plan.")] = "free",
    admin: Annotated[bool, typer.Option("--admin", help="It may administer everything.")] = False,
) -> None:
    """Create an account and print its token, alone, on stdout."""
    with _database():
        from ocrchat_server.accounts.services import create_account
        from ocrchat_server.billing.plans import plan_named

        typer.echo(create_account(email, plan_named(plan).name, is_admin=admin)[1])


@account_commands.command("grant")
def grant(
    email: Annotated[str, typer.Argument(help="The account's address.")],
    amount: Annotated[int, typer.Argument(help="How many credits.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept in the ledger.")],
) -> None:
    """Give credits to an account."""
    with _database():
        from ocrchat_server.accounts.queries import account_with_address
        from ocrchat_server.billing.services import give

        give(account_with_address(email).id, amount, reason)
        typer.echo(f"{email} got {amount:,} credits")


@ledger_commands.command("check")
def check_ledger() -> None:
    """Recount every purse, hold and job from the transfers; exit status 1 where something does not add up."""
    with _database():
        from ocrchat_server.billing.audit import faults, one_snapshot, totals
        from ocrchat_server.chat.audit import faults_of_messages
        from ocrchat_server.jobs.audit import faults_of_jobs

        with one_snapshot():
            found, sums = [*faults(), *faults_of_jobs(), *faults_of_messages()], totals()
        for fault in found:
            typer.echo(f"BAD {fault.rule}: {fault.what}")
        typer.echo(f"{len(found)} faults; all purses together hold {sum(sums.values())}")
    raise typer.Exit(1 if found else 0)


class NoDatabase(ServiceError):
    """A command needs the database, and it does not answer."""


@contextmanager
def _database() -> Iterator[None]:
    """Set Django up for a command that uses the database; NoDatabase where that is not there."""
    _django()
    from django.db import OperationalError

    try:
        yield
    except OperationalError as error:
        raise NoDatabase("the database does not answer; start `ocrchat up`, or set DATABASE_URL") from error


def _django() -> None:
    """Set Django up; where nobody names a database, the running `ocrchat up` has one."""
    if not environment().database_url:
        from ocrchat_server.embedded.postgres import Cluster

        os.environ["DATABASE_URL"] = Cluster(environment().data).url
        environment.cache_clear()
    os.environ["DJANGO_SETTINGS_MODULE"] = "ocrchat_server.config.settings"
    import django

    django.setup()
