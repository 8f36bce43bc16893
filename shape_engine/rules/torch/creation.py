"""Tensors from nothing: zeros, randn, arange, tensor ... (aten TensorFactories.cpp)."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from ...dim import is_dim, is_symbolic
from ...formulas.creation import Nested, elements, steps
from ...problems import TorchRefusal
from ...rule import Call, attribute, function
from ...shape import Shape, Unranked
from ...value import Assumed, Known, Tensor, Unknown, Value
from .checks import DTYPES, STATE, default_dtype, dtype_of, fresh, is_int, is_unknown, refuse, sizes, tensor_of

MAX_NUMBERS = 512
"""So many numbers of a tensor are remembered."""


def _sized(
    name: str, size: tuple[Value, ...], dtype: str | None, options: dict[str, Value], named: Value = None
) -> Value:
    """A tensor of the sizes given; RuntimeError for a negative one, TypeError for one that is no int."""
    if options.get("device") == "meta":
        return Unknown("a tensor on the meta device")
    target = sizes(size if size or named is None else (named,))
    if target is None:
        return Tensor(Unranked("the sizes are not known"), dtype, "torch")
    if len(target) == 1 and len(size) == 1 and isinstance(target[0], float) and not isinstance(size[0], (tuple, list)):
        refuse(TorchRefusal, "size-type", ("size",), function=name, type="float")
        return Tensor(Unranked("a size that is no int"), dtype, "torch")
    dims: list[Any] = [
        n if is_dim(n) and not isinstance(n, bool) else fresh("size", repr(target), axis)
        for axis, n in enumerate(target)
    ]
    if any(is_int(n) and n < 0 for n in dims):
        if name == "zeros":
            refuse(TorchRefusal, "zeros-negative", ("size",))
        else:
            negative = next(n for n in dims if is_int(n) and n < 0)
            refuse(TorchRefusal, "negative-size", ("size",), dim=negative, size=tuple(dims))
        return Tensor(Unranked("a negative size"), dtype, "torch")
    return Tensor(Shape(dims), dtype, "torch")


def _filler(name: str) -> Any:
    def create(call: Call, *args: Value, size: Value = None, dtype: Value = None, **options: Value) -> Value:
        return _sized(name, args, dtype_of(dtype, default_dtype(call)), options, size)

    return create


def _filler_like(call: Call, input: Value, *args: Value, dtype: Value = None, **options: Value) -> Value:
    if isinstance(input, Assumed) and dtype is None:
        return input
    x = tensor_of(input)
    if x is None or options.get("device") == "meta":
        return Unknown("like something that is no tensor")
    return Tensor(x.shape, dtype_of(dtype, x.dtype), "torch")


def _new(call: Call, x: Value, *size: Value, dtype: Value = None, **options: Value) -> Value:
    own = x.dtype if isinstance(x, Tensor) else None
    return _sized("new", size, dtype_of(dtype, own), options)


@function("torch.full")
def full(call: Call, size: Value, fill_value: Value = None, *, dtype: Value = None, **options: Value) -> Value:
    """One number everywhere; its type decides the dtype."""
    kind = {bool: "bool", int: "int64", float: "float32"}.get(type(fill_value))
    return _sized("full", (size,), dtype_of(dtype, kind), options)


@function("torch.Tensor.new_full")
def new_full(call: Call, x: Value, size: Value, fill_value: Value = None, **options: Value) -> Value:
    """One number everywhere, in the dtype of another tensor."""
    return _sized("new", (size,), x.dtype if isinstance(x, Tensor) and "dtype" not in options else None, options)


@function("torch.randint")
def randint(
    call: Call,
    *args: Value,
    low: Value = None,
    high: Value = None,
    size: Value = None,
    dtype: Value = None,
    **options: Value,
) -> Value:
    """``randint(high, size)`` or ``randint(low, high, size)``."""
    target = size if size is not None else args[-1] if args else None
    if not isinstance(target, (tuple, list)):
        return Tensor(Unranked("the sizes are not known"), dtype_of(dtype, "int64"), "torch")
    return _sized("randint", (target,), dtype_of(dtype, "int64"), options)


@function("torch.randperm")
def randperm(call: Call, n: Value, *, dtype: Value = None, **options: Value) -> Value:
    """The numbers below n in some order."""
    return Tensor(Shape((n if is_dim(n) else fresh("randperm", repr(n)),)), dtype_of(dtype, "int64"), "torch")


@function("torch.eye")
def eye(call: Call, n: Value, m: Value = None, *, dtype: Value = None, **options: Value) -> Value:
    """A square with ones on the diagonal."""
    return _sized("eye", (n, n if m is None else m), dtype_of(dtype, default_dtype(call)), options)


@function("torch.arange")
@function("torch.range")
def arange(
    call: Call,
    *args: Value,
    start: Value = None,
    end: Value = None,
    step: Value = None,
    dtype: Value = None,
    **options: Value,
) -> Value:
    """From ``start`` up to ``end``."""
    given = list(args)
    first, last, by = 0, end, 1 if step is None else step
    if len(given) == 1:
        last = given[0] if end is None else end
        first = given[0] if end is not None else 0
    elif given:
        first, last, *more = given
        by = more[0] if more else by
    first = first if start is None else start
    numbers = (first, last, by)
    if any(isinstance(number, float) for number in numbers):
        kind: str | None = "float32"
    else:
        kind = "int64" if all(map(is_dim, numbers)) else None
    if not all(is_dim(number) or isinstance(number, float) for number in numbers):
        return Tensor(Shape((fresh("arange", repr(numbers)),)), dtype_of(dtype, kind), "torch")
    return Tensor(Shape((steps(first, last, by),)), dtype_of(dtype, kind), "torch")


@function("torch.linspace")
@function("torch.logspace")
def linspace(
    call: Call, start: Value, end: Value, steps: Value = None, *, dtype: Value = None, **options: Value
) -> Value:
    """So many numbers at equal distances.  How those in between are rounded depends on the processor."""
    shape = Shape((steps if is_dim(steps) else fresh("linspace", repr(steps)),))
    kind = dtype_of(dtype, default_dtype(call))
    equal = kind == "float32" and type(start) in (int, float) and type(end) in (int, float) and start == end == 0
    numbers = (0.0,) * steps if equal and is_int(steps) and 0 <= steps <= MAX_NUMBERS else None
    return Tensor(shape, kind, "torch", constant=numbers)


@function("torch.tensor")
@function("torch.as_tensor")
@function("torch.asarray")
@function("torch.from_numpy")
def tensor(call: Call, data: Value, dtype: Value = None, *args: Value, **options: Value) -> Value:
    """What nested lists, a number or an array hold."""
    if options.get("device") == "meta":
        return Unknown("a tensor on the meta device")
    if isinstance(data, Tensor):
        return Tensor(data.shape, dtype_of(dtype, data.dtype), "torch", constant=data.constant)
    if is_unknown(data):
        return Tensor(Unranked("the data are not known"), dtype_of(dtype, None), "torch")
    nested = Nested(data)
    kind = {"bool": "bool", "int": "int64", "float": "float32", "complex": "complex64"}.get(nested.kind or "")
    if nested.dtypes:
        kind = None
    if nested.shape == (0,) or (isinstance(nested.shape, Shape) and 0 in nested.shape):
        kind = "float32"
    return Tensor(nested.shape, dtype_of(dtype, kind), "torch", constant=elements(data, nested.shape))


@function("torch.Tensor")
@function("torch.FloatTensor")
def legacy(call: Call, *args: Value) -> Value:
    """``torch.Tensor(2, 3)`` is a tensor of that size, ``torch.Tensor([2, 3])`` one with these numbers."""
    if len(args) == 1 and isinstance(args[0], (list, tuple)):
        return Tensor(Nested(args[0]).shape, "float32", "torch")
    if all(is_dim(arg) or is_symbolic(arg) for arg in args):
        return Tensor(Shape(args) if args else Shape((0,)), "float32", "torch")
    return Tensor(Unranked("the size is not known"), "float32", "torch")


@function("torch.LongTensor")
def legacy_long(call: Call, *args: Value) -> Value:
    """The same with whole numbers."""
    made = legacy(call, *args)
    return Tensor(made.shape, "int64", "torch")


@function("torch.nn.Parameter")
@function("torch.nn.parameter.Parameter")
@function("torch.nn.Buffer")
def parameter(call: Call, data: Value = None, *args: Value, **kwargs: Value) -> Value:
    """The tensor itself."""
    if isinstance(data, Tensor):
        return replace(data, made=None)  # made here: what is a parameter tells by that
    return data if isinstance(data, Assumed) else Unknown("a parameter without data")


@function("torch.bernoulli")
@function("torch.normal")
def draws(call: Call, input: Value, *args: Value, **kwargs: Value) -> Value:
    """Numbers of the same shape."""
    return Tensor(input.shape, input.dtype, "torch") if isinstance(input, Tensor) else Unknown("drawn from numbers")


@function("torch.set_default_dtype")
@function("torch.set_default_tensor_type")
def set_default_dtype(call: Call, *args: Value, **kwargs: Value) -> Value:
    """From here on, nothing is said about the dtype of new tensors."""
    call.set(STATE, ".default", Unknown("set_default_dtype was called"))
    return None


@function("torch.autocast")
@function("torch.amp.autocast")
@function("torch.cuda.amp.autocast")
def autocast(call: Call, *args: Value, **kwargs: Value) -> Value:
    """From here on, nothing is said about the dtype of weights: the context casts what it likes."""
    call.set(STATE, ".dtype", Unknown("autocast"))
    return Unknown("a context that changes no shape")


@function("torch.device")
def device(call: Call, *args: Value, **kwargs: Value) -> Value:
    """Some device."""
    return Known("torch.device.instance")


@function("torch.manual_seed")
@function("torch.cuda.manual_seed")
@function("torch.cuda.manual_seed_all")
@function("torch.set_num_threads")
@function("torch.set_printoptions")
@function("torch._assert")
@function("torch.use_deterministic_algorithms")
def nothing(call: Call, *args: Value, **kwargs: Value) -> Value:
    """Nothing that matters for shapes."""
    return None


@function("torch.cuda.is_available")
@function("torch.backends.mps.is_available")
@function("torch.cuda.device_count")
@function("torch.is_grad_enabled")
@function("torch.is_autocast_enabled")
def unknown(call: Call, *args: Value, **kwargs: Value) -> Value:
    """Something that depends on the machine, or a context that changes no shape."""
    return Unknown("depends on the machine")


@function("torch.no_grad", raw=True)
@function("torch.inference_mode", raw=True)
@function("torch.enable_grad", raw=True)
@function("torch.set_grad_enabled", raw=True)
def context(call: Call, *args: Value, **kwargs: Value) -> Value:
    """A context that changes no shape; as a decorator, the function itself."""
    return args[0] if args and not isinstance(args[0], bool) else Known("torch.no_grad")


@function("torch.jit.is_scripting")
@function("torch.jit.is_tracing")
@function("torch.onnx.is_in_onnx_export")
@function("torch.compiler.is_compiling")
@function("torch.compiler.is_exporting")
def plainly_run(call: Call) -> bool:
    """A program that is read is one that Python runs, neither traced nor compiled."""
    return False


@function("torch.jit.annotate", raw=True)
def annotated(call: Call, the_type: Value, the_value: Value) -> Value:
    """The value."""
    return the_value


@function("torch.utils.checkpoint.checkpoint", raw=True)
def checkpoint(call: Call, function: Value, *args: Value, use_reentrant: Value = None, **kwargs: Value) -> Value:
    """What the function gives."""
    return call.invoke(function, args, kwargs)


@function("torch.Size")
def size(call: Call, sizes: Value = ()) -> Value:
    """A tuple."""
    return tuple(sizes) if isinstance(sizes, (tuple, list)) else Unknown("the sizes are not known")


def _register() -> None:
    for name in ("zeros", "ones", "empty", "rand", "randn"):
        function(f"torch.{name}")(_filler(name))
    for name in ("zeros_like", "ones_like", "empty_like", "rand_like", "randn_like", "full_like"):
        function(f"torch.{name}")(_filler_like)
    for name in ("new_zeros", "new_ones", "new_empty"):
        function(f"torch.Tensor.{name}")(_new)


def _constant(value: Value) -> Any:
    return lambda call, owner=None: value


def _register_constants() -> None:
    for name in DTYPES:
        attribute(name)(_constant(Known(name)))
    for name, number in (("torch.pi", math.pi), ("torch.inf", math.inf), ("torch.e", math.e), ("torch.nan", math.nan)):
        attribute(name)(_constant(number))


_register()
_register_constants()
