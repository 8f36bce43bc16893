"""Problems of layers and models: their inputs, settings and weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ..shape import AnyShape
from .base import Problem


@dataclass(frozen=True)
class WrongRank(Problem):
    """The input has the wrong number of axes.  ``least`` / ``most`` bound what is accepted."""

    code: ClassVar[str] = "wrong-rank"
    shape: AnyShape
    layer: str = ""
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class MissingBatchAxis(WrongRank):
    """The input lacks one axis, and would fit with a batch axis in front."""

    code: ClassVar[str] = "missing-batch-axis"


@dataclass(frozen=True)
class ChannelMismatch(Problem):
    """A layer whose weights are made for ``expected`` channels is given ``actual``."""

    code: ClassVar[str] = "channel-mismatch"
    actual: Any
    expected: Any
    axis: int
    shape: AnyShape
    layer: str = ""
    weight: tuple[Any, ...] = ()
    groups: Any = 1


@dataclass(frozen=True)
class WindowTooBig(Problem):
    """A kernel spans more cells than the (padded) input has."""

    code: ClassVar[str] = "window-too-big"
    shape: AnyShape
    kernel: tuple[Any, ...]
    strides: tuple[Any, ...] = ()
    padding: Any = "valid"
    dilation: tuple[Any, ...] = ()
    layer: str = ""


@dataclass(frozen=True)
class UndefinedResult(WindowTooBig):
    """A built layer is called eagerly on too small an input: what comes back is not defined."""

    code: ClassVar[str] = "undefined-result"


@dataclass(frozen=True)
class GroupsDoNotDivide(Problem):
    """``groups`` does not divide the number of input channels (``of`` = "channels") or filters."""

    code: ClassVar[str] = "groups-do-not-divide"
    of: str
    count: Any
    groups: Any
    shape: AnyShape | None = None


@dataclass(frozen=True)
class NotPositive(Problem):
    """A setting that must be positive is not."""

    code: ClassVar[str] = "not-positive"
    name: str
    value: Any

    @property
    def refused(self) -> tuple[Any, ...]:
        return (self.value,)


@dataclass(frozen=True)
class BadSetting(Problem):
    """An argument of a constructor that the framework refuses; ``why`` tells which rule it breaks.

    ``options`` are what is allowed, ``axes`` how many numbers are asked for, ``bad`` the culprits in ``value``.
    """

    code: ClassVar[str] = "bad-setting"
    name: str
    value: Any
    why: str = ""
    options: tuple[Any, ...] = ()
    axes: int = 0
    bad: tuple[Any, ...] = ()
    layer: str = ""

    @property
    def refused(self) -> tuple[Any, ...]:
        return (self.value,)


@dataclass(frozen=True)
class StridesWithDilation(Problem):
    """Both ``strides`` and ``dilation_rate`` are more than one."""

    code: ClassVar[str] = "strides-with-dilation"
    strides: tuple[Any, ...]
    dilation: tuple[Any, ...]


@dataclass(frozen=True)
class OutputPaddingTooBig(Problem):
    """``output_padding`` is not smaller than ``strides``, first along ``axis``."""

    code: ClassVar[str] = "output-padding-too-big"
    axis: int
    output_padding: tuple[Any, ...]
    strides: tuple[Any, ...]


@dataclass(frozen=True)
class WrongArguments(Problem):
    """A call whose arguments do not fit the parameters.

    ``why`` is "missing", "unexpected", "too-many", "repeated"; ``function`` is "Conv2D.__init__" or "" where
    the framework binds by itself; ``names`` are the arguments at fault, ``counts`` (least, most, given).
    """

    code: ClassVar[str] = "wrong-arguments"
    why: str
    function: str = ""
    names: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()
    counts: tuple[int, ...] = ()
    layer: str = ""


@dataclass(frozen=True)
class NotATensor(Problem):
    """A layer is given something that is no tensor; ``value`` and ``type`` as Python prints them.

    ``layer`` is the one whose input spec says so, None where it is said before.
    """

    code: ClassVar[str] = "not-a-tensor"
    value: str
    type: str
    layer: str | None = None


@dataclass(frozen=True)
class WrongInputCount(Problem):
    """A layer that takes ``expected`` tensors is given the tensors of these shapes."""

    code: ClassVar[str] = "wrong-input-count"
    expected: int
    inputs: tuple[Any, ...]
    layer: str = ""


@dataclass(frozen=True)
class UnknownLength(Problem):
    """A length that must be fixed to build weights is None; ``weight`` is the shape asked for, if it came so far."""

    code: ClassVar[str] = "unknown-length"
    shape: AnyShape | None = None
    weight: tuple[Any, ...] = ()
    path: str = ""
    operation: tuple[str, ...] = ()

    @property
    def refused(self) -> tuple[Any, ...]:
        return (None,) if self.shape is None and None in self.weight else ()


@dataclass(frozen=True)
class BadWeightShape(Problem):
    """A weight is asked for with a shape that is none: a dimension is negative or no int."""

    code: ClassVar[str] = "bad-weight-shape"
    weight: tuple[Any, ...]
    bad: Any = None


@dataclass(frozen=True)
class WrongDtype(Problem):
    """Numbers of a kind that the operation cannot compute with."""

    code: ClassVar[str] = "wrong-dtype"
    dtype: str
    expected: str = ""
    operation: str = ""
    weight: tuple[Any, ...] = ()
    path: str = ""


@dataclass(frozen=True)
class KernelRankMismatch(WrongRank):
    """The input has more axes than the kernel was made for."""

    kernel: tuple[Any, ...] = ()


@dataclass(frozen=True)
class AlreadyBuilt(Problem):
    """State is added to a layer that is built: ``build`` is called twice."""

    code: ClassVar[str] = "already-built"
    layer: str = ""


@dataclass(frozen=True)
class NotBuilt(Problem):
    """``name`` is asked of a layer that has no weights yet."""

    code: ClassVar[str] = "not-built"
    name: str
    layer: str = ""
    cls: str = ""


@dataclass(frozen=True)
class PythonError(Problem):
    """Plain Python refuses: the exception's type and text."""

    code: ClassVar[str] = "python-error"
    type: str
    text: str

    @property
    def refused(self) -> tuple[Any, ...]:
        return (None,) if "NoneType" in self.text else ()


@dataclass(frozen=True)
class LostName(PythonError):
    """A framework's module has a name no more; ``today`` is the target that is meant, "" where there is none."""

    module: str = ""
    name: str = ""
    today: str = ""


@dataclass(frozen=True)
class LegacyRefusal(PythonError):
    """What a constructor of Keras 2 refuses before all else that it looks at: ``values`` of its settings."""

    values: tuple[Any, ...] = ()

    @property
    def refused(self) -> tuple[Any, ...]:
        return self.values


@dataclass(frozen=True)
class RefusedSetting(BadSetting):
    """A constructor's own refusal, told by ``why``; ``quoted`` are other numbers that its text quotes."""

    quoted: tuple[Any, ...] = ()


@dataclass(frozen=True)
class RefusedOptimizer(RefusedSetting):
    """A refusal of an optimizer, or of a schedule of its learning rate."""


@dataclass(frozen=True)
class RefusedInputs(Problem):
    """Tensors that a layer refuses to work on together, or at all; ``why`` tells which rule they break."""

    code: ClassVar[str] = "wrong-inputs"
    why: str
    shapes: tuple[Any, ...]
    of: str = ""
    quoted: tuple[Any, ...] = ()


@dataclass(frozen=True)
class CroppedAway(Problem):
    """More is cut off than there is."""

    code: ClassVar[str] = "cropped-away"
    shape: AnyShape
    cropping: tuple[Any, ...]
    of: str = ""
    symbolic: bool = False


@dataclass(frozen=True)
class PoolTooBig(WindowTooBig):
    """A pooling window spans more cells than the input has; ``graph``: TensorFlow's says so, while it is built."""

    channels_last: bool = True
    graph: bool = False


@dataclass(frozen=True)
class ModelInputMismatch(Problem):
    """A model that was made for inputs of one shape is given another one; ``index`` counts the inputs."""

    code: ClassVar[str] = "model-input-mismatch"
    expected: AnyShape
    actual: AnyShape
    index: int = 0
    name: str = ""
    layer: str = ""


@dataclass(frozen=True)
class ModelInputRank(ModelInputMismatch):
    """As above, found only after the check of the model itself: the wrong number of axes.  ``name`` is the tensor's."""

    path: str = ""
    value: str = ""


@dataclass(frozen=True)
class WrongModelInputs(Problem):
    """A model is given another number of inputs than it was made for, or lacks one of them (``missing``)."""

    code: ClassVar[str] = "wrong-input-count"
    names: tuple[str, ...]
    given: tuple[str, ...]
    count: int
    layer: str = ""
    missing: str = ""


@dataclass(frozen=True)
class DisconnectedModel(Problem):
    """An output of a model that does not depend on its inputs alone."""

    code: ClassVar[str] = "disconnected-model"
    path: str = ""


@dataclass(frozen=True)
class BadModel(Problem):
    """A model that cannot be put together, or asked for what it does not have; ``why`` tells the rule it breaks."""

    code: ClassVar[str] = "bad-model"
    why: str
    model: str = ""
    quoted: tuple[Any, ...] = ()


@dataclass(frozen=True)
class UndefinedShape(NotBuilt):
    """A Sequential model that has not seen an input is asked for its shapes."""
