"""The command `swarm`: its families of commands, and what every failure becomes."""

import os
import sys
from typing import Any, cast

import typer
from typer.exceptions import Abort, TyperException

from services.cli import (
    access_cli,
    exclude_cli,
    icp_cli,
    leads_cli,
    log_cli,
    mappings_cli,
    ops_cli,
    review_cli,
    runs_cli,
    setup_cli,
    templates_cli,
)
from services.cli.command import AsOption, Ended, JsonOption, NamespaceOption, ReaderGone
from services.cli.failures import DONE, INTERRUPTED, TERMINATED, Usage, debugging, named, tell
from services.cli.given import Given

app = typer.Typer(
    name="swarm",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Leads in, reviewed e-mails out. Nothing leaves this machine that no person approved.",
    epilog="Exit codes: 0 done, 1 a check found something, 2 bad input, 3 refused, 4 conflict, 5 store away.",
)


@app.callback()
def shared(ctx: typer.Context, json: JsonOption = False, namespace: NamespaceOption = "", login: AsOption = "") -> None:
    """Leads in, reviewed e-mails out. Nothing leaves this machine that no person approved."""
    ctx.obj = Given(json, namespace, login)


for family in (
    setup_cli,
    icp_cli,
    exclude_cli,
    runs_cli,
    mappings_cli,
    review_cli,
    templates_cli,
    leads_cli,
    access_cli,
    log_cli,
    ops_cli,
):
    family.register(app)


def run() -> None:
    """Run the command line and end the process."""
    for stream in (sys.stdout, sys.stderr):
        cast(Any, stream).reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))


def main(arguments: list[str]) -> int:
    """Run one command; returns its exit code and never raises."""
    json = "--json" in arguments
    _log_quietly()
    try:
        return int(app(arguments, prog_name="swarm", standalone_mode=False) or DONE)
    except TyperException as error:
        return tell(Usage(_sentence(error), "`swarm --help` shows what there is."), json=json)
    except (KeyboardInterrupt, Abort, EOFError):
        return INTERRUPTED
    except Ended:
        return TERMINATED
    except (ReaderGone, BrokenPipeError):
        # Nothing more may be written to it, also not at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        if debugging():
            raise
        return tell(named(error), json=json)


def _sentence(error: TyperException) -> str:
    said = error.format_message().strip().rstrip(".")
    return f"{said}."


def _log_quietly() -> None:
    """Log lines go to stderr from warnings on, so that a good run says nothing there. Loaded with the first of them."""
    if "structlog" in sys.modules:
        from services.cli.logs import configure

        configure()
