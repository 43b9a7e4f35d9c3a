"""The `vcam` command, its options and its error messages."""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

import click

from vcam import __version__
from vcam.cli.invocation import as_typed, remember_config
from vcam.cli.streams import (
    discard_output,
    exit_with,
    is_of_output,
    output_error,
    system_limit_error,
    undelivered,
)
from vcam.errors import PlatformError, VcamError
from vcam.system.printable import printable_lines

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

INTERRUPTED = 130
"""The exit code of a program ended by Ctrl-C."""

_EPILOG = """\b
Examples:
  vcam demo                      no camera needed: the built-in scene
  vcam run                       your camera, in the foreground; Ctrl-C ends it
  vcam preview                   what viewers see, in a window
  vcam start                     the same in the background; vcam status, vcam stop
  vcam setup                     install the driver of the virtual camera (Linux)
  vcam doctor                    what is wrong on the way to the apps, and what to type
  vcam config init               write a commented YAML file to edit
  vcam process in.mp4 out.mp4    a file through the same pipeline

\b
Exit codes: 0 done, 1 a fault of vcam, 2 command line, 3 configuration, 4 camera,
5 segmenter or model, 6 background, 7 virtual camera or output file, 8 system, 9 service
(it runs already, does not run, does not answer), 10 the doctor found a problem,
130 ended by Ctrl-C."""


_COMMANDS = {
    "start": ("service:start", "Start vcam in the background."),
    "stop": ("service:stop", "End the vcam in the background."),
    "restart": ("service:restart", "End it, and start it anew."),
    "status": ("service:status", "Show how the running vcam does."),
    "pause": ("service:pause", "Close the shutter: viewers no longer see you, the camera is off."),
    "resume": ("service:resume", "Open the shutter again."),
    "toggle": ("toggle:toggle", "Turn something on or off: the shutter, a key of the YAML file."),
    "background": ("background:background", "Put something else behind you."),
    "set": ("set:set_command", "Change values in the YAML file, at once and while vcam runs."),
    "get": ("get:get_command", "Print what counts for a key of the YAML file."),
    "unset": ("set:unset_command", "Have the default of a key count again."),
    "scene": ("scene:scene", "Go over to another scene: a set of keys with a name of your own."),
    "next": ("next:next_command", "Make the next picture the background."),
    "relearn": ("service:relearn", "Learn the room anew."),
    "logs": ("service:logs", "Show the log of the vcam in the background."),
    "service": ("service:service", "Have vcam started at login."),
    "run": ("run:run", "Run in the foreground until Ctrl-C."),
    "preview": ("preview:preview", "Show what viewers see."),
    "demo": ("demo:demo", "Show vcam at work on a built-in scene: no camera is needed."),
    "process": ("process:process", "Put a video or a picture before the background."),
    "devices": ("devices:devices", "List cameras and virtual cameras, and who has them open."),
    "doctor": ("doctor:doctor", "Say what is wrong from the camera to the apps, and what to type."),
    "report": ("report:report", "Write one file for a bug report, with nothing personal in it."),
    "config": ("config:config", "Find, check, show or write the YAML file."),
    "models": ("models:models", "List the segmentation models, or fetch them."),
    "setup": ("setup:setup", "Give this machine a virtual camera."),
    "completion": (
        "completion:completion",
        "Have the tab key complete commands, options and YAML keys.",
    ),
    "bench": ("bench:bench", "Measure what a frame costs."),
}
"""For each command its module in vcam.cli, its name there, and its summary in `vcam --help`."""


class _Commands(click.Group):
    """Imports commands on use; turns exceptions into a sentence and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As click does, but without importing every command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in _COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """As click does, but without importing every command."""
        from click.shell_completion import CompletionItem

        commands = [
            CompletionItem(name, help=about)
            for name, (_, about) in _COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        import difflib  # takes as long as click itself does to parse

        close = difflib.get_close_matches(args[0], _COMMANDS, 1)
        if args[0] not in _COMMANDS and close:
            ctx.fail(f'no such command "{args[0]}"; did you mean "{close[0]}"?')
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        try:
            found = importlib.import_module(f"vcam.cli.{module}")
        except (ImportError, OSError) as error:
            raise _missing(error) from error
        return cast(click.Command, getattr(found, name))

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, standalone_mode: bool = True, **extra: Any
    ) -> Any:
        """As click's, but its messages about the command line are escaped."""
        if not standalone_mode:
            return super().main(args, standalone_mode=False, **extra)
        return end(self._code(args, **extra))

    def _code(self, args: Sequence[str] | None, **extra: Any) -> int:
        remember_config(None)
        try:
            code = super().main(args, standalone_mode=False, **extra)
        except click.ClickException as error:
            with contextlib.suppress(OSError):
                _escaped(error).show()
            return error.exit_code
        except click.Abort as error:
            if isinstance(error.__cause__, KeyboardInterrupt):
                return INTERRUPTED
            click.echo("Aborted!", err=True)
            return 1
        except OSError as error:
            return say_failure(error)
        return code if isinstance(code, int) else 0

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, but common words are accepted wherever people type them."""
        args = normalized_arguments(args)
        ctx.meta["vcam.help"] = not set(args).isdisjoint(("-h", "--help"))
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            if not ctx.meta.get("vcam.help"):
                check_home()
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            raise
        except Exception as error:
            ctx.exit(say_failure(error))


def say_failure(error: Exception) -> int:
    """Print the error of a command; returns the exit code."""
    if isinstance(error, OSError) and is_of_output(error):
        discard_output()
        error = output_error(error)
    elif (of_the_machine := system_limit_error(error)) is not None:
        _note("refused", error)
        error = of_the_machine
    if isinstance(error, (VcamError, ImportError)):
        _note("refused", error)
        known = error if isinstance(error, VcamError) else _missing(error)
        say_error(known)
        return known.exit_code
    _note("a fault of vcam", error)
    click.echo(f"vcam: a fault of vcam itself ({error!r})", err=True)
    click.echo("      run it again with --verbose and report what it prints", err=True)
    return 1


def _note(what: str, error: Exception) -> None:
    """Log an error with its traceback, for --verbose."""
    import logging

    logging.getLogger(__name__).debug(what, exc_info=error)


def _missing(error: Exception) -> PlatformError:
    from vcam.devices.libraries import missing_library

    return missing_library(error)


def fail(error: Exception, config_path: Path | None) -> NoReturn:
    """End a command with this YAML file that has failed before click had a part in it."""
    remember_config(config_path)
    end(say_failure(error))


def lose(failure: OSError) -> NoReturn:
    """End a command whose answer could not be written."""
    try:
        code = undelivered(failure)
    except PlatformError as error:
        code = say_failure(error)
    sys.exit(code)


def end(code: int) -> NoReturn:
    """End with this code, or with that of an output that cannot be written."""
    try:
        exit_with(code)
    except PlatformError as error:
        say_error(error)
        sys.exit(error.exit_code)


def _escaped(error: click.ClickException) -> click.ClickException:
    """The same with control characters escaped; a file's name may contain them."""
    said = _with_hint(error.format_message(), getattr(error, "ctx", None))
    if printable_lines(said) == error.format_message():
        return error
    return click.UsageError(printable_lines(said), getattr(error, "ctx", None))


def _with_hint(said: str, ctx: click.Context | None) -> str:
    """Add a hint if a YAML file was given without `--config`."""
    extra = re.search(r"unexpected extra arguments? \((.*\.ya?ml)\)", said)
    options = {name for one in (ctx.command.params if ctx else ()) for name in one.opts}
    if extra is None or "--config" not in options or ctx is None:
        return said
    return f"{said}; did you mean {ctx.command_path} -c {extra[1]}?"


def say_error(error: VcamError) -> None:
    """Print an error and its fix to stderr."""
    lines = [*error.problem.splitlines(), *error.commands, *filter(None, [error.advice])]
    with contextlib.suppress(OSError):
        click.echo("vcam: " + as_typed("\n      ".join(lines)), err=True)


def normalized_arguments(args: list[str]) -> list[str]:
    """The command line with `help`, -V and -v moved to where click expects them."""
    if args in (["-v"], ["-V"]):
        return ["--version"]
    words = args[: args.index("--")] if "--" in args else args
    rest = args[len(words) :]
    loud = [word for word in words if word in ("-v", "--verbose")]
    words = [word for word in words if word not in loud]
    if words[:1] == ["help"] or (words[1:] and words[-1] == "help" and words[0] in _COMMANDS):
        words.remove("help")
        words.append("--help")
    return [*loud[:1], *words, *rest]


def check_home() -> None:
    """Check that the user's folders are known, which fails for a user without name and HOME.

    Raises:
        PlatformError: They would be in the current folder.
    """
    import platformdirs

    with contextlib.suppress(RuntimeError):
        dirs = platformdirs.PlatformDirs("vcam", appauthor=False)
        if all(map(os.path.isabs, (dirs.user_config_dir, dirs.user_cache_dir, dirs.user_log_dir))):
            return
    raise PlatformError(
        "it is not known which folder is yours: HOME is not set to one, and the system has none "
        "for this user",
        "set HOME to a folder of yours",
    )


@click.group(
    cls=_Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="vcam")
@click.option("-v", "--verbose", is_flag=True, help="Say what happens inside.")
def cli(verbose: bool) -> None:
    """Your webcam before a background of your own, as "Virtual Camera" in every app."""
    from vcam.system.log_format import log_to_stderr  # what takes long stays out of --help

    log_to_stderr(verbose)
