"""What is wrong with a call on arrays, in one line each."""

from __future__ import annotations

from typing import Any

from ..problems import (
    BadArgument,
    BadDataset,
    BadIndex,
    BadSize,
    BroadcastMismatch,
    DtypeMismatch,
    EinsumMismatch,
    EmptyReduction,
    IndexOutOfRange,
    InnerMismatch,
    JoinMismatch,
    MaskMismatch,
    NegativeLength,
    NoSuchAxis,
    NothingToJoin,
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
from ..snapshot import Finding
from . import shapes
from .problems import says


@says(BroadcastMismatch)
def _broadcast(problem: BroadcastMismatch, finding: Finding) -> str:
    if problem.target is not None:
        return f"{_all(problem.shapes)} cannot be stretched to {shapes.shape(problem.target)}"
    return f"the shapes {_all(problem.shapes)} do not fit together, axis by axis from the end"


@says(InnerMismatch)
def _inner(problem: InnerMismatch, finding: Finding) -> str:
    left, right = _turned(problem.left, problem.transposed[0]), _turned(problem.right, problem.transposed[1])
    text = f"{shapes.shape(left)} @ {shapes.shape(right)}"
    if not left or not right:
        return f"{text} is no product of matrices"
    rows = right[-2] if len(right) > 1 else right[0]
    return f"{text}: the inner lengths {shapes.dim(left[-1])} and {shapes.dim(rows)} differ"


@says(TooFewAxes)
def _too_few_axes(problem: TooFewAxes, finding: Finding) -> str:
    needed = f"at least {problem.needed} {'axis' if problem.needed == 1 else 'axes'}"
    return f"{_op(problem, finding)} needs {needed}, {shapes.shape(problem.shape)} has {len(problem.shape)}"


@says(ReshapeMismatch)
def _reshape(problem: ReshapeMismatch, finding: Finding) -> str:
    source, target = shapes.shape(problem.shape), shapes.shape(problem.target)
    gaps = max(problem.gaps, list(problem.target).count(-1))
    if gaps > 1:
        return f"{target} has {gaps} lengths of -1, and only one can be worked out"
    size, wanted = _elements(problem.shape), _elements([dim for dim in problem.target if dim != -1])
    if size and wanted:
        rest = f"cannot be divided into parts of {wanted}" if gaps else f"do not fill {wanted}"
        return f"the {size} elements of {source} {rest}: no {target}"
    return f"the elements of {source} do not fill {target}"


@says(BadSize)
def _bad_size(problem: BadSize, finding: Finding) -> str:
    size, wanted = _elements(problem.shape), _elements(problem.target)
    numbers = f"{size} numbers" if size and size != "1" else "the numbers"
    needs = f", which has {wanted} elements" if wanted else ""
    return f"{numbers} of shape {shapes.shape(problem.shape)} do not fill {shapes.shape(problem.target)}{needs}"


@says(BadArgument)
def _bad_argument(problem: BadArgument, finding: Finding) -> str:
    op, value, shape = _op(problem, finding), problem.value, shapes.shape(problem.shape)
    both = isinstance(value, (tuple, list)) and len(value) == 2
    match problem.what:
        case "depth" if both:
            return f"the input {shape} has {shapes.dim(value[0])} channels, the filters are made for {shapes.dim(value[1])}"
        case "groups" if both:
            return f"the {shapes.dim(value[1])} groups of the input {shape} do not divide the {shapes.dim(value[0])} filters"
        case "feed":
            return f"an array of shape {shape} is fed to a placeholder of shape {shapes.setting(value)}"
        case "bias" | "filter":
            return f"{op}: a {problem.what} of shape {shape} has the wrong number of axes"
        case "rank" if problem.shape:
            return f"{op} does not take an array of shape {shape}: the number of axes is wrong"
        case "length" if value is not None:
            return f"{op}: {shapes.setting(value)} does not fit the channels of {shape}"
        case "begin" if both:
            return f"{op}: the start {shapes.dim(value[0])} lies outside axis {problem.axis}, whose length is {shapes.dim(value[1])}"
        case "size" if both:
            return f"{op}: {shapes.dim(value[0])} entries are asked for on axis {problem.axis}, and {shapes.dim(value[1])} are left"
        case "columns" if both:
            return f"{op}: {shapes.dim(value[1])} entries are asked for, and there are {shapes.dim(value[0])}"
        case "shape" | "assign" | "mask" if problem.shape and value is not None:
            return f"{op}: the shapes {shape} and {shapes.setting(value)} do not fit"
        case "" if problem.shape and value is not None:
            return f"{op}: the shapes {shape} and {shapes.setting(value)} do not fit"
    given = f" {shapes.setting(value)}" if value is not None else ""
    of = f" for {shape}" if problem.shape else ""
    what = problem.what.replace("-", " ").replace("_", " ")
    return f"{op} does not accept the argument{given}{of}" + (f" ({what})" if what else "")


@says(NoSuchAxis)
def _no_such_axis(problem: NoSuchAxis, finding: Finding) -> str:
    axes = f"{problem.rank} {'axis' if problem.rank == 1 else 'axes'}"
    span = f" ({-problem.rank} to {problem.rank - 1})" if problem.rank else ""
    return f"there is no axis {shapes.setting(problem.axis)}: the array has {axes}{span}"


@says(RepeatedAxis)
def _repeated_axis(problem: RepeatedAxis, finding: Finding) -> str:
    return f"axis {shapes.setting(problem.axis)} is named twice"


@says(JoinMismatch)
def _join(problem: JoinMismatch, finding: Finding) -> str:
    pair = (
        (problem.shapes[0], problem.shapes[problem.position])
        if problem.position < len(problem.shapes)
        else problem.shapes
    )
    along = "stacked" if problem.axis is None else f"joined along axis {problem.axis}"
    text = f"{_all(pair)} cannot be {along}"
    if problem.at is None:
        return f"{text}: they have different numbers of axes"
    return f"{text}: they differ on axis {problem.at}"


@says(NothingToJoin)
def _nothing_to_join(problem: NothingToJoin, finding: Finding) -> str:
    return "scalars have no axis to join along" if problem.scalars else "there is nothing to join"


@says(SqueezeMismatch)
def _squeeze(problem: SqueezeMismatch, finding: Finding) -> str:
    at = problem.axis
    length = shapes.dim(problem.shape[at]) if -len(problem.shape) <= at < len(problem.shape) else "?"
    return f"axis {at} of {shapes.shape(problem.shape)} cannot be squeezed out: its length is {length}, not 1"


@says(WrongPermutation)
def _permutation(problem: WrongPermutation, finding: Finding) -> str:
    return (
        f"{shapes.setting(problem.order)} is no order of the {len(problem.shape)} axes of {shapes.shape(problem.shape)}"
    )


@says(UnevenSplit)
def _split(problem: UnevenSplit, finding: Finding) -> str:
    length = (
        shapes.dim(problem.shape[problem.axis]) if -len(problem.shape) <= problem.axis < len(problem.shape) else "?"
    )
    parts = shapes.setting(problem.sections)
    what = f"parts of {parts}" if isinstance(problem.sections, (tuple, list)) else f"{parts} equal parts"
    return f"axis {problem.axis} of {shapes.shape(problem.shape)} has {length} entries, which are not {what}"


@says(WrongLength)
def _wrong_length(problem: WrongLength, finding: Finding) -> str:
    actual, expected = shapes.setting(problem.actual), shapes.setting(problem.expected)
    of = f" for {shapes.shape(problem.shape)}" if problem.shape else ""
    return f"{problem.name or 'the argument'} has {actual} entries, it must have {expected}{of}"


@says(IndexOutOfRange)
def _index(problem: IndexOutOfRange, finding: Finding) -> str:
    of = f" of {shapes.shape(problem.shape)}" if problem.shape else ""
    return f"index {shapes.setting(problem.index)} lies outside axis {problem.axis}{of}, whose length is {shapes.dim(problem.length)}"


@says(TooManyIndices)
def _too_many_indices(problem: TooManyIndices, finding: Finding) -> str:
    return f"{problem.count} axes are indexed, but {shapes.shape(problem.shape)} has {len(problem.shape)}"


@says(BadIndex)
def _bad_index(problem: BadIndex, finding: Finding) -> str:
    key = f" [{problem.key}]" if problem.key else ""
    words = {"ellipsis": "there is more than one ... in it", "step": "its step is not allowed"}
    return f"the index{key} cannot be used: " + words.get(problem.what, f"a {problem.what} is no index")


@says(MaskMismatch)
def _mask(problem: MaskMismatch, finding: Finding) -> str:
    return f"the mask {shapes.shape(problem.mask)} does not fit {shapes.shape(problem.shape)} on axis {problem.axis}"


@says(NegativeLength)
def _negative(problem: NegativeLength, finding: Finding) -> str:
    return f"an axis cannot have the length {shapes.setting(problem.value)}"


@says(RaggedArray)
def _ragged(problem: RaggedArray, finding: Finding) -> str:
    common = f" beyond {shapes.shape(problem.shape)}" if problem.shape else ""
    return f"the parts of the nested sequence have different lengths{common}"


@says(EinsumMismatch)
def _einsum(problem: EinsumMismatch, finding: Finding) -> str:
    equation = f"einsum '{problem.equation}'"
    match problem.what:
        case "count":
            return f"{equation} speaks of another number of operands than the {len(problem.shapes)} given"
        case "rank" if problem.operand < len(problem.shapes):
            return f"{equation} does not fit the axes of operand {problem.operand}, {shapes.shape(problem.shapes[problem.operand])}"
        case "length":
            return f"{equation}: '{problem.letter}' stands for the lengths {' and '.join(map(shapes.dim, problem.lengths))}"
        case "output":
            return f"{equation}: '{problem.letter}' of the output is in no operand"
    return f"{equation} does not fit {_all(problem.shapes)}"


@says(DtypeMismatch)
def _dtypes(problem: DtypeMismatch, finding: Finding) -> str:
    return f"{_op(problem, finding)} is given {' and '.join(problem.dtypes)} numbers, and converts none of them"


@says(EmptyReduction)
def _empty(problem: EmptyReduction, finding: Finding) -> str:
    along = f" along axis {problem.axis}" if problem.axis is not None else ""
    return f"{shapes.shape(problem.shape)} has nothing{along} to take a maximum or minimum of"


@says(SymbolicTensor)
def _symbolic(problem: SymbolicTensor, finding: Finding) -> str:
    to = f"{shapes.FRAMEWORKS.get(problem.to, problem.to)} " if problem.to else ""
    return f"a symbolic Keras tensor has no numbers yet: {to}functions cannot take it"


@says(BadDataset)
def _dataset(problem: BadDataset, finding: Finding) -> str:
    match problem.what:
        case "rows":
            one, other = map(shapes.dim, problem.lengths)
            return f"the arrays of a dataset have {one} and {other} rows"
        case "scalar" | "unbatch-scalar":
            return "a single number has no rows to make elements of"
        case "empty":
            return "there is nothing to make a dataset of"
        case "batch-size":
            return "a batch holds at least one element"
        case "infinite":
            return "this dataset never ends, so that it has no length"
        case "uncounted":
            return "how many elements this dataset has, is found out only by going through it"
        case "no-signature":
            return "a dataset of a generator has to be told what the elements are"
        case "samples":
            return f"the arrays have {' and '.join(map(shapes.dim, problem.lengths))} rows"
        case "features":
            have, wanted, _ = problem.lengths
            return f"this was fitted for {shapes.dim(wanted)} columns and is given {shapes.dim(have)}"
        case "part-size":
            name, size, total = problem.lengths
            return f"{name}={size} is not less than the {shapes.dim(total)} rows"
        case "parts":
            return f"the parts have {problem.lengths[0]} rows together, there are only {shapes.dim(problem.lengths[1])}"
        case "empty-part":
            return f"of {shapes.dim(problem.lengths[0])} rows nothing is left for training"
        case "label-rank" | "table-rank":
            axes = "one axis" if problem.what == "label-rank" else "two axes: rows and columns"
            return f"{shapes.shape(problem.lengths[0])} is given where the data has to have {axes}"
        case "folds":
            return f"{problem.lengths[0]} parts cannot be made of {shapes.dim(problem.lengths[1])} rows"
    return "datasets are zipped as a tuple, not as a list"


def _op(problem: Any, finding: Finding) -> str:
    return shapes.maker(finding.made) or getattr(problem, "op", "") or "the call"


def _all(all_shapes: tuple[Any, ...]) -> str:
    return " and ".join(map(shapes.shape, all_shapes)) or "the operands"


def _turned(dims: tuple[Any, ...], transposed: bool) -> tuple[Any, ...]:
    return (*dims[:-2], dims[-1], dims[-2]) if transposed and len(dims) > 1 else tuple(dims)


def _elements(dims: Any) -> str:
    size = 1
    for dim in dims:
        if not isinstance(dim, int):
            return ""
        size *= dim
    return str(size)
