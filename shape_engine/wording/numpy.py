"""What NumPy raises, and with which words (numpy/_core/src, numpy/lib, numpy/exceptions.py; NumPy 2.x)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..dim import is_symbolic
from ..problems import (
    BadArgument,
    BadIndex,
    BroadcastMismatch,
    EinsumMismatch,
    EmptyReduction,
    IndexOutOfRange,
    InnerMismatch,
    JoinMismatch,
    MaskMismatch,
    NegativeLength,
    NoSuchAxis,
    NothingToJoin,
    Problem,
    RaggedArray,
    RepeatedAxis,
    ReshapeMismatch,
    SqueezeMismatch,
    SymbolicTensor,
    TooFewAxes,
    TooManyIndices,
    UnevenSplit,
    WrongLength,
    WrongPermutation,
)
from . import Raised, Version, words

MATMUL = "gufunc signature (n?,k),(k,m?)->(n?,m?)"


def shaped(shape: Any) -> str:
    """A shape as NumPy's C code prints it.

    >>> shaped((2, 3)), shaped((4,)), shaped(())
    ('(2,3)', '(4,)', '()')
    """
    return f"({','.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def exact(values: Iterable[Any]) -> bool:
    """Whether all these facts are numbers, so that the text is byte for byte what is printed."""
    return not any(is_symbolic(value) or (isinstance(value, tuple) and not exact(value)) for value in values)


def worded(problem: Problem, kind: str, text: str) -> Raised:
    """The exception, marked inexact where a length in it is not known."""
    return Raised(kind, text, exact(problem.facts.values()))


@words(BroadcastMismatch, "numpy")
def broadcast(problem: BroadcastMismatch, version: Version) -> Raised:
    """Operands, index arrays, leading axes of matrices, or one array and a shape."""
    shapes = [shape for shape in problem.shapes if isinstance(shape, tuple)]
    if problem.op == "index":
        every = "".join(f"{shaped(shape)} " for shape in shapes)
        text = f"shape mismatch: indexing arrays could not be broadcast together with shapes {every}"
        return worded(problem, "IndexError", text)
    if problem.op == "broadcast_to":
        if problem.target is not None and len(shapes[0]) > len(problem.target):  # type: ignore[arg-type]
            text = "input operand has more dimensions than allowed by the axis remapping"
        else:
            text = (
                "operands could not be broadcast together with remapped shapes [original->remapped]: "
                f"{shaped(shapes[0])}  and requested shape {shaped(problem.target)}"
            )
        return worded(problem, "ValueError", text)
    if problem.op == "matmul":
        left, right = shapes
        result = (left[-2:-1] if len(left) > 1 else ()) + (right[-1:] if len(right) > 1 else ())
        remapped = " ".join(f"{shaped(s)}->{_remapped(s, max(map(len, shapes)))}" for s in shapes)
        text = (
            "operands could not be broadcast together with remapped shapes [original->remapped]: "
            f"{remapped}  and requested shape {shaped(result)}"
        )
        return worded(problem, "ValueError", text)
    every = "".join(f"{shaped(shape)} " for shape in shapes)
    return worded(problem, "ValueError", f"operands could not be broadcast together with shapes {every}")


@words(InnerMismatch, "numpy")
def inner(problem: InnerMismatch, version: Version) -> Raised:
    """``@``, ``dot`` and ``tensordot`` each say it in their own way."""
    left, right = problem.left, problem.right
    axis = max(len(right) - 2, 0)
    if problem.op == "tensordot":
        return worded(problem, "ValueError", "shape-mismatch for sum")
    if problem.op == "dot":
        text = (
            f"shapes {shaped(left)} and {shaped(right)} not aligned: "
            f"{left[-1]} (dim {len(left) - 1}) != {right[axis]} (dim {axis})"
        )
        return worded(problem, "ValueError", text)
    text = (
        f"matmul: Input operand 1 has a mismatch in its core dimension 0, with {MATMUL} "
        f"(size {right[axis]} is different from {left[-1]})"
    )
    return worded(problem, "ValueError", text)


@words(TooFewAxes, "numpy")
def too_few_axes(problem: TooFewAxes, version: Version) -> Raised:
    """A number where ``@`` needs an array."""
    text = (
        f"matmul: Input operand {problem.which} does not have enough dimensions "
        f"(has {len(problem.shape)}, gufunc core with {MATMUL[7:]} requires 1)"
    )
    return worded(problem, "ValueError", text)


@words(ReshapeMismatch, "numpy")
def reshape(problem: ReshapeMismatch, version: Version) -> Raised:
    """The size and the new shape, in which -1 is printed as "newaxis"."""
    if problem.gaps > 1:
        return worded(problem, "ValueError", "can only specify one unknown dimension")
    size: Any = 1
    for dim in problem.shape:
        size = size * dim
    lengths = ["newaxis" if dim == -1 else str(dim) for dim in problem.target]
    while lengths[:1] == ["newaxis"] and len(lengths) > 1:  # leading ones are left out
        lengths = lengths[1:]
    ending = "," if len(problem.target) == 1 else ""
    return worded(
        problem, "ValueError", f"cannot reshape array of size {size} into shape ({','.join(lengths)}{ending})"
    )


@words(NoSuchAxis, "numpy")
def no_such_axis(problem: NoSuchAxis, version: Version) -> Raised:
    """AxisError, but for ``split``, which looks the length up in a tuple."""
    if problem.op == "split":
        return worded(problem, "IndexError", "tuple index out of range")
    role = f"{problem.role}: " if problem.role else ""
    text = f"{role}axis {problem.axis} is out of bounds for array of dimension {problem.rank}"
    return worded(problem, "AxisError", text)


@words(RepeatedAxis, "numpy")
def repeated_axis(problem: RepeatedAxis, version: Version) -> Raised:
    """Two wordings: of reductions, and of the Python helper."""
    reductions = {"sum", "mean", "maximum", "minimum", "bool", "same", "int64"}
    text = "duplicate value in 'axis'" if problem.op in reductions else "repeated axis"
    return worded(problem, "ValueError", text)


@words(JoinMismatch, "numpy")
def join(problem: JoinMismatch, version: Version) -> Raised:
    """The first array against the one that does not fit."""
    shapes = [shape for shape in problem.shapes if isinstance(shape, tuple)]
    if problem.op == "stack":
        return worded(problem, "ValueError", "all input arrays must have the same shape")
    first, other = shapes[0], shapes[problem.position]
    if problem.at is None:
        text = (
            "all the input arrays must have same number of dimensions, but the array at index 0 has "
            f"{len(first)} dimension(s) and the array at index {problem.position} has {len(other)} dimension(s)"
        )
    else:
        text = (
            "all the input array dimensions except for the concatenation axis must match exactly, but along "
            f"dimension {problem.at}, the array at index 0 has size {first[problem.at]} and the array at index "
            f"{problem.position} has size {other[problem.at]}"
        )
    return worded(problem, "ValueError", text)


@words(NothingToJoin, "numpy")
def nothing_to_join(problem: NothingToJoin, version: Version) -> Raised:
    """No arrays, or arrays without axes."""
    if problem.scalars:
        return worded(problem, "ValueError", "zero-dimensional arrays cannot be concatenated")
    return worded(problem, "ValueError", f"need at least one array to {problem.op}")


@words(SqueezeMismatch, "numpy")
def squeeze(problem: SqueezeMismatch, version: Version) -> Raised:
    """An axis that is longer than 1."""
    text = "cannot select an axis to squeeze out which has size not equal to one"
    return worded(problem, "ValueError", text)


@words(WrongPermutation, "numpy")
def permutation(problem: WrongPermutation, version: Version) -> Raised:
    """Too few or too many axes, or one of them twice."""
    wrong_count = len(problem.order) != len(problem.shape)
    return worded(problem, "ValueError", "axes don't match array" if wrong_count else "repeated axis in transpose")


@words(UnevenSplit, "numpy")
def uneven_split(problem: UnevenSplit, version: Version) -> Raised:
    """Equal parts are impossible."""
    return worded(problem, "ValueError", "array split does not result in an equal division")


@words(WrongLength, "numpy")
def wrong_length(problem: WrongLength, version: Version) -> Raised:
    """``pad_width``, ``repeats`` and the axes of ``moveaxis``."""
    if problem.op == "moveaxis":
        text = "`source` and `destination` arguments must have the same number of elements"
    elif problem.op == "repeat":
        text = f"operands could not be broadcast together with shape ({problem.expected},) ({problem.actual},)"
    elif problem.name == "negative":
        text = "index can't contain negative values"
    else:
        text = (
            "operands could not be broadcast together with remapped shapes [original->remapped]: "
            f"({problem.actual},2)  and requested shape ({problem.expected},2)"
        )
    return worded(problem, "ValueError", text)


@words(IndexOutOfRange, "numpy")
def index_out_of_range(problem: IndexOutOfRange, version: Version) -> Raised:
    """Index, axis and length."""
    text = f"index {problem.index} is out of bounds for axis {problem.axis} with size {problem.length}"
    return worded(problem, "IndexError", text)


@words(TooManyIndices, "numpy")
def too_many_indices(problem: TooManyIndices, version: Version) -> Raised:
    """Rank and number of indices."""
    text = f"too many indices for array: array is {len(problem.shape)}-dimensional, but {problem.count} were indexed"
    return worded(problem, "IndexError", text)


@words(BadIndex, "numpy")
def bad_index(problem: BadIndex, version: Version) -> Raised:
    """Things that are no index."""
    if problem.what == "ellipsis":
        return Raised("IndexError", "an index can only have a single ellipsis ('...')")
    if problem.what == "step":
        return Raised("ValueError", "slice step cannot be zero")
    if problem.what == "array":
        return Raised("IndexError", "arrays used as indices must be of integer (or boolean) type")
    text = (
        "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays "
        "are valid indices"
    )
    return Raised("IndexError", text)


@words(MaskMismatch, "numpy")
def mask_mismatch(problem: MaskMismatch, version: Version) -> Raised:
    """The first axis on which mask and array differ."""
    text = (
        f"boolean index did not match indexed array along axis {problem.axis}; size of axis is "
        f"{problem.shape[problem.axis]} but size of corresponding boolean axis is {problem.mask[problem.offset]}"
    )
    return worded(problem, "IndexError", text)


@words(NegativeLength, "numpy")
def negative_length(problem: NegativeLength, version: Version) -> Raised:
    """A shape with a negative length; ``linspace`` says it in its own way."""
    if problem.op == "linspace":
        return worded(problem, "ValueError", f"Number of samples, {problem.value}, must be non-negative.")
    return worded(problem, "ValueError", "negative dimensions are not allowed")


@words(RaggedArray, "numpy")
def ragged_array(problem: RaggedArray, version: Version) -> Raised:
    """A nested sequence that is no array."""
    axes = len(problem.shape)
    shape = f"({', '.join(map(str, problem.shape))}{',' if axes == 1 else ''})"
    text = (
        "setting an array element with a sequence. The requested array has an inhomogeneous shape after "
        f"{axes} dimensions. The detected shape was {shape} + inhomogeneous part."
    )
    return worded(problem, "ValueError", text)


@words(EinsumMismatch, "numpy")
def einsum(problem: EinsumMismatch, version: Version) -> Raised:
    """What the C code of ``einsum`` says; the text for lengths names axes in an order of its own."""
    if problem.what == "rank":
        wanted, rank = problem.axis, len(problem.shapes[problem.operand])  # type: ignore[arg-type]
        if wanted > rank:
            text = f"einstein sum subscripts string contains too many subscripts for operand {problem.operand}"
        else:
            text = (
                "operand has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided "
                "to broadcast the extra dimensions."
            )
        return worded(problem, "ValueError", text)
    if problem.what == "count":
        which = "fewer" if problem.operand > problem.axis else "more"  # NumPy has it the wrong way round
        text = f"{which} operands provided to einstein sum function than specified in the subscripts string"
        return worded(problem, "ValueError", text)
    if problem.what == "output":
        text = (
            f"einstein sum subscripts string included output subscript '{problem.letter}' which never appeared "
            "in an input"
        )
        return worded(problem, "ValueError", text)
    return Raised("ValueError", None, exact=False)


@words(BadArgument, "numpy")
def bad_argument(problem: BadArgument, version: Version) -> Raised:
    """Matrices that are none, or not square."""
    if problem.op != "linalg":
        return Raised(None, None, exact=False)
    if problem.what == "square":
        return worded(problem, "LinAlgError", "Last 2 dimensions of the array must be square")
    text = f"{len(problem.shape)}-dimensional array given. Array must be at least two-dimensional"
    return worded(problem, "LinAlgError", text)


@words(EmptyReduction, "numpy")
def empty_reduction(problem: EmptyReduction, version: Version) -> Raised:
    """A maximum of nothing."""
    if problem.op.startswith("arg"):
        return worded(problem, "ValueError", f"attempt to get {problem.op} of an empty sequence")
    text = f"zero-size array to reduction operation {problem.op} which has no identity"
    return worded(problem, "ValueError", text)


@words(SymbolicTensor, "numpy")
def symbolic_tensor(problem: SymbolicTensor, version: Version) -> Raised:
    """Keras' own words for a KerasTensor that has no numbers."""
    text = (
        "A KerasTensor is symbolic: it's a placeholder for a shape an a dtype. It doesn't have any actual "
        "numerical value. You cannot convert it to a NumPy array."
    )
    return Raised("ValueError", text)


def _remapped(shape: Any, rank: int) -> str:
    leading = shape[:-2]
    return f"({','.join([str(dim) for dim in leading] + ['newaxis'] * 2)})"
