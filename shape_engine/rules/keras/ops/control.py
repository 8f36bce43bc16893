"""Functions that run other functions: branches, loops, maps (keras/src/ops/core.py).

Symbolically a function is run once, in a graph of the backend's, to learn its shapes.
"""

from __future__ import annotations

from typing import Any

from ....dim import surely_differ
from ....rule import Call, function
from ....shape import Shape, surely_other
from ....value import Known, Partial, Tensor, Unknown, Value
from ...structures import alike, either, over, tensors, under
from ..state import BACKEND_KIND
from ..symbolic import is_symbolic_call, results, tensor


@function("keras.ops.cond")
def cond(call: Call, pred: Any, true_fn: Value, false_fn: Value) -> Value:
    """What one of two functions gives; both must give the same where the predicate is symbolic."""
    known = call.truth(pred) if not isinstance(pred, Tensor) or pred.constant is not None else None
    if known is not None:
        return call.invoke(true_fn if known else false_fn, ())
    with call.caught():
        left, right = call.invoke(true_fn, ()), call.invoke(false_fn, ())
    one, other = call.thaw(left), call.thaw(right)
    if isinstance(pred, Tensor) and pred.symbolic:
        if _differ(one, other):
            call.doubt()
        return _symbolic(call, "Cond", one, pred)
    return either(call, one, other)


@function("keras.ops.map", cls="Map")
def map_(call: Call, f: Value, xs: Any, *, cls: str) -> Value:
    """A function over the entries of the first axis, its results laid side by side."""
    count, rows = _first(call, xs)
    if count is None:
        return Unknown("a function over something that is not followed")
    with call.caught():
        found = call.thaw(call.invoke(f, (call.freeze(rows),)))
    stacked = over(found, lambda x: under(count, x))
    if not is_symbolic_call(tensors(xs)):
        return stacked
    return _symbolic(call, cls, stacked, *tensors(xs))


@function("keras.ops.vectorized_map")
def vectorized_map(call: Call, function: Value, elements: Any) -> Value:
    """The same, all entries at once."""
    return map_(call, function, elements, cls="VectorizedMap")


@function("keras.ops.scan")
def scan(
    call: Call, f: Value, init: Any, xs: Any = None, length: Value = None, reverse: Value = False, unroll: Value = 1
) -> Value:
    """A state carried along the first axis; the state at the end, and what each step gave."""
    count, row = (length, None) if xs is None else _first(call, xs)
    carry = _inside(call, init)
    if count is None or carry is None:
        return Unknown("a scan over something that is not followed")
    with call.caught():
        found = call.thaw(call.invoke(f, (call.freeze(carry), call.freeze(row))))
    if not isinstance(found, tuple) or len(found) != 2:
        return Unknown("a step of a scan that is not followed")
    end, step = found
    stacked = over(step, lambda x: under(count, x))
    symbolic = is_symbolic_call((*tensors(init), *tensors(xs)))
    if not symbolic and (not alike(end, carry) or not alike(step, carry)):
        call.doubt()  # an array of TensorFlow takes one shape only
        return Unknown("a scan whose steps have other shapes than its state")
    if not symbolic:
        return (end, stacked)
    return _symbolic(call, "Scan", (end, stacked), *tensors(init), *tensors(xs))


@function("keras.ops.associative_scan")
def associative_scan(call: Call, f: Value, elems: Any, reverse: Value = False, axis: Value = 0) -> Value:
    """All partial results of an operation along an axis: the shapes stay."""
    leaves = [tensor(call, x) for x in tensors(elems)]
    if not leaves or any(surely_other(leaves[0].shape, x.shape) for x in leaves):
        return Unknown("a scan over arrays of several shapes")
    with call.caught():
        call.invoke(f, (call.freeze(_inside(call, elems)),) * 2)
    kept = over(elems, lambda x: tensor(call, x))
    return _symbolic(call, "AssociativeScan", kept, *leaves) if is_symbolic_call(leaves) else kept


@function("keras.ops.while_loop")
def while_loop(call: Call, cond: Value, body: Value, loop_vars: Any, maximum_iterations: Value = None) -> Value:
    """A body over and over; symbolically the shapes are those at the start, eagerly where the body keeps them."""
    several = isinstance(loop_vars, (list, tuple))
    start = _inside(call, tuple(loop_vars) if several else (loop_vars,))
    if start is None:
        return Unknown("a loop over something that is not followed")
    if is_symbolic_call(tensors(loop_vars)):
        return _symbolic(call, "WhileLoop", over(loop_vars, lambda x: tensor(call, x)), *tensors(loop_vars))
    with call.caught():
        found = call.thaw(call.invoke(body, tuple(call.freeze(x) for x in start)))
    end = tuple(found) if several and isinstance(found, (list, tuple)) else (found,)
    if not alike(end, start):
        return Unknown("a loop whose shapes may change")
    return type(loop_vars)(start) if several else start[0]


@function("keras.ops.fori_loop")
def fori_loop(call: Call, lower: Value, upper: Value, body_fun: Value, init_val: Any) -> Value:
    """A body for each number."""
    start = _inside(call, init_val)
    if is_symbolic_call(tensors((lower, upper, init_val))):
        if not isinstance(init_val, Tensor):
            call.doubt()
            return Unknown("a loop over several values")
        return _symbolic(call, "ForiLoop", start, *tensors((lower, upper, init_val)))
    kind = BACKEND_KIND.get(call.backend(), "tf")
    with call.caught():
        found = call.thaw(call.invoke(body_fun, (Tensor(Shape(()), "int32", kind), call.freeze(start))))
    return start if start is not None and alike(found, start) else Unknown("a loop whose shapes may change")


@function("keras.ops.switch")
def switch(call: Call, index: Value, branches: Value, *operands: Any) -> Value:
    """What one of some functions gives; symbolically the first one tells the shape."""
    functions = call.thaw(branches)
    if not isinstance(functions, (list, tuple)) or not functions:
        return Unknown("one of some functions")
    given = tuple(call.freeze(_inside(call, x)) for x in operands)
    if is_symbolic_call(tensors(operands)):
        with call.caught():
            found = call.thaw(call.invoke(functions[0], given))
        return _symbolic(call, "Switch", found, *tensors(operands))
    if type(index) is int:
        with call.caught():
            return call.invoke(functions[min(max(index, 0), len(functions) - 1)], given)
    with call.caught():
        several = [call.thaw(call.invoke(one, given)) for one in functions]
    found = several[0]
    for other in several[1:]:
        found = either(call, found, other)
    return found


@function("keras.ops.custom_gradient", raw=True)
def custom_gradient(call: Call, f: Value) -> Value:
    """A function that gives its result and its gradient becomes one that gives its result."""
    return Partial(Known("keras.ops.custom_gradient.__call__", "keras"), (f,), ())


@function("keras.ops.custom_gradient.__call__", raw=True)
def with_gradient(call: Call, f: Value, *args: Value, **kwargs: Value) -> Value:
    """The result of such a function."""
    found = call.invoke(f, args, kwargs)
    return found[0] if isinstance(found, tuple) and len(found) == 2 else Unknown("a function with a gradient")


def _inside(call: Call, value: Any) -> Any:
    """The structure as the function sees it: tensors of the backend; None where it is not known."""
    kind = BACKEND_KIND.get(call.backend(), "tf")
    if isinstance(value, Unknown):
        return None

    def seen(x: Any) -> Tensor:
        x = tensor(call, x)
        return Tensor(x.shape, x.dtype, kind)

    return over(value, seen)


def _first(call: Call, xs: Any) -> tuple[Any, Any]:
    """The length of the first axis, and the structure of entries along it."""
    leaves = [tensor(call, x) for x in tensors(xs)] or ([tensor(call, xs)] if isinstance(xs, list) else [])
    if not leaves or not all(isinstance(x.shape, Shape) and x.shape for x in leaves):
        return None, None
    count = leaves[0].shape[0]  # type: ignore[index]
    if any(surely_differ(count, x.shape[0]) for x in leaves):  # type: ignore[index]
        return None, None
    if not tensors(xs):
        xs = leaves[0]
    kind = BACKEND_KIND.get(call.backend(), "tf")
    return count, over(xs, lambda x: Tensor(Shape(tensor(call, x).shape[1:]), x.dtype, kind))  # type: ignore[index]


def _symbolic(call: Call, cls: str, found: Any, *inputs: Tensor) -> Any:
    """The structure with Keras' own tensors in it."""
    leaves = tensors(found)
    if isinstance(found, Unknown) or not leaves:
        return Unknown("a function whose result is not followed")
    made = iter(results(call, cls, [(x.shape, x.dtype) for x in leaves], *inputs))
    return over(found, lambda x: next(made) if isinstance(x, Tensor) else x)


def _differ(one: Any, other: Any) -> bool:
    a, b = tensors(one), tensors(other)
    return len(a) != len(b) or any(
        surely_other(x.shape, y.shape) or x.dtype != y.dtype for x, y in zip(a, b, strict=True)
    )
