"""How much of what really happens does the engine know?  Observed expressions: known and right, unknown, wrong.

    python benchmarks/coverage.py FILE... [--call "model = build(num_classes=10)"]
    python benchmarks/coverage.py FILE... --page docs/coverage-programs.md
    python benchmarks/coverage.py --applications [--all] [--as-is] [--markdown] [--unknown 20]

A program is run under the real framework with every expression witnessed (``witness.py``), and read by the
engine.  What is counted is an *observed expression*: a place in the file (a name that is read, a call, a
subscript, ...) that gave a tensor at least once.  On both sides it may have been evaluated often, with different
shapes; R are the real shapes, V the engine's (the variants that it keeps apart, and the shape that it shows, the
join of them all, in which a length that differs is a symbol).  An expression is

* *right* if every shape of R is in V exactly, length by length, None where the framework leaves one open;
  or if the shape shown has the right rank, has each length on which R agrees, and a symbol on the axes
  where the shapes of R differ;
* *right*, too, where a shape of R is not in V, but one is that leaves the lengths open in which they differ:
  a model that Keras has made with (None, 10) and that is then called with (16, 10) shows (None, 10);
* *wrong* if some shape of R contradicts all of V and the shape shown too: another rank, or another length;
* *unknown* otherwise: nothing is observed there, the rank is not known, or a length is a symbol that is a number.

``--call`` is program text that both sides append to the file.  With ``--as-is`` the engine gets the file without
it, as an editor shows it: what nothing calls runs with its defaults and assumed arguments.  Then the engine sees
more or other contexts than the real run, and may keep fewer variants than it saw.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "server"), str(HERE.parent / "tests")]

from oracle.process import SURROUNDINGS  # noqa: E402

from shape_engine import Engine, Settings  # noqa: E402
from shape_engine.dim import is_dim, is_dynamic, is_symbolic  # noqa: E402
from shape_engine.shape import Shape  # noqa: E402
from shape_engine.snapshot import Observation, Snapshot  # noqa: E402
from shape_engine.value import Tensor, Value  # noqa: E402

Place = tuple[int, int, int, int]
Seen = dict[Place, set[tuple["int | None", ...]]]
"""As ``witness.py`` has them."""

RIGHT, UNKNOWN, WRONG = "right", "unknown", "wrong"
BY_JOIN = "by the join"
"""Why an expression is right of which the engine does not know each shape, but what is common to them."""

PREPROCESSING = """
import keras
import numpy as np
for mode in ("caffe", "tf", "torch"):
    preprocess_input(np.ones((2, 8, 8, 3)), mode=mode)
    preprocess_input(keras.Input((8, 8, 3)), mode=mode)
    preprocess_input(np.ones((2, 3, 8, 8)), data_format="channels_first", mode=mode)
"""
APPLICATIONS: dict[str, tuple[str, ...]] = {
    "convnext": ("ConvNeXtTiny",),
    "densenet": ("DenseNet121",),
    "efficientnet": ("EfficientNetB0",),
    "efficientnet_v2": ("EfficientNetV2B0", "EfficientNetV2S"),
    "inception_resnet_v2": ("InceptionResNetV2",),
    "inception_v3": ("InceptionV3",),
    "mobilenet": ("MobileNet",),
    "mobilenet_v2": ("MobileNetV2",),
    "mobilenet_v3": ("MobileNetV3Small", "MobileNetV3Large"),
    "nasnet": ("NASNetMobile",),
    "resnet": ("ResNet50",),
    "resnet_v2": ("ResNet50V2",),
    "vgg16": ("VGG16",),
    "vgg19": ("VGG19",),
    "xception": ("Xception",),
    "imagenet_utils": (),
}
"""The public builders that are called in each file: the smallest of each family."""
VARIATIONS = (
    'include_top=False, pooling="avg"',
    'include_top=False, input_shape=(96, 160, 3), pooling="max"',
    "classes=10",
)
"""Other arguments with which ``--all`` calls the smallest builder of each file."""


@dataclass(frozen=True)
class Job:
    """A file, the module that it is (None for a program), and what to call in it."""

    file: Path
    module: str | None = None
    calls: str = ""


@dataclass
class Verdict:
    """What became of one observed expression."""

    place: Place
    text: str
    kind: str
    real: list[tuple[int | None, ...]]
    shown: str
    why: str = ""


@dataclass
class Coverage:
    """All observed expressions of one file."""

    name: str
    verdicts: list[Verdict] = field(default_factory=list)
    error: str | None = None
    findings: int = 0

    def count(self, kind: str) -> int:
        return sum(verdict.kind == kind for verdict in self.verdicts)


def witnessed(jobs: list[Job], python: str = sys.executable) -> list[tuple[Seen, str | None]]:
    """Run the jobs in another process, under the framework that ``python`` has."""
    told = [{"file": str(job.file), "module": job.module, "calls": job.calls} for job in jobs]
    quiet = {**SURROUNDINGS, "KERAS_BACKEND": "tensorflow"}
    with tempfile.TemporaryDirectory() as folder:
        asked, outcome = Path(folder, "jobs.json"), Path(folder, "outcome.json")
        asked.write_text(json.dumps(told), encoding="utf-8")
        command = [python, str(HERE / "witness.py"), str(asked), str(outcome)]
        subprocess.run(command, check=True, env={**quiet, **os.environ}, stdout=subprocess.DEVNULL)
        found = json.loads(outcome.read_text(encoding="utf-8"))
    return [({tuple(p): set(map(tuple, r)) for *p, r in one["seen"]}, one["error"]) for one in found]  # type: ignore[misc]


def believed(job: Job, *, as_is: bool = False) -> tuple[str, Snapshot]:
    """What the engine says about a file, its sibling modules found as the server finds them."""
    from shapelens.names import JediNames

    text = job.file.read_text(encoding="utf-8")
    if job.calls and not as_is:
        text += f"\n\n{job.calls}\n"
    names = JediNames(job.file.parent, blocking=True)
    return text, Engine(names, Settings()).update(job.file.as_uri(), 1, text)


def compare(name: str, seen: Seen, text: str, snapshot: Snapshot) -> Coverage:
    """Judge every expression that was observed for real."""
    shown = {
        (o.span.line, o.span.column, o.span.end_line, o.span.end_column): o
        for o in snapshot.observations
        if not o.target
    }
    lines = text.splitlines()
    coverage = Coverage(name, findings=len(snapshot.findings))
    for place, real in sorted(seen.items()):
        observation = shown.get(place)
        kind, why = judge(real, observation)
        value = "nothing" if observation is None else _worded(observation)
        where = lines[place[0] - 1][place[1] : place[3] if place[2] == place[0] else None]
        coverage.verdicts.append(Verdict(place, where, kind, sorted(real, key=repr), value, why))
    return coverage


def judge(real: set[tuple[int | None, ...]], observation: Observation | None) -> tuple[str, str]:
    """Right, unknown or wrong, as the head of this file defines them, and why it is not right."""
    if observation is None:
        return UNKNOWN, "nothing observed"
    values: list[Value] = [*observation.variants, observation.value]
    shapes = [v.shape for v in values if isinstance(v, Tensor) and isinstance(v.shape, Shape)]
    anything = len(shapes) < len(values)  # one of them is no tensor, or of unknown rank: it contradicts nothing
    if not anything:
        for one in real:
            if not any(_allows(shape, other) for shape in shapes for other in _general(one, real)):
                return WRONG, f"{one} cannot be"
    if all(any(_is(shape, other) for shape in shapes for other in _general(one, real)) for one in real):
        return RIGHT, ""
    last = observation.value
    if isinstance(last, Tensor) and isinstance(last.shape, Shape) and _joins(last.shape, real):
        return RIGHT, BY_JOIN
    if not shapes:
        return UNKNOWN, "rank" if isinstance(last, Tensor) else "no tensor"
    return UNKNOWN, "some length" if any(len(s) == len(r) for s in shapes for r in real) else "rank"


def _general(one: tuple[int | None, ...], real: set[tuple[int | None, ...]]) -> list[tuple[int | None, ...]]:
    """The real shapes of which one is an instance, itself among them: lengths may be open there."""
    return [
        other
        for other in real
        if len(other) == len(one) and all(b in (None, a) for a, b in zip(one, other, strict=True))
    ]


def _allows(shape: Shape, real: tuple[int | None, ...]) -> bool:
    """Whether nothing in a shape of the engine's contradicts the real one."""
    if len(shape) != len(real):
        return False
    for dim, length in zip(shape, real, strict=True):
        if is_dynamic(dim):
            if length is not None:
                return False
        elif is_dim(dim) and not is_symbolic(dim) and dim != length:
            return False
    return True


def _is(shape: Shape, real: tuple[int | None, ...]) -> bool:
    """Whether the engine knows exactly this."""
    if len(shape) != len(real):
        return False
    return all(
        is_dynamic(dim) if length is None else not is_symbolic(dim) and dim == length
        for dim, length in zip(shape, real, strict=True)
    )


def _joins(shape: Shape, real: set[tuple[int | None, ...]]) -> bool:
    """Whether a shape says all that holds of several real ones, and nothing else."""
    if {len(one) for one in real} != {len(shape)}:
        return False
    for axis, dim in enumerate(shape):
        lengths = {one[axis] for one in real}
        if len(lengths) > 1:
            if not is_symbolic(dim) or is_dynamic(dim):
                return False
        elif not _is(Shape((dim,)), tuple(lengths)):
            return False
    return True


def _worded(observation: Observation) -> str:
    values = observation.variants or (observation.value,)
    words = [str(v.shape) if isinstance(v, Tensor) else type(v).__name__ for v in values]
    return " | ".join(dict.fromkeys(words[:4])) + (f" ... {len(words)}" if len(words) > 4 else "")


# the applications of keras


def applications(only: list[str], *, everything: bool = False) -> list[Job]:
    """The files of ``keras.applications``, each with the calls of its builders.

    With ``everything`` all the builders that a file exports are called, and the smallest one with other arguments.
    """
    spec = importlib.util.find_spec("keras")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("keras is not installed here")
    folder = Path(spec.submodule_search_locations[0]) / "src" / "applications"
    jobs = []
    for name, builders in APPLICATIONS.items():
        if only and name not in only:
            continue
        file = folder / f"{name}.py"
        lines = [f"{builder}(weights=None)" for builder in (exported(file) if everything else builders)]
        if everything and builders:
            lines += [f"{builders[0]}(weights=None, {arguments})" for arguments in VARIATIONS]
        jobs.append(Job(file, f"keras.src.applications.{name}", "\n".join(lines) or PREPROCESSING))
    return jobs


def exported(file: Path) -> list[str]:
    """The names of the public builders in a file: exported, and with a capital letter."""
    body = ast.parse(file.read_text(encoding="utf-8")).body
    return [s.name for s in body if isinstance(s, ast.FunctionDef) and s.decorator_list and s.name[0].isupper()]


def measure(jobs: list[Job], *, as_is: bool = False, cache: Path | None = None, group: int = 4) -> list[Coverage]:
    """Run and read every job; a few of them share a process, since a framework takes long to import."""
    outcomes: list[tuple[Seen, str | None]] = []
    if cache is not None and cache.exists():
        found = json.loads(cache.read_text(encoding="utf-8"))
        known = {file: ({tuple(p): set(map(tuple, r)) for *p, r in s}, e) for file, s, e in found}
        outcomes = [known[str(job.file)] for job in jobs]
    else:
        for start in range(0, len(jobs), group):
            outcomes += witnessed(jobs[start : start + group])
        if cache is not None:
            told = [
                [str(j.file), [[*p, [list(x) for x in r]] for p, r in s.items()], e]
                for j, (s, e) in zip(jobs, outcomes, strict=True)
            ]
            cache.write_text(json.dumps(told), encoding="utf-8")
    found = []
    for job, (seen, error) in zip(jobs, outcomes, strict=True):
        coverage = compare(job.file.name, seen, *believed(job, as_is=as_is))
        coverage.error = error
        found.append(coverage)
    return found


def table(coverages: list[Coverage], *, markdown: bool = False) -> str:
    """One row for each file, and one for all of them."""
    bar = "| " if markdown else ""
    head = f"{bar}{'file':24}{bar}{'observed':>9}{bar}{'right':>7}{bar}{'unknown':>8}{bar}{'wrong':>6}{bar}{'share':>8}"
    rows = [head + (" |" if markdown else "")]
    if markdown:
        rows.append("|---|---:|---:|---:|---:|---:|")
    everything = Coverage("all", [verdict for coverage in coverages for verdict in coverage.verdicts])
    for one in (*coverages, everything):
        total = len(one.verdicts)
        share = f"{100 * one.count(RIGHT) / total:.1f} %" if total else "-"
        row = f"{bar}{one.name:24}{bar}{total:>9}{bar}{one.count(RIGHT):>7}{bar}{one.count(UNKNOWN):>8}"
        rows.append(row + f"{bar}{one.count(WRONG):>6}{bar}{share:>8}" + (" |" if markdown else ""))
    return "\n".join(rows)


PAGE = """# Coverage: programs that train

How much of what really happens in programs that prepare data, train a model and use the result does the engine know?
Each program in `tests/programs` runs under the framework with every expression witnessed, is read by the engine, and
both are compared; the words are those of [coverage-applications.md](coverage-applications.md), and so is the software.
`tests/test_programs.py` holds what is written here: nothing may be wrong, and no program may be found faulty.

    python benchmarks/coverage.py FILE... --page docs/coverage-programs.md

{table}

## What remains unknown

Most of it is one of these: lengths that depend on the numbers in an array (a mask, a threshold, a random corner); a
length asked of a tensor in a traced step, which is a tensor there and a number here; what `apply_gradients` gives.

{unknown}
"""


def page(jobs: list[Job], coverages: list[Coverage]) -> str:
    """The table, and of each program where something is unknown the places, after what its first line says of them."""
    paragraphs = []
    for job, one in zip(jobs, coverages, strict=True):
        missing = list(dict.fromkeys(v.text.splitlines()[0] for v in one.verdicts if v.kind != RIGHT))
        if missing:
            stated = re.match(r"# known: \d+ % \((.*)\)", job.file.read_text(encoding="utf-8"))
            shown = ", ".join(f"`{text}`" for text in sorted(missing, key=len)[:4])
            more = f" and {len(missing) - 4} more" if len(missing) > 4 else ""
            paragraphs.append(f"* `{one.name}`: {f'{stated[1]}: ' if stated else ''}{shown}{more}")
    return PAGE.format(table=table(coverages, markdown=True), unknown="\n".join(paragraphs) or "Nothing.")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", help="programs; with --applications, names of modules")
    parser.add_argument("--applications", action="store_true", help="the model builders of keras.applications")
    parser.add_argument("--all", action="store_true", help="every size of every family, and other arguments (slow)")
    parser.add_argument("--call", default="", help="program text to append to each file")
    parser.add_argument("--as-is", action="store_true", help="the engine gets the files without the calls")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("--unknown", type=int, default=0, help="list so many places that are not right, per file")
    parser.add_argument("--cache", type=Path, help="keep the outcome of the real runs in this file")
    parser.add_argument("--page", type=Path, help="write the table and what remains unknown to this file")
    args = parser.parse_args()
    jobs = (
        applications(args.files, everything=args.all)
        if args.applications
        else [Job(Path(f).resolve(), None, args.call) for f in args.files]
    )
    coverages = measure(jobs, as_is=args.as_is, cache=args.cache)
    if args.page is not None:
        args.page.write_text(page(jobs, coverages), encoding="utf-8")
    print(table(coverages, markdown=args.markdown))
    joined = sum(verdict.why == BY_JOIN for one in coverages for verdict in one.verdicts)
    print(f"\n{joined} of the right ones by the join: not each shape is kept, but what they have in common is right.")
    for one in coverages:
        if one.error:
            print(f"\n{one.name}: the real run ended early\n{one.error}", file=sys.stderr)
        if one.findings:
            print(f"{one.name}: {one.findings} findings of the engine")
        missing = [verdict for verdict in one.verdicts if verdict.kind != RIGHT]
        missing.sort(key=lambda verdict: verdict.kind != WRONG)
        for verdict in missing[: args.unknown]:
            real = ", ".join(map(str, verdict.real[:3]))
            print(f"{one.name}:{verdict.place[0]}:{verdict.place[1]}: {verdict.kind} ({verdict.why}): {verdict.text}")
            print(f"    really {real}{' ...' if len(verdict.real) > 3 else ''}; shown {verdict.shown}")
        reasons = Counter(verdict.why for verdict in missing)
        if args.unknown and reasons:
            print(f"{one.name}: {dict(reasons)}")


if __name__ == "__main__":
    main()
