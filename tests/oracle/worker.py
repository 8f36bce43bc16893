"""Runs programs on the real frameworks and tells what happened: the far end of ``oracle.process``.

One request per line on stdin, one answer per line on stdout, both JSON.  Frameworks print, so the
answers go to a duplicate of stdout, and stdout itself is turned over to stderr.  Started as a script,
because importing it must not need anything of the project.
"""

from __future__ import annotations

import ast
import json
import os
import sys
import traceback
import types
import warnings
from typing import Any

PROGRAM = "<program>"


def run(code: str, sizes: dict[str, Any], claimed: list[int], stop: bool) -> list[dict[str, Any]]:
    """Execute a program statement by statement; what happened, in order.

    Reported are the value of every statement that ends on a ``claimed`` line (inside functions too, each
    time it is reached), the value of the last statement if it is an expression (``"last": true``), and
    every exception.  With ``stop`` the first exception ends the program; without, the next statement runs.
    """
    happened: list[dict[str, Any]] = []

    def saw(line: int, value: Any) -> Any:
        happened.append({"line": line, **describe(value)})
        return value

    tree = ast.parse(code)
    last = tree.body[-1] if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    ends = _ends(tree)
    witness = Witness(set(claimed))
    module = types.ModuleType("__main__")
    scope = module.__dict__
    scope |= {"__saw__": saw, **sizes}
    for statement in tree.body:
        end = statement.end_lineno
        node = witness.visit(statement)
        try:
            if node is last:
                value = eval(compile(ast.Expression(node.value), PROGRAM, "eval"), scope)
                happened.append({"line": end, "last": True, **describe(value)})
            else:
                exec(compile(ast.Module([node], []), PROGRAM, "exec"), scope)
        except Exception as error:
            happened.append({"line": _line_of(error, ends), **failure(error)})
            if stop:
                break
    return happened


def describe(value: Any) -> dict[str, Any]:
    """A value as JSON: tensors by shape and dtype, containers by their items, the rest by repr."""
    if hasattr(value, "shape") and not isinstance(value, type) and not hasattr(value, "build"):
        try:
            dims = [None if dim is None else int(dim) for dim in value.shape]
            return {"kind": "shape", "shape": dims, "dtype": str(getattr(value, "dtype", None))}
        except Exception:  # a shape of unknown rank, or an attribute of that name with another meaning
            return {"kind": "value", "repr": repr(value)[:400]}
    if isinstance(value, (list, tuple)) or type(value).__name__ == "TensorShape":
        return {"kind": "items", "items": [describe(item) for item in value]}
    if isinstance(value, dict):
        return {"kind": "dict", "items": [[str(key), describe(item)] for key, item in value.items()]}
    if value is None or isinstance(value, (bool, int, float, str)):
        return {"kind": "value", "value": value, "repr": repr(value)}
    return {"kind": "value", "repr": repr(value)[:400]}


def failure(error: Exception) -> dict[str, Any]:
    """An exception as a user sees it."""
    return {"kind": "raise", "type": type(error).__name__, "text": str(error)}


def fresh() -> None:
    """Let automatic layer names start again at ``conv2d``, in every Keras that is loaded."""
    for name in ("keras", "tf_keras"):
        library = sys.modules.get(name)
        if library is None:
            continue
        clear = library.backend.clear_session
        if hasattr(library, "ops"):  # Keras 3: collecting garbage each time would cost 0.2 s
            clear(free_memory=False)
        else:
            clear()
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


def worn_out() -> bool:
    """Whether a program has switched TensorFlow to the ways of TF1, which nothing switches back."""
    tensorflow = sys.modules.get("tensorflow")
    return tensorflow is not None and not (tensorflow.executing_eagerly() and tensorflow.__internal__.tf2.enabled())


class Witness(ast.NodeTransformer):
    """Pass the value of every claimed statement through ``__saw__``."""

    def __init__(self, lines: set[int]):
        self.lines = lines

    def visit(self, node: ast.AST) -> Any:
        self.generic_visit(node)
        if (
            isinstance(node, (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr))
            and node.end_lineno in self.lines
            and node.value is not None
        ):
            saw = ast.Call(ast.Name("__saw__", ast.Load()), [ast.Constant(node.end_lineno), node.value], [])
            node.value = ast.fix_missing_locations(ast.copy_location(saw, node.value))
        return node


def _ends(tree: ast.Module) -> dict[int, int]:
    """For every line the last line of the innermost statement that it belongs to."""
    ends: dict[int, int] = {}
    for node in ast.walk(tree):  # breadth first: what is inside comes later and wins
        if isinstance(node, ast.stmt):
            last = node.end_lineno or node.lineno
            ends |= dict.fromkeys(range(node.lineno, last + 1), last)
    return ends


def _line_of(error: BaseException, ends: dict[int, int]) -> int | None:
    """Where in the program the exception left it: the innermost frame that belongs to the program."""
    if isinstance(error, SyntaxError):
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == PROGRAM]
    return ends.get(lines[-1], lines[-1]) if lines and lines[-1] else None


def main() -> None:
    """Answer requests until stdin ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        request = json.loads(line)
        fresh()
        try:
            answer: Any = run(request["code"], request["sizes"], request["claimed"], request["stop"])
        except SyntaxError as error:
            answer = [{"line": error.lineno, **failure(error)}]
        answers.write(json.dumps(answer) + "\n")
        if worn_out():
            os.dup2(answers.fileno(), 1)
            os.execv(sys.executable, [sys.executable, __file__])


if __name__ == "__main__":
    main()
