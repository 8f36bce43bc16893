"""What the array rules of every framework do with their arguments: numbers, nested sequences and tensors alike."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar

from ..dim import Dim, Symbol, is_dim, is_symbolic, surely_equal
from ..dtypes import numpy_default, promoted, python_dtype, tf_default, weakly_promoted
from ..evidence import report
from ..formulas.broadcast import broadcast
from ..formulas.creation import Nested, elements, pairwise, steps
from ..formulas.indexing import Fancy, entries
from ..problems import BroadcastMismatch, NegativeLength, SymbolicTensor
from ..rule import Call, function
from ..shape import AnyShape, Shape, Unranked
from ..value import Float, Instance, Range, Slice, Tensor, Unknown, Value, tensors_in

F = TypeVar("F", bound=Callable[..., Any])


def definer(framework: str, kind: str) -> Callable[..., Callable[[F], F]]:
    """A decorator for the functions of a framework, all of which refuse symbolic Keras tensors in the same way.

    ``@define("numpy.sum", "numpy.ndarray.sum", name=...)`` registers a function under its targets; what follows
    is passed to the function.  The function's first parameter is the Call.
    """

    def define(*targets: str, **fixed: Any) -> Callable[[F], F]:
        def register(rule: F) -> F:
            names = list(inspect.signature(rule).parameters)[1:]

            @wraps(rule)
            def run(call: Call, *args: Any, **kwargs: Any) -> Any:
                given = [*zip(names, args, strict=False), *((names[-1], arg) for arg in args[len(names) :])]
                refused = [name for name, arg in (*given, *kwargs.items()) if _symbolic(arg)]
                if not refused or keras_version(call, [*args, *kwargs.values()]) < (3,):
                    return _retagged(rule(call, *args, **kwargs)) if refused else rule(call, *args, **kwargs)
                report(SymbolicTensor(op=targets[0], to=framework), blame=tuple(refused))
                return _retagged(rule(call, *args, **kwargs))

            for target in targets:
                function(target, framework=framework, **fixed)(run)
            return rule

        return register

    return define


def keras_version(call: Call, values: Sequence[Any]) -> tuple[int, ...]:
    """The version of the Keras that made the symbolic tensors: a layer's trace tells Keras 2 from Keras 3."""
    queue = [tensor for tensor in tensors_in(list(values)) if tensor.symbolic]
    while queue:
        made = queue.pop().made
        if made is None:
            continue
        flavour = (made.facts or {}).get("flavour")
        if flavour:
            return call.version(flavour) if flavour == "keras" else (2,)
        queue.extend(made.inputs)
    return call.version("keras")


def _symbolic(value: Value) -> bool:
    return any(tensor.symbolic for tensor in tensors_in(value))


def _retagged(value: Any) -> Any:
    """The tensors in a result as Keras' own: what the call would give if Keras did it."""
    if isinstance(value, Tensor):
        return replace(value, kind="keras", constant=None)
    if isinstance(value, (list, tuple)) and not isinstance(value, Shape):
        return type(value)(map(_retagged, value))
    return value


def operand(value: Value, kind: str, call: Call | None = None) -> Tensor:
    """Any argument as a tensor: a number is one of rank 0, a nested sequence takes its nesting as shape."""
    value = held(call, value) if call is not None else value
    if isinstance(value, Tensor):
        return value
    if isinstance(value, (Range, range)):
        return Tensor(Shape((steps(value.start, value.stop, value.step),)), default_dtype("int", kind), kind)
    if python_dtype(value) is not None:
        constant = None if isinstance(value, (complex, str)) else value
        dtype = default_dtype(python_dtype(value), kind)
        if kind == "tf" and isinstance(value, int) and abs(value) >= 2**31:
            dtype = "int64"
        return Tensor(Shape(()), dtype, kind, constant=constant)
    if isinstance(value, (tuple, list)):
        return nested(Nested(value), value, kind)
    if isinstance(value, Float):
        return Tensor(Shape(()), default_dtype("float", kind), kind)
    return Tensor(Unranked(reason(value)), None, kind)


def held(call: Call, value: Value) -> Value:
    """The array that NumPy makes of another library's object (a picture, a table), which keeps it as ``.array``."""
    value = call.resolve(value)
    if isinstance(value, Instance):
        array = call.get(value, ".array")
        return array if isinstance(array, Tensor) else value
    if type(value) in (list, tuple) and any(isinstance(item, Instance) for item in value):
        return type(value)(held(call, item) for item in value)
    return value


def nested(found: Nested, value: Value, kind: str) -> Tensor:
    """A nested sequence as a tensor."""
    dtype = default_dtype(found.kind, kind) if found.kinds else None
    if not found.kinds and not found.dtypes:
        dtype = default_dtype("float", kind)
    for name in sorted(found.dtypes):
        if kind == "numpy" and found.kinds:
            dtype = weakly_promoted(name, found.kind) if name != "?" else None
        else:
            dtype = None if name == "?" else (promoted(dtype, name) if dtype and kind == "numpy" else name)
    if len(found.dtypes) > 1 and kind != "numpy":
        dtype = None
    return Tensor(found.shape, dtype, kind, constant=elements(value, found.shape))


def default_dtype(kind: str | None, owner: str) -> str | None:
    """The dtype that an array of Python numbers gets in a framework."""
    return numpy_default(kind) if owner == "numpy" else tf_default(kind)


def weak(value: Value) -> str | None:
    """The Python kind of a number that adapts to the dtype of an array; None for arrays."""
    return "float" if isinstance(value, Float) else python_dtype(value)


def as_dims(call: Call, value: Value) -> Shape | Unranked:
    """A shape argument: an int or a sequence of ints, or a small array of them; unknown entries become symbols."""
    value = call.resolve(value)
    if isinstance(value, Tensor):
        if value.constant is not None:
            value = value.constant
        elif isinstance(value.shape, Shape) and len(value.shape) == 1 and isinstance(value.shape[0], int):
            return Shape(call.symbol() for _ in range(min(value.shape[0], 32)))
        elif isinstance(value.shape, Shape) and not value.shape and value.kind == "numpy":
            return Shape((call.symbol(),))
        else:
            return Unranked("the shape is not known")
    if is_dim(value):
        return Shape((value,))
    if not isinstance(value, (tuple, list)):
        return Unranked(reason(value))
    return Shape(as_dim(call, item) for item in value)


def as_dim(call: Call, value: Value) -> Any:
    """One length: an int or symbol as it is, an array of rank 0 by its number, anything else a fresh symbol."""
    value = number(call.resolve(value))
    return value if is_dim(value) and not isinstance(value, bool) else call.symbol()


def number(value: Value) -> Value:
    """The number in an array of rank 0 (or of one element); any other value as it is."""
    if isinstance(value, Tensor) and value.constant is not None and not isinstance(value.constant, tuple):
        return value.constant
    return value


def plain(value: Value) -> Value:
    """A small known array as nested tuples of numbers; any other value as it is."""
    return value.constant if isinstance(value, Tensor) and value.constant is not None else value


def check_lengths(dims: AnyShape, op: str, blame: str = "shape") -> AnyShape:
    """Report a length that is surely negative; the shape with unknown rank in its place then."""
    if isinstance(dims, Shape):
        for dim in dims:
            if isinstance(dim, int) and dim < 0:
                report(NegativeLength(op=op, value=dim), blame=(blame,))
                return Unranked("a length is negative")
    return dims


def common_shape(
    tensors: Sequence[Tensor], op: str, blame: Sequence[str] = (), tell: Callable[..., None] = report
) -> AnyShape:
    """The shape of an element-wise operation; a mismatch is reported, and the rank is kept."""
    result = Shape(())
    for tensor in tensors:
        if isinstance(tensor.shape, Unranked):
            return tensor.shape
        merged = broadcast(result, tensor.shape)
        if merged is None:
            tell(BroadcastMismatch(op=op, shapes=tuple(t.shape for t in tensors)), blame=blame)
            return _undecided([t.shape for t in tensors if isinstance(t.shape, Shape)])
        result = merged
    return result


def _undecided(shapes: Sequence[Shape]) -> Shape:
    """The rank, and the lengths on which all agree, of shapes that do not fit."""
    rank = max(map(len, shapes))
    columns = zip(*((1,) * (rank - len(shape)) + tuple(shape) for shape in shapes), strict=True)
    dims: list[Dim] = []
    for lengths in columns:
        longer = {length for length in lengths if not surely_equal(length, 1)}
        dims.append(longer.pop() if len(longer) == 1 else Symbol(None, ("clash", lengths)) if longer else 1)
    return Shape(dims)


def computed(function: Callable[[Any, Any], Any] | None, a: Tensor, b: Tensor) -> Any:
    """The numbers of an element-wise operation on two small known arrays; None where they are not known."""
    if function is None or a.constant is None or b.constant is None:
        return None
    if function in (operator.pow, operator.lshift) and any(
        not isinstance(n, (int, float)) or abs(n) > 64 for n in _flat(b.constant)
    ):
        return None
    return small(pairwise(function, a.constant, b.constant))


def small(constant: Any) -> Any:
    """The constant, unless a number in it may have left its dtype."""
    if constant is None or any(isinstance(n, (int, float)) and abs(n) >= 2**31 for n in _flat(constant)):
        return None
    return constant


def index_key(call: Call, key: Value, *, lists: bool) -> tuple[Any, ...]:
    """The entries of a subscript, with arrays (and, if ``lists``, nested lists) as Fancy and numbers unwrapped."""
    return tuple(_entry(call, entry, lists) for entry in entries(call.resolve(key)))


def _entry(call: Call, entry: Value, lists: bool) -> Any:
    entry = number(call.resolve(entry))
    if isinstance(entry, Slice):
        return Slice(*(_bound(call, part) for part in (entry.start, entry.stop, entry.step)))
    if isinstance(entry, bool):
        return Fancy(Shape(()), mask=True, elements=(entry,))
    if lists and isinstance(entry, (list, tuple)):
        if not entry:
            return Fancy(Shape((0,)), elements=())
        entry = operand(entry, "numpy", call)
    if isinstance(entry, Range) and lists:
        entry = operand(entry, "numpy", call)
    if isinstance(entry, Tensor) and isinstance(entry.shape, Shape) and entry.dtype is not None:
        if entry.dtype == "bool":
            return Fancy(entry.shape, True, _elements(entry), call.symbol())
        if entry.dtype.startswith(("int", "uint")):
            return Fancy(entry.shape, False, _elements(entry))
    return entry


def _bound(call: Call, part: Value) -> Any:
    part = number(call.resolve(part))
    if part is None or is_dim(part):
        return part
    return Unknown(repr(call.symbol()))  # one of its kind: two unknown bounds are not the same bound


def _elements(tensor: Tensor) -> tuple[Any, ...] | None:
    return None if tensor.constant is None else tuple(_flat(tensor.constant))


def _flat(constant: Any) -> Iterable[Any]:
    if isinstance(constant, tuple):
        for item in constant:
            yield from _flat(item)
    else:
        yield constant


def shape_of(x: Tensor) -> Shape:
    """The shape of a tensor whose rank is known."""
    assert isinstance(x.shape, Shape)
    return x.shape


def surely_same(a: Shape, b: Shape) -> bool:
    """Whether two shapes are equal, whatever their symbols stand for."""
    return len(a) == len(b) and all(map(surely_equal, a, b))


def surely_fit(a: Shape, b: Shape) -> bool:
    """Whether two shapes broadcast, whatever their symbols stand for."""
    pairs = zip(reversed(a), reversed(b), strict=False)
    return all(surely_equal(x, y) or surely_equal(x, 1) or surely_equal(y, 1) for x, y in pairs)


def reason(value: Value) -> str:
    """Why the engine does not know what this is as an array."""
    return getattr(value, "reason", "") or "the value is not known"


def is_number(value: Value) -> bool:
    """Whether the value is a Python number, symbolic ints included."""
    return isinstance(value, (bool, int, float)) or is_symbolic(value)
