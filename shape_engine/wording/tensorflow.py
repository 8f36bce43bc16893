"""What TensorFlow raises, and with which words (tensorflow/core/kernels, tensorflow/python/ops; TensorFlow 2.x).

Eagerly the C++ kernels complain (InvalidArgumentError, the name of the kernel before and after the text).  In a
graph (where a length may be open) shape inference complains: ValueError, followed by the node.  What a message
says about the node is not predicted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..dim import is_dynamic, is_symbolic
from ..dtypes import tf_type
from ..formulas.broadcast import clash
from ..problems import (
    BadIndex,
    BroadcastMismatch,
    DtypeMismatch,
    EinsumMismatch,
    EmptyReduction,
    IndexOutOfRange,
    InnerMismatch,
    NoSuchAxis,
    Problem,
    RepeatedAxis,
    SymbolicTensor,
    TooFewAxes,
    TooManyIndices,
)
from . import Raised, Version, words

INVALID = "InvalidArgumentError"
DEVICE = "_device_/job:localhost/replica:0/task:0/device:CPU:0}} "
KERAS_TENSOR = """A KerasTensor cannot be used as input to a TensorFlow function. A KerasTensor is a symbolic placeholder \
for a shape and dtype, used when constructing Keras Functional models or Keras Functions. You can only use it as input \
to a Keras layer or a Keras operation (from the namespaces `keras.layers` and `keras.ops`). You are likely doing \
something like:

```
x = Input(...)
...
tf_fn(x)  # Invalid.
```

What you should do instead is wrap `tf_fn` in a layer:

```
class MyLayer(Layer):
    def call(self, x):
        return tf_fn(x)

x = MyLayer()(x)
```
"""


def shaped(shape: Any) -> str:
    """A shape as TensorFlow's C++ code prints it.

    >>> shaped((2, 3)), shaped(())
    ('[2,3]', '[]')
    """
    return f"[{','.join('?' if is_symbolic(dim) else str(dim) for dim in shape)}]"


def eager(problem: Problem, op: str, text: str, *, kernel: str = "", name: str | None = "") -> Raised:
    """An exception of a kernel: InvalidArgumentError, its text between the names of kernel and operation.

    Some say no ``name`` at all.
    """
    known, dynamic = _facts(problem.facts.values())
    if dynamic or getattr(problem, "graph", False):
        return Raised("ValueError", None, exact=False)
    whole = f"{{{{function_node __wrapped__{kernel or op}{DEVICE}{text} [Op:{op}]"
    return Raised(INVALID, whole if name is None else f"{whole} name: {name}", known)


def graph(problem: Problem, text: str) -> Raised | None:
    """The exception of shape inference, where a length is open; None where all are known (eager)."""
    _, dynamic = _facts(problem.facts.values())
    traced = dynamic or getattr(problem, "graph", False)
    node = "" if "{{node" in text else " for ?"
    return Raised("ValueError", text + node, exact=False) if traced else None


def python(problem: Problem, kind: str, text: str | None) -> Raised:
    """An exception that TensorFlow's Python code raises itself."""
    return Raised(kind, text, text is not None and _facts(problem.facts.values())[0])


@words(BroadcastMismatch, "tensorflow")
def broadcast(problem: BroadcastMismatch, version: Version) -> Raised:
    """Operands, the three of ``where``, leading axes of matrices, or one tensor and a shape."""
    op, shapes = problem.op, [shape for shape in problem.shapes if isinstance(shape, tuple)]
    if op == "SelectV2":
        text = f"condition {shaped(shapes[0])}, then {shaped(shapes[1])}, and else {shaped(shapes[2])} must be broadcastable"
        return eager(problem, op, text)
    if op == "BatchMatMulV2":
        text = f"In[0] and In[1] must have compatible batch dimensions: {shaped(shapes[0])} vs. {shaped(shapes[1])}"
        return eager(problem, op, text, kernel="__MklBatchMatMulV2")
    if op == "BroadcastTo":
        target: Any = problem.target
        if len(shapes[0]) > len(target):
            text = f"Rank of input ({len(shapes[0])}) must be no greater than rank of output shape ({len(target)})."
        elif clash(shapes[0], target) is not None:
            text = f"Incompatible shapes: {shaped(shapes[0])} vs. {shaped(target)}"
        else:
            text = f"Unable to broadcast tensor of shape {shaped(shapes[0])} to tensor of shape {shaped(target)}"
        return eager(problem, op, text)
    if graph(problem, "") is not None:
        return Raised("ValueError", _in_graph(op, shapes), exact=False)
    return eager(problem, op, f"Incompatible shapes: {shaped(shapes[0])} vs. {shaped(shapes[1])}")


@words(DtypeMismatch, "tensorflow")
def dtypes(problem: DtypeMismatch, version: Version) -> Raised:
    """Tensors are never converted; division says so in Python."""
    first, other = problem.dtypes
    if problem.graph and problem.op != "RealDiv":
        return Raised("TypeError", None, exact=False)
    if problem.op == "RealDiv":
        return python(problem, "TypeError", f"`x` and `y` must have the same dtype, got tf.{first} != tf.{other}.")
    op = f"_Mkl{problem.op}" if problem.op in ("MatMul", "BatchMatMulV2") and first == "float32" else problem.op
    text = (
        f"cannot compute {op} as input #{problem.position}(zero-based) was expected to be a {tf_type(first)} "
        f"tensor but is a {tf_type(other)} tensor [Op:{problem.op}] name: "
    )
    return Raised(INVALID, text)


@words(InnerMismatch, "tensorflow")
def inner(problem: InnerMismatch, version: Version) -> Raised:
    """Both shapes as they were given; the batched kernel adds whether they are transposed."""
    op, _, dtype = problem.op.partition(" ")
    text = f"Matrix size-incompatible: In[0]: {shaped(problem.left)}, In[1]: {shaped(problem.right)}"
    if op == "BatchMatMulV2" and dtype == "float32":
        text += f" {int(problem.transposed[0])} {int(problem.transposed[1])}"
    left = problem.left[-2 if problem.transposed[0] else -1]
    right = problem.right[-1 if problem.transposed[1] else -2]
    kernel = f"__Mkl{op}" if dtype == "float32" else op
    return graph(problem, unequal(left, right)) or eager(problem, op, text, kernel=kernel)


@words(TooFewAxes, "tensorflow")
def too_few_axes(problem: TooFewAxes, version: Version) -> Raised:
    """Vectors in a product of matrices, and numbers where a shape is needed."""
    op, shape = problem.op, problem.shape
    if op in ("MatMul", "BatchMatMulV2"):
        rank = f": {len(shape)}" if op == "BatchMatMulV2" else ""
        return eager(problem, op, f"In[{problem.which}] ndims must be >= 2{rank}", kernel=f"__Mkl{op}")
    if op == "Tile":
        return eager(problem, op, "Expected multiples to be 1-D, but got shape []")
    if op == "Multinomial":
        return eager(problem, op, f"logits should be a matrix, got shape {shaped(shape)}")
    return eager(problem, op, f"shape must be a vector of {{int32,int64}}, got shape {shaped(shape)}")


@words(NoSuchAxis, "tensorflow")
def no_such_axis(problem: NoSuchAxis, version: Version) -> Raised:
    """Every kernel has its own words."""
    op, axis, rank = problem.op, problem.axis, problem.rank
    if op in ("stack", "unstack"):
        return python(problem, "ValueError", f"Argument `axis` = {axis} not in range [{-rank}, {rank})")
    if op == "Repeat":
        return python(problem, "ValueError", f"axis={axis} out of bounds: expected -{rank}<=axis<{rank}")
    if op == "Softmax":
        text = (
            f"`dim` must be in the range [{-rank}, {rank}) where {rank} is the number of dimensions in the input. "
            f"Received: dim={axis}"
        )
        return python(problem, INVALID, text)
    if op == "ConcatV2":
        text = f"ConcatOp : Expected concatenating dimensions in the range [{-rank}, {rank}), but got {axis}"
        return eager(problem, op, text, kernel=f"ConcatV2_N_{problem.role}", name="concat")
    if op in ("Split", "SplitV"):
        text = f"-input rank(-{rank}) <= split_dim < input rank ({rank}), but got {axis}"
        return eager(problem, op, text, kernel=f"{op}_num_split_{problem.role}", name="split")
    if problem.graph:
        inferred = {
            "ExpandDims": f"dim {axis} not in the interval [{-rank - 1}, {rank}].",
            "ArgMax": f"Dimension ({axis}) must be in the range [{-rank}, {rank}), where {rank} is the number of dimensions",
            "ArgMin": f"Dimension ({axis}) must be in the range [{-rank}, {rank}), where {rank} is the number of dimensions",
            "GatherV2": f"Shape must be at least rank {axis + 1 if axis >= 0 else -axis} but is rank {rank}",
            "Squeeze": None,
        }.get(op, f"Invalid reduction dimension {axis} for input with {rank} dimensions.")
        return Raised("ValueError", None if inferred is None else f"{inferred} for ?", exact=False)
    text = {
        "ExpandDims": f"Tried to expand dim index {axis} for tensor with {rank} dimensions.",
        "Squeeze": f"Tried to squeeze dim index {axis} for tensor with {rank} dimensions.",
        "ArgMax": f"Expected dimension in the range [{-rank}, {rank}), but got {axis}",
        "ArgMin": f"Expected dimension in the range [{-rank}, {rank}), but got {axis}",
        "Cumsum": f"ScanOp: Expected scan axis in the range [{-rank}, {rank}), but got {axis + rank if axis < 0 else axis}",
        "Cumprod": f"ScanOp: Expected scan axis in the range [{-rank}, {rank}), but got {axis + rank if axis < 0 else axis}",
        "GatherV2": f"Shape must be at least rank {axis + 1 if axis >= 0 else -axis} but is rank {rank}",
        "Roll": f"axis {axis + rank if axis < 0 else axis} is out of range",
        "ReverseV2": f"'axis'[{problem.role}] = {axis} is out of valid range [0, {rank - 1}",
    }.get(op, f"Invalid reduction dimension ({axis} for input with {rank} dimension(s)")
    return eager(problem, op, text)


@words(RepeatedAxis, "tensorflow")
@words(RepeatedAxis, "keras")
def repeated_axis(problem: RepeatedAxis, version: Version) -> Raised:
    """One axis named twice."""
    if problem.op == "ReverseV2":
        return eager(problem, problem.op, f"axis {problem.axis} specified more than once.", name=None)
    text = f"Invalid reduction arguments: Axes contains duplicate dimension: {problem.axis}"
    return eager(problem, problem.op, text, name=None)


@words(IndexOutOfRange, "tensorflow")
def index_out_of_range(problem: IndexOutOfRange, version: Version) -> Raised:
    """Of a subscript, where a negative index is printed as it is counted from the front, or of ``gather``."""
    index, length = problem.index, problem.length
    if problem.op == "GatherV2":
        place = "" if problem.key == "()" else f"[{problem.key.strip('(),').replace(' ', '')}]"
        return eager(problem, "GatherV2", f"indices{place} = {index} is not in [0, {length})")
    if isinstance(index, int) and isinstance(length, int) and index < 0:
        index += length
    text = f"slice index {index} of dimension {problem.axis} out of bounds."
    return graph(problem, text) or eager(problem, "StridedSlice", text, name="strided_slice/")


@words(TooManyIndices, "tensorflow")
def too_many_indices(problem: TooManyIndices, version: Version) -> Raised:
    """The first index without an axis."""
    rank = len(problem.shape)
    text = f"Index out of range using input dim {rank}; input has only {rank} dims"
    if problem.op == "scalar":
        text = "Attempting to slice scalar input."
    return graph(problem, text) or eager(problem, "StridedSlice", text, name="strided_slice/")


@words(BadIndex, "tensorflow")
def bad_index(problem: BadIndex, version: Version) -> Raised:
    """Things that are no index."""
    if problem.what == "ellipsis":
        return eager(problem, "StridedSlice", "Multiple ellipses in slice spec not allowed", name="strided_slice/")
    if problem.what == "step":
        return eager(problem, "StridedSlice", f"strides[{problem.axis}] must be non-zero", name="strided_slice/")
    text = (
        "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar tf.int32/tf.int64 tensors are "
        f"valid indices, got {problem.key}"
    )
    return Raised("TypeError", text)


@words(EinsumMismatch, "tensorflow")
def einsum(problem: EinsumMismatch, version: Version) -> Raised:
    """Numbers of operands and output letters in Python, the rest in the kernel."""
    if problem.what == "count":
        text = f'Got {problem.operand} inputs for equation "{problem.equation}", expecting {problem.axis}'
        return python(problem, "ValueError", text)
    if problem.what == "output":
        text = f"Output subscripts contain the label {problem.letter} not present in the input subscripts."
        return python(problem, "ValueError", text)
    shape: Any = problem.shapes[problem.operand]
    kernel = f"{problem.op}_N_{len(problem.shapes)}"
    if problem.what == "rank":
        text = f"Expected input {problem.operand} to have rank {problem.axis} but got: {len(shape)}"
        return eager(problem, "Einsum", text, kernel=kernel)
    first, other = problem.lengths
    text = f"Expected dimension {first} at axis {problem.axis} of the input shaped {shaped(shape)} but got dimension {other}"
    return graph(problem, unequal(first, other)) or eager(problem, "Einsum", text, kernel=kernel)


@words(EmptyReduction, "tensorflow")
def empty_reduction(problem: EmptyReduction, version: Version) -> Raised:
    """The place of the largest of no numbers."""
    return eager(problem, problem.op, f"Reduction axis {problem.axis} is empty in shape {shaped(problem.shape)}")


@words(SymbolicTensor, "tensorflow")
def symbolic_tensor(problem: SymbolicTensor, version: Version) -> Raised:
    """Keras' own words (keras/src/backend/common/keras_tensor.py)."""
    return Raised("ValueError", KERAS_TENSOR)


def unequal(a: Any, b: Any) -> str:
    """What shape inference says of two lengths."""
    return f"Dimensions must be equal, but are {a} and {b}"


def _in_graph(op: str, shapes: list[Any]) -> str:
    """What shape inference says of two operands; the node's name is not known."""
    node = f"'{{{{node ?}}}} = {op}[T=?](...)'"
    return f"{unequal(*_clash(shapes))} for {node} with input shapes: {shaped(shapes[0])}, {shaped(shapes[1])}."


def _clash(shapes: list[Any]) -> tuple[Any, Any]:
    for a, b in zip(reversed(shapes[0]), reversed(shapes[1]), strict=False):
        if a != b and a != 1 and b != 1 and isinstance(a, int) and isinstance(b, int):
            return a, b
    return "?", "?"


def listed(shape: Any) -> str:
    """A shape as Python prints it, with None where a length is open."""
    dims = ["None" if is_dynamic(dim) else str(dim) for dim in shape]
    return f"({', '.join(dims)}{',' if len(dims) == 1 else ''})"


def _facts(values: Iterable[Any]) -> tuple[bool, bool]:
    """Whether all lengths are numbers, and whether one of them is open in a graph."""
    known, dynamic = True, False
    for value in values:
        if isinstance(value, tuple):
            inner_known, inner_dynamic = _facts(value)
            known, dynamic = known and inner_known, dynamic or inner_dynamic
        elif is_symbolic(value):
            known, dynamic = False, dynamic or is_dynamic(value)
    return known, dynamic
