"""The program `auditor`: its commands, and what becomes of a command that could not be carried out."""

from __future__ import annotations

import os
import sys
import traceback

import click

from auditor.cli.interrupts import INTERRUPTED
from auditor.cli.lazy import LazyGroup
from auditor.cli.options import loudness
from auditor.cli.output import complain, loudness_of
from auditor.errors import AuditorError
from auditor.version import __version__

COMMANDS = {
    "audit": "auditor.cli.audit",
    "report": "auditor.cli.report",
    "compare": "auditor.cli.compare",
    "collect": "auditor.cli.collect",
    "inventory": "auditor.cli.inventory",
    "validate": "auditor.cli.validate",
    "seal": "auditor.cli.seal",
    "verify": "auditor.cli.verify",
    "keygen": "auditor.cli.keygen",
    "package": "auditor.cli.package",
    "selftest": "auditor.cli.selftest",
    "controls": "auditor.cli.controls",
    "frameworks": "auditor.cli.frameworks",
    "pattern": "auditor.cli.pattern",
    "gsl": "auditor.cli.gsl",
    "claims": "auditor.cli.claims",
}

NOT_CARRIED_OUT = 2
READER_GONE = 141  # 128 + SIGPIPE

EPILOG = """\b
Exit codes:
  0  all is well (valid, equal, an event matched, nothing missing)
  1  findings, problems, gaps or a difference
  2  the command could not be carried out; one line says why

\b
Shell completion (bash; also zsh, fish):
  eval "$(_AUDITOR_COMPLETE=bash_source auditor)"
"""


class Program(LazyGroup):
    """The top group. Every error ends in one line on standard error and an exit code of the contract."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: object
    ) -> click.Context:
        if os.environ.get("NO_COLOR"):
            extra.setdefault("color", False)
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise _misused(error) from None

    def invoke(self, ctx: click.Context) -> object:
        try:
            value = super().invoke(ctx)
            sys.stdout.flush()
        except click.UsageError as error:
            raise _misused(error) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            complain("Interrupted.")
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            # The reader (head, less) has gone: what is still in the buffer must not be written at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(READER_GONE)
        except AuditorError as error:
            complain(str(error))
            # A PatternSyntaxError points at the place; to import its class here would load the grammar.
            if (caret := getattr(error, "caret", "")) and sys.stderr.isatty():
                click.echo(f"\n{caret}", err=True)
            ctx.exit(NOT_CARRIED_OUT)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            complain(f"{place}{error.strerror or error}. Check the path, its permissions and the free space.")
            ctx.exit(NOT_CARRIED_OUT)
        except Exception as error:
            # Exit code 1 would read as "findings": a defect of ours must never look like a result.
            if loudness_of(ctx) > 0:
                traceback.print_exc()
            complain(
                f"This is a defect of the program, not of the evidence: {type(error).__name__}: {error}. "
                "Please report it with the output of the same command and -v."
            )
            ctx.exit(NOT_CARRIED_OUT)
        return value


def _misused(error: click.UsageError) -> Exception:
    """What click is to end with: the exit after one line in place of its three, or the help that it was asked for."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error
    command = error.ctx.command_path if error.ctx else "auditor"
    message = error.format_message()
    message += "" if message.endswith((".", "?", "?)")) else "."
    complain(f"{message} `{command} --help` lists what may be given.")
    return click.exceptions.Exit(NOT_CARRIED_OUT)


@click.group(
    cls=Program,
    modules=COMMANDS,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="auditor")
@loudness
def program() -> None:
    """Decides offline, from exported AWS configuration, whether somebody is told when a watched
    action happens, and writes the attestation reports."""
