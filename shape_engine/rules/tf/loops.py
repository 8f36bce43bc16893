"""TensorFlow's functions that run other functions: branches, loops, maps (tensorflow/python/ops/cond.py, while_loop.py, map_fn.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...dim import surely_differ
from ...dtypes import dtype_name
from ...rule import REGISTRY, Call, class_rule
from ...shape import Shape, Unranked
from ...value import Instance, Tensor, Unknown, Value, shape_from
from ..arrays import number, operand
from ..structures import alike, either, over, tensors, under
from .data import Methods
from .graph import define


@define("tf.cond")
def cond(call: Call, pred: Value, true_fn: Value = None, false_fn: Value = None, name: Value = None) -> Value:
    """One of two functions is called; which one, is rarely known."""
    if isinstance(pred, bool):
        chosen = true_fn if pred else false_fn
        return call.invoke(chosen, ()) if chosen is not None else Unknown("a branch that is not given")
    if true_fn is None or false_fn is None:
        return Unknown("a branch that is not given")
    return _one_of(call, [true_fn, false_fn])


@define("tf.case")
def case(
    call: Call, pred_fn_pairs: Value, default: Value = None, exclusive: Value = False, strict: Value = False,
    name: Value = None,
) -> Value:  # fmt: skip
    """The function behind the first predicate that is true."""
    pairs = call.thaw(pred_fn_pairs)
    if not isinstance(pairs, (list, tuple)) or not all(isinstance(p, (list, tuple)) and len(p) == 2 for p in pairs):
        return Unknown("one of some functions")
    return _one_of(call, [one for _, one in pairs] + ([] if default is None else [default]))


@define("tf.switch_case")
def switch_case(call: Call, branch_index: Value, branch_fns: Value, default: Value = None, name: Value = None) -> Value:
    """The function of this number."""
    functions = call.thaw(branch_fns)
    if isinstance(functions, dict):
        functions = list(functions.values())
    if not isinstance(functions, (list, tuple)) or not functions:
        return Unknown("one of some functions")
    if functions and isinstance(functions[0], (list, tuple)):
        functions = [one for _, one in functions]
    if isinstance(branch_index, int):
        call.doubt()  # it must be a tensor
        return Unknown("a branch by a number that is no tensor")
    index = number(branch_index)
    if type(index) is int and 0 <= index < len(functions) and not isinstance(call.thaw(branch_fns), dict):
        return call.invoke(functions[index], ())
    return _one_of(call, [*functions, *([] if default is None else [default])])


def _one_of(call: Call, functions: Sequence[Any]) -> Value:
    found: list[Any] = [call.thaw(call.invoke(one, ())) for one in functions]
    result = found[0]
    for other in found[1:]:
        result = either(call, result, other)
    return result


@define("tf.map_fn")
def map_fn(
    call: Call,
    fn: Value,
    elems: Value,
    dtype: Value = None,
    parallel_iterations: Value = None,
    back_prop: Value = True,
    swap_memory: Value = False,
    infer_shape: Value = True,
    name: Value = None,
    fn_output_signature: Value = None,
) -> Value:
    """A function over the entries along the first axis, its results laid side by side."""
    return _mapped(call, fn, elems)


@define("tf.vectorized_map")
def vectorized_map(
    call: Call, fn: Value, elems: Value, fallback_to_while_loop: Value = True, warn: Value = True
) -> Value:
    """The same, all entries at once."""
    return _mapped(call, fn, elems)


def _mapped(call: Call, fn: Value, elems: Value) -> Value:
    count, row = _rows(call, elems)
    if count is None:
        return Unknown("a function over tensors that are not followed")
    found = call.thaw(call.invoke(fn, (call.freeze(row),)))
    if not tensors(found) or not all(isinstance(x.shape, Shape) for x in tensors(found)):
        return Unknown("a function whose result is not followed")
    return over(found, lambda x: under(count, operand(x, "tf", call)))


@define("tf.scan")
def scan(call: Call, fn: Value, elems: Value, initializer: Value = None, *args: Value, **_: Value) -> Value:
    """A state carried along the first axis, each state kept."""
    count, row = _rows(call, elems)
    if count is None:
        return Unknown("a scan over tensors that are not followed")
    state = row if initializer is None else _seen(call, initializer)
    if not _kept(call, fn, state, (state, row)):
        return Unknown("a scan whose shapes may change")
    return over(state, lambda x: under(count, x))


@define("tf.foldl", "tf.foldr")
def fold(call: Call, fn: Value, elems: Value, initializer: Value = None, *args: Value, **_: Value) -> Value:
    """A state carried along the first axis: the last one."""
    count, row = _rows(call, elems)
    if count is None:
        return Unknown("a fold over tensors that are not followed")
    state = row if initializer is None else _seen(call, initializer)
    return state if _kept(call, fn, state, (state, row)) else Unknown("a fold whose shapes may change")


@define("tf.while_loop")
def while_loop(call: Call, cond: Value, body: Value, loop_vars: Value, *args: Value, **_: Value) -> Value:
    """A body over and over; known where it keeps the shapes."""
    given = call.thaw(loop_vars)
    if not isinstance(given, (list, tuple)):
        given = (given,)
    start = over(tuple(given), lambda x: operand(x, "tf", call))
    if not all(isinstance(x, (Tensor, tuple, list)) for x in start):
        return Unknown("a loop over something that is not followed")
    with call.caught():
        found = call.thaw(call.invoke(body, tuple(call.freeze(_open(x)) for x in given)))
    if isinstance(found, Tensor):
        call.doubt()  # a body must give a list, even of one
        return Unknown("a loop whose body gives no list")
    found = found if isinstance(found, (list, tuple)) else (found,)
    end = over(tuple(found), lambda x: operand(x, "tf", call))
    return start if alike(end, start) else Unknown("a loop whose shapes may change")


def _open(value: Any) -> Any:
    """What a loop changes: a number is some number."""
    return over(value, lambda x: x if isinstance(x, Tensor) else Tensor(Shape(()), None, "tf"))


def _kept(call: Call, fn: Value, state: Any, given: tuple[Any, ...]) -> bool:
    with call.caught():
        found = call.thaw(call.invoke(fn, tuple(call.freeze(x) for x in given)))
    return alike(over(found, lambda x: operand(x, "tf", call)), state)


def _rows(call: Call, elems: Value) -> tuple[Any, Any]:
    """The length of the first axis, and the structure of entries along it; None where it is not known."""
    given = call.thaw(elems)
    whole = given if tensors(given) else operand(given, "tf", call)
    found = tensors(whole)
    if not all(isinstance(x.shape, Shape) and x.shape for x in found):
        return None, None
    count = found[0].shape[0]  # type: ignore[index]
    if any(surely_differ(count, x.shape[0]) for x in found):  # type: ignore[index]
        call.doubt()
        return None, None
    return count, over(whole, lambda x: Tensor(Shape(x.shape[1:]), x.dtype, "tf"))


def _seen(call: Call, value: Value) -> Any:
    return over(call.thaw(value), lambda x: operand(x, "tf", call))


@define("tf.py_function", "tf.numpy_function")
def python(call: Call, func: Value = None, inp: Value = None, Tout: Value = None, *args: Value, **_: Value) -> Value:
    """Python code: the dtypes are declared, the shapes are not (``set_shape`` tells them)."""
    if isinstance(Tout, (list, tuple)):
        return [Tensor(Unranked("it is computed by Python"), dtype_name(one), "tf") for one in Tout]
    if dtype_name(Tout) is None:
        return Unknown("a Python function that TensorFlow calls")
    return Tensor(Unranked("it is computed by Python"), dtype_name(Tout), "tf")


@class_rule("tf.TensorArray")
class TensorArray(Methods):
    """Entries of one shape, written one by one (tensorflow/python/ops/tensor_array_ops.py)."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        given = dict(zip(("dtype", "size", "dynamic_size"), args, strict=False)) | dict(kwargs)
        size = number(given.get("size", 0))
        fixed = given.get("dynamic_size", False) in (False, None)
        call.set(obj, ".size", size if type(size) is int and fixed else None)
        call.set(obj, ".dtype", dtype_name(given.get("dtype")))
        shape = given.get("element_shape")
        call.set(obj, ".element", None if shape is None else Tensor(shape_from(call.thaw(shape)), None, "tf"))


def _element(call: Call, array: Value) -> Tensor:
    """What one entry is."""
    found = call.get(array, ".element")
    dtype = call.get(array, ".dtype")
    shape = found.shape if isinstance(found, Tensor) else Unranked("nothing was written yet")
    return Tensor(shape, dtype if isinstance(dtype, str) else None, "tf")


@define("tf.TensorArray.write")
def write(call: Call, self: Value, index: Value, value: Value, name: Value = None) -> Value:
    """The array with an entry; all entries have the shape of the first one."""
    given, before = operand(value, "tf", call), call.get(self, ".element")
    if before is None:
        call.set(self, ".element", Tensor(given.shape, given.dtype, "tf"))
    elif not isinstance(before, Tensor) or before.shape != given.shape:
        call.set(self, ".element", Unknown("entries of several shapes"))
    return self


@define("tf.TensorArray.unstack")
def unstack(call: Call, self: Value, value: Value, name: Value = None) -> Value:
    """The array with an entry for each row."""
    x = operand(value, "tf", call)
    known = isinstance(x.shape, Shape) and x.shape
    call.set(self, ".element", Tensor(Shape(x.shape[1:]), x.dtype, "tf") if known else Unknown("rows"))  # type: ignore[index]
    call.set(self, ".size", x.shape[0] if known else None)  # type: ignore[index]
    return self


@define("tf.TensorArray.read")
def read(call: Call, self: Value, index: Value, name: Value = None) -> Value:
    """One entry."""
    return _element(call, self)


@define("tf.TensorArray.stack")
def stack(call: Call, self: Value, name: Value = None) -> Value:
    """All entries side by side."""
    size = call.get(self, ".size")
    return under(call.symbol() if size is None or isinstance(size, Unknown) else size, _element(call, self))


@define("tf.TensorArray.gather")
def gather(call: Call, self: Value, indices: Value, name: Value = None) -> Value:
    """Some entries."""
    places = operand(indices, "tf", call)
    known = isinstance(places.shape, Shape) and len(places.shape) == 1
    return under(places.shape[0] if known else call.symbol(), _element(call, self))  # type: ignore[index]


@define("tf.TensorArray.concat")
def concat(call: Call, self: Value, name: Value = None) -> Value:
    """The entries one after the other."""
    element = _element(call, self)
    known = isinstance(element.shape, Shape) and element.shape
    shape = Shape((call.symbol(), *element.shape[1:])) if known else Unranked("entries")  # type: ignore[index]
    return Tensor(shape, element.dtype, "tf")


@define("tf.TensorArray.size")
def size(call: Call, self: Value, name: Value = None) -> Value:
    """How many entries there are."""
    found = call.get(self, ".size")
    return Tensor(Shape(()), "int32", "tf", constant=found if type(found) is int else None)


REGISTRY.attributes["tf.TensorArray.dtype"] = lambda call, self: _element(call, self).dtype
