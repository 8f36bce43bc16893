"""Runs Python files with every expression witnessed: which tensors did it give, at which place in the text?

    python benchmarks/witness.py jobs.json outcome.json

``jobs.json`` is a list of ``{"file", "module", "calls"}``.  With a module name the file is imported as that
module (a part of an installed package), otherwise it is run as a program; ``calls`` is program text that is
then run in its namespace, not witnessed.  ``outcome.json`` tells for each job the shapes seen at each span and
how it ended.  Nothing of the program changes but that each expression goes through a function which returns it.

Functions whose source a framework compiles itself (``tf.function`` with autograph, ``torch.jit.script``) are
converted from the text on disk, so that nothing is seen inside them.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import sys
import traceback
import types
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

WITNESS = "__witness__"
Place = tuple[int, int, int, int]
"""First line (from 1), first column (from 0, in code points), last line, column after the end."""
Seen = dict[Place, set[tuple["int | None", ...]]]
"""The shapes seen at a place, None for a length that the framework leaves open."""


class Rewriter(ast.NodeTransformer):
    """Wraps the expressions of a program: ``x`` becomes ``__witness__(number, x)``.

    Left alone are constants, tuples and lists (they are no tensors themselves), annotations, patterns,
    decorators, and what is no expression by itself (starred arguments, slices, formats).
    """

    def __init__(self, text: str):
        self.lines = text.splitlines(keepends=True)
        self.places: list[Place] = []

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, (ast.Constant, ast.pattern)):
            return node
        place = self._place(node) if isinstance(node, ast.expr) else None
        node = super().visit(node)
        if place is None or not _is_wrapped(node):
            return node
        self.places.append(place)
        number = ast.Constant(len(self.places) - 1)
        call = ast.Call(ast.Name(WITNESS, ast.Load()), [number, node], [])
        return ast.fix_missing_locations(ast.copy_location(call, node))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                part.value = self.visit(part.value)  # its format is no expression
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.target = self.visit(node.target)
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return node

    def visit_FunctionDef(self, node: Any) -> ast.AST:
        node.args = self.visit(node.args)
        node.body = [self.visit(statement) for statement in node.body]
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.body = [self.visit(statement) for statement in node.body]
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            return node
        return self.generic_visit(node)

    def _place(self, node: Any) -> Place:
        return (
            node.lineno,
            self._column(node.lineno, node.col_offset),
            node.end_lineno,
            self._column(node.end_lineno, node.end_col_offset),
        )

    def _column(self, line: int, column: int) -> int:
        text = self.lines[line - 1]
        return column if text.isascii() else len(text.encode()[:column].decode())


def _is_wrapped(node: Any) -> bool:
    if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
        return isinstance(node.ctx, ast.Load)
    left_alone = (ast.Starred, ast.Slice, ast.Tuple, ast.List, ast.JoinedStr, ast.FormattedValue, ast.Constant)
    return isinstance(node, ast.expr) and not isinstance(node, left_alone)


def rewrite(text: str, filename: str) -> tuple[types.CodeType, list[Place]]:
    """The program with witnesses, and the places that they stand for."""
    rewriter = Rewriter(text)
    tree = rewriter.visit(ast.parse(text, filename))
    return compile(tree, filename, "exec", dont_inherit=True), rewriter.places


class Record:
    """What the witnesses of one file saw.  Each file that is witnessed has witnesses of its own."""

    def __init__(self) -> None:
        self.seen: Seen = {}
        self.at_import: Seen = {}

    def restart(self) -> None:
        """Forget what was seen, but for what the file itself did when it was imported."""
        self.seen = {place: set(shapes) for place, shapes in self.at_import.items()}

    def witness(self, places: list[Place]) -> Callable[[int, Any], Any]:
        """The function to call as ``__witness__`` in the file with these places."""

        def saw(number: int, value: Any) -> Any:
            shape = shape_of(value)
            if shape is not None:
                self.seen.setdefault(places[number], set()).add(shape)
            return value

        return saw


def shape_of(value: Any) -> tuple[int | None, ...] | None:
    """The shape of a tensor of any framework; None for anything else, and for a tensor of unknown rank."""
    if not any(_is_tensor(kind.__module__, kind.__name__) for kind in type(value).__mro__):
        return None
    try:
        shape = value.shape
        return tuple(None if dim is None else int(dim) for dim in shape)
    except (ValueError, TypeError):  # a tf.Tensor of unknown rank; a ragged one
        return None


def _is_tensor(module: str, name: str) -> bool:
    top = module.partition(".")[0]
    return (
        (top in ("keras", "tf_keras") and name in ("KerasTensor", "KerasVariable"))
        or (top == "tensorflow" and name in ("Tensor", "ResourceVariable", "BaseResourceVariable"))
        or (top == "torch" and name == "Tensor")
        or (top == "numpy" and name == "ndarray")
    )


class _Loader(importlib.machinery.SourceFileLoader):
    """Imports a module with witnesses in it."""

    record: Record

    def get_code(self, fullname: str) -> Any:
        path = self.get_filename(fullname)
        code, self.places = rewrite(self.get_source(fullname), path)
        return code

    def exec_module(self, module: types.ModuleType) -> None:
        code = self.get_code(module.__name__)
        setattr(module, WITNESS, self.record.witness(self.places))
        exec(code, module.__dict__)
        self.record.at_import = {place: set(shapes) for place, shapes in self.record.seen.items()}


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the modules to be witnessed before Python's own finders do."""

    def __init__(self, records: dict[str, tuple[str, Record]]):
        self.records = records

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname not in self.records:
            return None
        file, record = self.records[fullname]
        loader = _Loader(fullname, file)
        loader.record = record
        return importlib.util.spec_from_file_location(fullname, file, loader=loader)


def run(jobs: Iterable[dict[str, Any]]) -> list[tuple[Seen, str | None]]:
    """Run each job; what was seen, and the traceback of the exception that ended it."""
    jobs = list(jobs)
    records = [Record() for _ in jobs]
    by_module = {job["module"]: (job["file"], rec) for job, rec in zip(jobs, records, strict=True) if job["module"]}
    finder = _Finder(by_module)
    sys.meta_path.insert(0, finder)
    outcomes: list[tuple[Seen, str | None]] = []
    try:
        for job, record in zip(jobs, records, strict=True):
            error = None
            record.restart()  # what another job did in this file is not what this job does
            try:
                namespace = _namespace(job, record)
                if job["calls"]:
                    exec(compile(job["calls"], "<calls>", "exec"), namespace)
            except (Exception, SystemExit):
                error = traceback.format_exc()
            outcomes.append((record.seen, error))
            record.seen = {}
    finally:
        sys.meta_path.remove(finder)
    return outcomes


def _namespace(job: dict[str, Any], record: Record) -> dict[str, Any]:
    """The names of the file once it has been run."""
    if job["module"]:
        return importlib.import_module(job["module"]).__dict__
    path = Path(job["file"])
    code, places = rewrite(path.read_text(encoding="utf-8"), str(path))
    module = types.ModuleType("__main__")
    module.__dict__.update({"__file__": str(path), WITNESS: record.witness(places), "__builtins__": builtins})
    before, argv = sys.modules.get("__main__"), sys.argv
    sys.path.insert(0, str(path.parent))
    sys.modules["__main__"], sys.argv = module, [str(path)]
    try:
        exec(code, module.__dict__)
    finally:
        sys.path.remove(str(path.parent))
        sys.argv = argv
        if before is not None:
            sys.modules["__main__"] = before
    return module.__dict__


def main(jobs: str, outcome: str) -> None:
    """Run the jobs of a file, write what was seen."""
    found = [
        {"seen": [[*place, sorted(map(list, shapes), key=repr)] for place, shapes in seen.items()], "error": error}
        for seen, error in run(json.loads(Path(jobs).read_text(encoding="utf-8")))
    ]
    Path(outcome).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    sys.path.remove(str(Path(__file__).resolve().parent))  # a program that imports "coverage" means the package
    main(*sys.argv[1:])
