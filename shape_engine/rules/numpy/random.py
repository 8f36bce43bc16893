"""NumPy's random numbers: the functions of numpy.random and the methods of a Generator or RandomState."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...dtypes import dtype_name
from ...formulas.creation import steps
from ...rule import MISSING, Call, ClassRule, class_rule
from ...shape import Shape, Unranked
from ...value import BoundMethod, Instance, Known, Tensor, Unknown, Value
from ..arrays import as_dims, check_lengths, common_shape, definer, number, operand

define = definer("numpy", "numpy")

# The functions of numpy.random are methods of a RandomState; both APIs share their rules.


@define("numpy.random.rand", "numpy.random.randn", "numpy.random.RandomState.rand", "numpy.random.RandomState.randn")
def rand(call: Call, *dims: Value) -> Value:
    """``rand(2, 3)``: the lengths one by one; a float without any."""
    if not dims:
        return Unknown("a random number")
    return Tensor(check_lengths(as_dims(call, dims), "rand", "dims"), "float64", "numpy")


@define(
    "numpy.random.random", "numpy.random.random_sample", "numpy.random.ranf", "numpy.random.sample", dtype="float64"
)
@define("numpy.random.RandomState.random", "numpy.random.RandomState.random_sample", dtype="float64")
@define("numpy.random.standard_normal", "numpy.random.RandomState.standard_normal", dtype="float64")
@define("numpy.random.standard_cauchy", "numpy.random.standard_exponential", dtype="float64")
def sample(call: Call, size: Value = None, *, dtype: str) -> Value:
    """``random((2, 3))``: a shape; a float without one."""
    return _of_size(call, size, dtype)


@define(
    "numpy.random.Generator.random",
    "numpy.random.Generator.standard_normal",
    "numpy.random.Generator.standard_exponential",
)
def generator_sample(
    call: Call, self: Value, size: Value = None, dtype: Value = None, out: Value = None, **_: Value
) -> Value:
    """The same of a Generator, which takes a dtype."""
    return _of_size(call, size, "float64" if dtype is None else dtype_name(dtype))


@define("numpy.random.normal", "numpy.random.uniform", "numpy.random.laplace", "numpy.random.logistic", dtype="float64")
@define("numpy.random.gumbel", "numpy.random.lognormal", "numpy.random.beta", "numpy.random.gamma", dtype="float64")
@define(
    "numpy.random.RandomState.normal",
    "numpy.random.RandomState.uniform",
    "numpy.random.RandomState.beta",
    dtype="float64",
)
@define("numpy.random.binomial", "numpy.random.negative_binomial", dtype="int64")
def two_parameters(
    call: Call, a: Value = None, b: Value = None, size: Value = None, *, dtype: str, **named: Value
) -> Value:
    """A distribution with two parameters, which broadcast where no size is given."""
    return _drawn(call, [a, b, *named.values()], size, dtype)


@define(
    "numpy.random.Generator.normal", "numpy.random.Generator.uniform", "numpy.random.Generator.beta", dtype="float64"
)
@define(
    "numpy.random.Generator.lognormal",
    "numpy.random.Generator.gamma",
    "numpy.random.Generator.laplace",
    dtype="float64",
)
@define("numpy.random.Generator.binomial", dtype="int64")
def generator_two_parameters(
    call: Call, self: Value, a: Value = None, b: Value = None, size: Value = None, *, dtype: str, **named: Value
) -> Value:
    """The same of a Generator."""
    return _drawn(call, [a, b, *named.values()], size, dtype)


@define(
    "numpy.random.exponential",
    "numpy.random.rayleigh",
    "numpy.random.standard_t",
    "numpy.random.chisquare",
    dtype="float64",
)
@define("numpy.random.poisson", "numpy.random.geometric", dtype="int64")
def one_parameter(call: Call, a: Value = None, size: Value = None, *, dtype: str, **named: Value) -> Value:
    """A distribution with one parameter."""
    return _drawn(call, [a, *named.values()], size, dtype)


@define("numpy.random.Generator.exponential", dtype="float64")
@define("numpy.random.Generator.poisson", dtype="int64")
def generator_one_parameter(
    call: Call, self: Value, a: Value = None, size: Value = None, *, dtype: str, **named: Value
) -> Value:
    """The same of a Generator."""
    return _drawn(call, [a, *named.values()], size, dtype)


@define("numpy.random.randint", "numpy.random.random_integers", "numpy.random.RandomState.randint")
def randint(call: Call, low: Value, high: Value = None, size: Value = None, dtype: Value = None) -> Value:
    """Whole numbers from ``low`` up to ``high``."""
    return _drawn(call, [low, high], size, "int64" if dtype is None else dtype_name(dtype))


@define("numpy.random.Generator.integers")
def integers(
    call: Call,
    self: Value,
    low: Value,
    high: Value = None,
    size: Value = None,
    dtype: Value = None,
    endpoint: Value = False,
) -> Value:
    """Whole numbers of a Generator."""
    return _drawn(call, [low, high], size, "int64" if dtype is None else dtype_name(dtype))


@define("numpy.random.choice", "numpy.random.RandomState.choice")
def choice(call: Call, a: Value, size: Value = None, replace: Value = True, p: Value = None) -> Value:
    """Entries of a row, or numbers below ``a``."""
    x = operand(a, "numpy", call)
    dtype = "int64" if isinstance(a, int) else x.dtype
    return _of_size(call, size, dtype)


@define("numpy.random.Generator.choice")
def generator_choice(
    call: Call,
    self: Value,
    a: Value,
    size: Value = None,
    replace: Value = True,
    p: Value = None,
    axis: Value = 0,
    **_: Value,
) -> Value:
    """Entries along an axis of an array of any rank."""
    x = operand(a, "numpy", call)
    rest: Any = ()
    if not isinstance(x.shape, Shape) or number(axis) != 0:
        return Tensor(Unranked("the rank is not known"), x.dtype, "numpy")
    rest = x.shape[1:]
    if size is None:
        return Tensor(Shape(rest), x.dtype, "numpy") if rest else Unknown("a random number")
    dims = check_lengths(as_dims(call, size), "choice", "size")
    return Tensor(Shape((*dims, *rest)) if isinstance(dims, Shape) else dims, x.dtype, "numpy")


@define("numpy.random.permutation", "numpy.random.RandomState.permutation")
def permutation(call: Call, x: Value) -> Tensor:
    """A row of numbers, or the entries of an array along its first axis, in another order."""
    return _permuted(call, x)


@define("numpy.random.Generator.permutation", "numpy.random.Generator.permuted")
def generator_permutation(call: Call, self: Value, x: Value, axis: Value = 0, **_: Value) -> Tensor:
    """The same of a Generator."""
    return _permuted(call, x)


@define("numpy.random.seed", "numpy.random.shuffle", "numpy.random.set_state")
@define("numpy.random.Generator.shuffle", "numpy.random.RandomState.shuffle", "numpy.random.RandomState.seed")
def shuffle(call: Call, *args: Value, **kwargs: Value) -> Value:
    """Changes the array, or the generator, itself."""
    return None


@define("numpy.random.dirichlet")
def dirichlet(call: Call, alpha: Value, size: Value = None) -> Tensor:
    """Vectors of the length of ``alpha``."""
    return multivariate_normal(call, alpha, None, size)


@define("numpy.random.multinomial")
def multinomial(call: Call, n: Value, pvals: Value, size: Value = None) -> Tensor:
    """Counts for each of the probabilities."""
    found = multivariate_normal(call, pvals, None, size)
    return Tensor(found.shape, "int64", "numpy")


@define("numpy.random.multivariate_normal")
def multivariate_normal(call: Call, mean: Value, cov: Value, size: Value = None, **_: Value) -> Tensor:
    """Vectors of the length of ``mean``."""
    length = operand(mean, "numpy", call).shape
    dims = Shape(()) if size is None else check_lengths(as_dims(call, size), "normal", "size")
    known = isinstance(length, Shape) and isinstance(dims, Shape)
    return Tensor(Shape((*dims, *length)) if known else Unranked("the size is not known"), "float64", "numpy")  # type: ignore[misc]


@class_rule("numpy.random.Generator")
class Generator(ClassRule):
    """A generator of random numbers; its methods are registered under its name."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """The seed makes no difference to shapes."""

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """A method that some rule models."""
        from ...rule import REGISTRY

        target = f"{self.target}.{name}"
        return BoundMethod(Known(target), obj) if REGISTRY.find(target) is not None else MISSING


@class_rule("numpy.random.RandomState")
class RandomState(ClassRule):
    """The generator behind the functions of numpy.random, which are its methods."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """The seed makes no difference to shapes."""

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """A function of numpy.random."""
        from ...rule import REGISTRY

        return Known(f"numpy.random.{name}") if REGISTRY.find(f"numpy.random.{name}") is not None else MISSING


@define("numpy.random.default_rng")
def default_rng(call: Call, seed: Value = None) -> Value:
    """A new Generator."""
    return call.new(Known("numpy.random.Generator"))


def _of_size(call: Call, size: Value, dtype: str | None) -> Value:
    if size is None:
        return Unknown("a random number")
    return Tensor(check_lengths(as_dims(call, size), "random", "size"), dtype, "numpy")


def _drawn(call: Call, parameters: Sequence[Value], size: Value, dtype: str | None) -> Value:
    if size is not None:
        return _of_size(call, size, dtype)
    tensors = [operand(part, "numpy", call) for part in parameters if part is not None]
    shape = common_shape(tensors, "ufunc")
    return Unknown("a random number") if shape == Shape(()) else Tensor(shape, dtype, "numpy")


def _permuted(call: Call, x: Value) -> Tensor:
    x = number(x)
    if isinstance(x, int) or not isinstance(x, (Tensor, tuple, list)):
        if isinstance(x, int) and x < 0:
            return Tensor(Shape((0,)), "int64", "numpy")
        return Tensor(Shape((steps(0, x, 1) if isinstance(x, int) else call.symbol(),)), "int64", "numpy")
    tensor = operand(x, "numpy", call)
    return Tensor(tensor.shape, tensor.dtype, "numpy")
