"""The measure of coverage itself: what it sees of a program, and that it tells right, unknown and wrong apart."""

from __future__ import annotations

import importlib.util
import sys
import textwrap
from pathlib import Path

import pytest

from shape_engine.dim import Symbol
from shape_engine.shape import Shape, Unranked
from shape_engine.snapshot import Observation
from shape_engine.value import Span, Tensor

np = pytest.importorskip("numpy")


def benchmark(name):
    """A program of the folder of benchmarks, under a name of its own: ``coverage`` is also a package."""
    path = Path(__file__).resolve().parent.parent / "benchmarks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", path)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


witness, tool = benchmark("witness"), benchmark("coverage")
RIGHT, UNKNOWN, WRONG, Job = tool.RIGHT, tool.UNKNOWN, tool.WRONG, tool.Job
believed, compare, judge, table, witnessed = tool.believed, tool.compare, tool.judge, tool.table, tool.witnessed
rewrite, shape_of = witness.rewrite, witness.shape_of

PROGRAM = '''\
"""A docstring stays the docstring."""
from __future__ import annotations

import numpy as np


class Base:
    scale: int = 2

    def run(self, x):
        return x * self.scale


class Child(Base):
    def run(self, x, *rest, axis=-1, **options):
        """Doc."""
        y = super().run(x)
        return np.concatenate([y, *rest], axis=axis)


def twice(x):
    for _ in range(2):
        yield x


first = Child().run(np.zeros((2, 3)), np.ones((2, 4)))
é = "ü" and np.zeros((5, 1)); late = é[:, 0]
parts = [part[..., None] for part in twice(first) if (n := part.ndim) == 2]
text = f"{first.shape!r:>10} {n}"
match first.shape:
    case (2, width):
        first = first.reshape(width, 2)
first += (lambda v: v)(1)
first[0:1, :] = np.zeros((1, 2))
'''


@pytest.fixture
def program(tmp_path):
    def write(text, name="program.py"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """The program above, run with witnesses."""
    path = tmp_path_factory.mktemp("witnessed") / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    ((seen, error),) = witnessed([Job(path)])
    return seen, error


def shapes_of(seen, line, text):
    """The shapes at the expression with this text on a line."""
    source = PROGRAM.splitlines()[line - 1]
    column = source.index(text)
    return seen.get((line, column, line, column + len(text)))


def line_of(text):
    return next(number for number, line in enumerate(PROGRAM.splitlines(), 1) if text in line)


def test_a_witnessed_program_does_what_it_did():
    plain, witnessed_ = {"__name__": "m"}, {"__name__": "m", "__witness__": lambda number, value: value}
    exec(compile(PROGRAM, "program.py", "exec", dont_inherit=True), plain)
    code, places = rewrite(PROGRAM, "program.py")
    exec(code, witnessed_)
    assert len(places) > 30
    for name in ("first", "é", "late", "text", "parts", "n", "__doc__"):
        assert repr(plain[name]) == repr(witnessed_[name]), name
    assert witnessed_["Child"].run.__doc__ == "Doc."


def test_every_tensor_is_seen_where_it_stands(outcome):
    seen, error = outcome
    assert error is None
    assert shapes_of(seen, line_of("return x * self.scale"), "x * self.scale") == {(2, 3)}
    assert shapes_of(seen, line_of("np.concatenate"), "np.concatenate([y, *rest], axis=axis)") == {(2, 7)}
    late = line_of("late = ")
    assert shapes_of(seen, late, "np.zeros((5, 1))") == {(5, 1)}
    assert shapes_of(seen, late, "é[:, 0]") == {(5,)}, "columns count code points"
    assert shapes_of(seen, line_of("parts = "), "part[..., None]") == {(2, 7, 1)}
    assert shapes_of(seen, line_of("yield x"), "x") == {(2, 7)}
    assert shapes_of(seen, line_of("first.reshape"), "first.reshape(width, 2)") == {(7, 2)}


def test_what_is_no_tensor_is_not_seen(outcome):
    seen, _ = outcome
    assert shapes_of(seen, line_of("first = Child()"), "Child()") is None
    assert shapes_of(seen, line_of("super().run"), "super()") is None
    assert shape_of([1, 2]) is None
    assert shape_of(np.float32(1)) is None
    assert shape_of(np.zeros((2, 1))) == (2, 1)


def test_an_exception_ends_the_run_and_is_told(program):
    ((seen, error),) = witnessed([Job(program("import numpy as np\nx = np.zeros(3)\nx.reshape(2, 2)\nx + 1\n"))])
    assert "cannot reshape" in error
    assert {place[0] for place in seen} == {2, 3}


def test_measured(program):
    path = program(
        """\
        import numpy as np
        from beside import widen

        def double(x):
            return np.concatenate([x, x])

        a = double(np.zeros((2, 3)))
        b = widen(double(np.zeros((4, 3))))
        c = np.zeros(np.random.randint(5, 6))
        d = b @ c[:2]
        """
    )
    program("import numpy as np\ndef widen(x):\n    return np.zeros((len(x), 2))\n", "beside.py")
    job = Job(path, calls="e = double(np.zeros((1, 9)))\ne.T")
    ((seen, error),) = witnessed([job])
    assert error is None
    assert seen[5, 11, 5, 33] == {(4, 3), (8, 3), (2, 9)}
    coverage = compare("program.py", seen, *believed(job))
    kinds = {verdict.text: verdict.kind for verdict in coverage.verdicts}
    assert kinds["np.concatenate([x, x])"] == RIGHT
    assert kinds["widen(double(np.zeros((4, 3))))"] == RIGHT
    assert kinds["np.zeros(np.random.randint(5, 6))"] == UNKNOWN
    assert coverage.count(WRONG) == 0
    assert f"{len(coverage.verdicts)}" in table([coverage])


def test_a_false_claim_is_wrong(program):
    """The engine is asked about another text than the one that is run."""
    path = program("import numpy as np\nx = np.zeros((2, 3))\ny = x + 1\n")
    ((seen, _),) = witnessed([Job(path)])
    path.write_text("import numpy as np\nx = np.zeros((2, 4))\ny = x + 1\n", encoding="utf-8")
    coverage = compare("program.py", seen, *believed(Job(path)))
    assert {verdict.kind for verdict in coverage.verdicts} == {WRONG}


n, free = Symbol(None, "n"), Symbol(None, "b", dynamic=True)


def observed(*shapes, shown=None):
    values = [shape if isinstance(shape, Unranked) else Shape(shape) for shape in shapes]
    tensors = [Tensor(shape, None, "keras") for shape in values]
    value = tensors[-1] if shown is None else Tensor(Shape(shown), None, "keras")
    return Observation(Span(1, 0, 1, 1), "x", value, variants=tuple(tensors) if len(tensors) > 1 else ())


@pytest.mark.parametrize(
    ("real", "seen", "kind"),
    [
        ([(None, 3)], observed((free, 3)), RIGHT),
        ([(None, 3)], observed((n, 3)), UNKNOWN),
        ([(2, 3)], observed((n, 3)), UNKNOWN),
        ([(2, 3)], observed((free, 3)), WRONG),
        ([(2, 3)], observed((2, 4)), WRONG),
        ([(2, 3)], observed((2, 3, 1)), WRONG),
        ([(2, 3)], observed(Unranked()), UNKNOWN),
        ([(2, 3)], None, UNKNOWN),
        ([(2, 3), (4, 3)], observed((2, 3), (4, 3), shown=(n, 3)), RIGHT),
        ([(2, 3), (4, 3)], observed((n, 3)), RIGHT),
        ([(2, 3), (4, 3)], observed((n, n)), UNKNOWN),
        ([(2, 3), (4, 3)], observed((2, 3)), WRONG),
        ([(2, 3)], observed((5, 3), (7, 3), shown=(n, 3)), UNKNOWN),
        ([(2, 3)], observed((5, 3), Unranked(), shown=(n, 3)), UNKNOWN),
        ([(None, 3), (16, 3)], observed((free, 3)), RIGHT),
        ([(None, 3), (16, 4)], observed((free, 3)), WRONG),
        ([(None, 3), (16, 3)], observed((8, 3)), WRONG),
        ([(None, 3), (16, 3)], observed((n, 3)), RIGHT),
        ([(2, 3), (2, 3, 1)], observed((2, 3), (2, 3, 1)), RIGHT),
        ([(2, 3), (2, 3, 1)], observed(Unranked()), UNKNOWN),
    ],
)
def test_judged(real, seen, kind):
    assert judge(set(real), seen)[0] == kind
