"""Problems of calls on arrays, whatever the framework."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from ..shape import AnyShape
from .base import Problem


@dataclass(frozen=True)
class ArrayProblem(Problem):
    """A mistake in a call on arrays.  ``op`` is the framework's own name of the operation.

    ``graph`` tells that a graph was being traced, where other parts of the framework complain.
    """

    op: str = ""
    graph: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class BroadcastMismatch(ArrayProblem):
    """Shapes that do not fit together element by element; ``target`` is what one is stretched to, if given."""

    code: ClassVar[str] = "broadcast-mismatch"
    shapes: tuple[AnyShape, ...] = ()
    target: AnyShape | None = None


@dataclass(frozen=True)
class InnerMismatch(ArrayProblem):
    """The axes that a product of matrices sums over have different lengths."""

    code: ClassVar[str] = "inner-mismatch"
    left: tuple[Any, ...] = ()
    right: tuple[Any, ...] = ()
    transposed: tuple[bool, bool] = (False, False)


@dataclass(frozen=True)
class TooFewAxes(ArrayProblem):
    """An array has fewer axes than the operation needs: ``which`` argument, counted from 0."""

    code: ClassVar[str] = "wrong-rank"
    shape: tuple[Any, ...] = ()
    needed: int = 0
    which: int = 0


@dataclass(frozen=True)
class ReshapeMismatch(ArrayProblem):
    """The elements do not fill the new shape; ``gaps`` counts its -1."""

    code: ClassVar[str] = "reshape-mismatch"
    shape: tuple[Any, ...] = ()
    target: tuple[Any, ...] = ()
    gaps: int = 0


@dataclass(frozen=True)
class NoSuchAxis(ArrayProblem):
    """The array has no such axis.  ``role`` is the word that the framework puts before it, if any."""

    code: ClassVar[str] = "axis-out-of-range"
    axis: Any = None
    rank: int = 0
    role: str = ""


@dataclass(frozen=True)
class RepeatedAxis(ArrayProblem):
    """One axis is named twice."""

    code: ClassVar[str] = "repeated-axis"
    axis: Any = None


@dataclass(frozen=True)
class JoinMismatch(ArrayProblem):
    """Arrays that are joined differ on axis ``at`` (None: in rank); ``position`` tells the array at fault."""

    code: ClassVar[str] = "join-mismatch"
    shapes: tuple[AnyShape, ...] = ()
    axis: int | None = None
    position: int = 1
    at: int | None = None


@dataclass(frozen=True)
class NothingToJoin(ArrayProblem):
    """No arrays (or only scalars, ``scalars``) are joined."""

    code: ClassVar[str] = "nothing-to-join"
    scalars: bool = False


@dataclass(frozen=True)
class SqueezeMismatch(ArrayProblem):
    """An axis that is not of length 1 is squeezed out."""

    code: ClassVar[str] = "squeeze-mismatch"
    shape: tuple[Any, ...] = ()
    axis: int = 0


@dataclass(frozen=True)
class WrongPermutation(ArrayProblem):
    """``order`` is no permutation of the axes of ``shape``."""

    code: ClassVar[str] = "wrong-permutation"
    counts_axes: ClassVar[bool] = True
    shape: tuple[Any, ...] = ()
    order: tuple[Any, ...] = ()


@dataclass(frozen=True)
class UnevenSplit(ArrayProblem):
    """An axis is split into parts that do not add up to it; ``sections`` is a count or the parts' lengths."""

    code: ClassVar[str] = "uneven-split"
    shape: tuple[Any, ...] = ()
    axis: int = 0
    sections: Any = None


@dataclass(frozen=True)
class WrongLength(ArrayProblem):
    """An argument must have ``expected`` entries (one per axis) and has ``actual``."""

    code: ClassVar[str] = "wrong-length"
    name: str = ""
    actual: Any = None
    expected: Any = None
    shape: tuple[Any, ...] = ()


@dataclass(frozen=True)
class IndexOutOfRange(ArrayProblem):
    """An index lies outside an axis."""

    code: ClassVar[str] = "index-out-of-range"
    index: Any = None
    axis: int = 0
    length: Any = None
    shape: tuple[Any, ...] = ()
    key: str = ""


@dataclass(frozen=True)
class TooManyIndices(ArrayProblem):
    """More axes are indexed than there are."""

    code: ClassVar[str] = "too-many-indices"
    count: int = 0
    shape: tuple[Any, ...] = ()
    key: str = ""


@dataclass(frozen=True)
class BadIndex(ArrayProblem):
    """Something that cannot be an index: ``what`` names it ("ellipsis", "float", "str", "step", "list")."""

    code: ClassVar[str] = "bad-index"
    what: str = ""
    key: str = ""
    axis: int = 0


@dataclass(frozen=True)
class MaskMismatch(ArrayProblem):
    """A boolean index has another length than the axis that it selects from."""

    code: ClassVar[str] = "mask-mismatch"
    shape: tuple[Any, ...] = ()
    mask: tuple[Any, ...] = ()
    axis: int = 0
    offset: int = 0


@dataclass(frozen=True)
class NegativeLength(ArrayProblem):
    """An array with an axis of negative length is asked for."""

    code: ClassVar[str] = "negative-length"
    value: Any = None


@dataclass(frozen=True)
class RaggedArray(ArrayProblem):
    """A nested sequence whose parts have different lengths; ``shape`` is what they have in common."""

    code: ClassVar[str] = "ragged-array"
    shape: tuple[Any, ...] = ()


@dataclass(frozen=True)
class EinsumMismatch(ArrayProblem):
    """An einsum that does not fit its operands: ``what`` is "count", "rank", "output" or "length"."""

    code: ClassVar[str] = "einsum-mismatch"
    what: str = ""
    equation: str = ""
    shapes: tuple[AnyShape, ...] = ()
    operand: int = 0
    letter: str = ""
    lengths: tuple[Any, ...] = ()
    axis: int = 0


@dataclass(frozen=True)
class DtypeMismatch(ArrayProblem):
    """Arguments of different dtypes where the framework does not convert; ``position`` is the one at fault."""

    code: ClassVar[str] = "dtype-mismatch"
    compares_dtypes: ClassVar[bool] = True
    dtypes: tuple[str, ...] = ()
    position: int = 1


@dataclass(frozen=True)
class EmptyReduction(ArrayProblem):
    """A maximum or minimum of nothing."""

    code: ClassVar[str] = "empty-reduction"
    shape: tuple[Any, ...] = ()
    axis: int | None = None


@dataclass(frozen=True)
class SymbolicTensor(ArrayProblem):
    """A symbolic Keras tensor is given to something that needs numbers: ``to`` is "tensorflow", "numpy", ..."""

    code: ClassVar[str] = "symbolic-tensor"
    to: str = ""


@dataclass(frozen=True)
class BadSize(ArrayProblem):
    """A sequence of numbers is given another shape than its elements fill."""

    code: ClassVar[str] = "reshape-mismatch"
    shape: tuple[Any, ...] = ()
    target: tuple[Any, ...] = ()


@dataclass(frozen=True)
class BadArgument(ArrayProblem):
    """An argument of an array function that it does not accept; ``what`` names the case for the wording."""

    code: ClassVar[str] = "bad-argument"
    what: str = ""
    value: Any = None
    shape: tuple[Any, ...] = ()
    axis: int = 0
