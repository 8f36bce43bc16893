"""The console command: its arguments, and what it answers to the shell.

Exit codes: 0 clean, or remarks only (levels "hint" and "info"), 1 findings (or nothing found where something was asked
for), 2 misuse, 101 a bug of ours.
Everything that a command needs is imported when it runs: ``shapelens --version`` must not wait for an engine.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from shapelens import __version__

CLEAN, FOUND, MISUSE, INTERRUPTED, BUG = 0, 1, 2, 130, 101
OUTPUT_FORMATS = ("concise", "full", "json", "github", "gitlab", "sarif", "junit")
FRAMEWORKS = ("keras", "tf_keras", "tensorflow", "torch", "numpy")


class Misuse(Exception):
    """The command line asks for something that cannot be done; the text says what."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["server"]:
        from shapelens.server import main as serve

        return int(serve(arguments[1:]) or 0)
    try:
        options = parser().parse_args(arguments)
    except SystemExit as stop:  # argparse has printed its help, its version, or what is wrong
        return stop.code if isinstance(stop.code, int) else MISUSE
    _speak_utf8()
    try:
        code = _run(options)
        sys.stdout.flush()
        return code
    except Misuse as misuse:
        print(f"shapelens: {misuse}", file=sys.stderr)
        return MISUSE
    except KeyboardInterrupt:
        print("shapelens: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader, "head" perhaps, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), _descriptor(sys.stdout))
        return FOUND
    except Exception:
        import traceback

        traceback.print_exc()
        print(f"shapelens {__version__}: this is a bug of shapelens, please report it", file=sys.stderr)
        return BUG


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line."""
    top = argparse.ArgumentParser(
        prog="shapelens", description="The shape of every tensor, and the exception before anything runs."
    )
    top.add_argument("--version", action="version", version=f"shapelens {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    check = commands.add_parser("check", help="find the calls that raise", description=_CHECK)
    check.add_argument("paths", nargs="+", metavar="PATH", help="a Python file, or a directory to search")
    check.add_argument("--output-format", choices=OUTPUT_FORMATS, default="full", help="how to print (default: full)")
    check.add_argument("--exit-zero", action="store_true", help="exit with 0 whatever is found")
    check.add_argument("--watch", action="store_true", help="check again what changes, until interrupted")
    files = check.add_argument_group(
        "which files", "Patterns are those of .gitignore, relative to the project's folder."
    )
    files.add_argument("--include", action="append", default=[], metavar="PATTERN", help="check only what matches")
    files.add_argument("--exclude", action="append", default=[], metavar="PATTERN", help="leave out what matches")
    files.add_argument("--force-exclude", action="store_true", help="leave it out even if it is named as a PATH")
    files.add_argument("--no-gitignore", action="store_true", help="check what Git ignores too")
    known = check.add_argument_group("problems that are known")
    known.add_argument("--baseline", metavar="FILE", help="tell only what is not in this list")
    known.add_argument("--write-baseline", action="store_true", help="write all that is found into the list")
    speed = check.add_argument_group("speed")
    speed.add_argument(
        "-j", "--jobs", type=_count, default=0, metavar="N", help="processes (default: one for each core)"
    )
    speed.add_argument("--no-cache", action="store_true", help="check everything anew, and remember nothing")
    speed.add_argument("--cache-dir", metavar="FOLDER", help="where to remember (or: SHAPELENS_CACHE_DIR)")
    _environment(check)

    shapes = commands.add_parser("shapes", help="print a file with the shapes beside its lines")
    shapes.add_argument("file", metavar="FILE")
    shapes.add_argument("--output-format", choices=("text", "json"), default="text", help="default: text")
    _environment(shapes)

    explain = commands.add_parser(
        "explain", help="tell how a shape or a problem comes about, or what a code means", description=_EXPLAIN
    )
    explain.add_argument("place", metavar="FILE:LINE[:COL]|CODE")
    _environment(explain)

    summary = commands.add_parser("summary", help="print the models of a file, layer by layer", description=_SUMMARY)
    summary.add_argument("place", metavar="FILE[:NAME]")
    summary.add_argument(
        "--format", "--output-format", dest="format", choices=("text", "html", "svg", "json"), default="text",
        help="default: text",
    )  # fmt: skip
    summary.add_argument("-o", "--output", metavar="FILE", help="write there instead of to standard output")
    summary.add_argument("--columns", type=_count, metavar="N", help="the width of the table (default: the terminal's)")
    summary.add_argument("--expand-nested", action="store_true", help="show the layers of models inside, too (text)")
    _environment(summary)

    rules = commands.add_parser("rules", help="list what is modelled, and where its rule stands")
    rules.add_argument("name", nargs="?", metavar="NAME", help="part of a dotted name, such as Conv2D")
    rules.add_argument("--output-format", choices=("text", "json"), default="text", help="default: text")

    commands.add_parser("server", help="start the language server (see: shapelens server --help)", add_help=False)
    commands.add_parser("version", help="print the version")
    return top


def _environment(command: argparse.ArgumentParser) -> None:
    stated = ", ".join(f"--{framework.replace('_', '-')} VERSION" for framework in FRAMEWORKS)
    group = command.add_argument_group(
        "the environment to speak for", f"By default, the one that is found.  Versions can be stated: {stated}."
    )
    group.add_argument(
        "--python", "--environment", dest="python", metavar="PATH", help="an interpreter or a virtual environment"
    )
    command.add_argument("-v", "--verbose", action="store_true", help="show what goes wrong inside of shapelens")
    for framework in FRAMEWORKS:
        option = f"--{framework.replace('_', '-')}"
        group.add_argument(option, dest=framework, metavar="VERSION", type=_version, help=argparse.SUPPRESS)


def _version(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split("."))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no version such as 3.15.1") from None


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return int(text)


def _run(options: argparse.Namespace) -> int:
    match options.command:
        case "check":
            from shapelens.commands.check import run
        case "shapes":
            from shapelens.commands.shapes import run
        case "explain":
            from shapelens.commands.explain import run
        case "summary":
            from shapelens.commands.summary import run
        case "rules":
            from shapelens.commands.rules import run
        case _:
            print(f"shapelens {__version__}")
            return CLEAN
    return run(options)


def _speak_utf8() -> None:
    """Shapes and carets need no more than UTF-8, which consoles and pipes of Windows do not always speak."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            encoding = (getattr(stream, "encoding", "") or "").lower().replace("-", "")
            reconfigure(errors="replace", **({} if encoding == "utf8" or stream.isatty() else {"encoding": "utf-8"}))


def _descriptor(stream: object) -> int:
    try:
        return stream.fileno()  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return os.open(os.devnull, os.O_WRONLY)


_CHECK = "Find the calls that raise. Exit code: 0 clean, 1 errors or warnings, 2 misuse, 101 a bug of shapelens."
_SUMMARY = (
    "Tell what model.summary() would print of the models of a file, without running it. NAME is a variable that holds a "
    "model, or a function that gives one (with its defaults, if nothing calls it); without it, all of them. "
    "Exit code: 0, 1 where there is no such model, 2 misuse, 101 a bug of shapelens."
)
_EXPLAIN = (
    "Tell how the value at a place comes about, from the inputs on, and why a call there raises. "
    "LINE and COL count from 1, as the output of 'shapelens check' does. "
    "Of a CODE, such as channel-mismatch, its page is printed: what it means, an example, and the example repaired."
)
