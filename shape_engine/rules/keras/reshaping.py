"""Flatten, Reshape, Permute, RepeatVector, and up-sampling, padding and cropping of the spatial axes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ...dim import Dim, Symbol, derived, is_dim, is_dynamic, is_symbolic, surely_differ, surely_less, surely_no_multiple
from ...evidence import collect, report
from ...formulas.join import cropped, extended, tiled
from ...formulas.reshape import flat, permuted, reshaped
from ...problems import CroppedAway, ReshapeMismatch
from ...rule import layer, phase
from ...shape import Shape, product
from .arguments import data_format_of, int_tuple
from .common import NO_RANK, as_dim, is_integer, kept, python_error, refuse, shape_of, undecided
from .machine import CONTEXT, MACHINE, Spec


@layer("keras.layers.Flatten", machine=MACHINE, **CONTEXT)
def flatten(inputs: Any) -> Any:
    """Every axis but the first made one; follows keras/src/layers/reshaping/flatten.py."""
    shape = shape_of(inputs)
    if shape is None:
        return kept(inputs, Shape(Symbol(None, ("flatten", axis)) for axis in range(2)))
    if not shape:
        return NO_RANK
    if any(map(is_dynamic, shape[1:])) and any(dim == 0 for dim in shape[1:]):  # None, not none
        return kept(inputs, Shape((shape[0], Symbol(None, ("flatten", 1), dynamic=True))))
    return kept(inputs, Shape((shape[0], flat(shape[1:]))))


@phase(flatten, "constructor")
def flatten_constructor(*, data_format: Any = None) -> dict[str, Any]:
    """The data format must be known."""
    return {"data_format": data_format_of(data_format)}


@phase(flatten, "spec")
def flatten_spec(shape: Any) -> Spec:
    """Rank 1 at least."""
    return Spec(min_ndim=1, more=True)


@layer("keras.layers.Reshape", machine=MACHINE, **CONTEXT)
def reshape(inputs: Any, *, target_shape: Any) -> Any:
    """The axes after the first under another shape; follows keras/src/layers/reshaping/reshape.py."""
    shape = shape_of(inputs)
    if shape is None or not shape or not isinstance(target_shape, tuple):
        return NO_RANK
    return kept(inputs, Shape((shape[0], *reshape_rest(Shape(shape[1:]), target_shape))))


def reshape_rest(shape: Shape, target: tuple[Any, ...]) -> Shape:
    """compute_reshape_output_shape of Keras: with an open length, -1 stays open and nothing is checked."""
    gaps = sum(1 for dim in target if dim == -1 and not isinstance(dim, bool))
    result = reshaped(shape, target)
    if any(map(is_dynamic, shape)):
        return Shape(dim if dim != -1 and is_dim(dim) else derived("reshape", shape, n, dynamic=True) for n, dim in enumerate(target)) if result is None or gaps else result  # fmt: skip
    known = all(map(is_dim, target))
    rest = product(dim for dim in target if is_dim(dim) and dim != -1)
    wrong = gaps == 0 and known and surely_differ(product(shape), rest)
    wrong = wrong or (gaps == 1 and known and (rest == 0 or surely_no_multiple(product(shape), rest)))
    if wrong:
        report(ReshapeMismatch("Reshape", shape=shape, target=target, gaps=gaps), blame=("target_shape", "inputs"))
    if result is None:
        return Shape(derived("reshape", shape, n) if dim == -1 else dim for n, dim in enumerate(target))
    return result


@phase(reshape, "constructor")
def reshape_constructor(*, target_shape: Any) -> dict[str, Any]:
    """An iterable of ints, at most one of them -1, none below."""
    if isinstance(target_shape, (int, float)) or target_shape is None or is_symbolic(target_shape):
        kind = "int" if is_symbolic(target_shape) else type(target_shape).__name__
        python_error("TypeError", f"'{kind}' object is not iterable", "target_shape")
    if not isinstance(target_shape, (list, tuple)):
        return {"target_shape": None}
    target = tuple(target_shape)
    gaps = 0
    for dim in target:
        if not isinstance(dim, int):
            continue
        if dim < -1:
            refuse("target_shape", target, "reshape-negative", "Reshape")
            return {"target_shape": None}
        gaps += dim == -1
    if gaps > 1:
        refuse("target_shape", target, "reshape-two-gaps", "Reshape")
        return {"target_shape": None}
    return {"target_shape": target}


@layer("keras.layers.Permute", machine=MACHINE, **CONTEXT)
def permute(inputs: Any, *, dims: Any) -> Any:
    """The axes after the first in another order; follows keras/src/layers/reshaping/permute.py."""
    shape = shape_of(inputs)
    if shape is None or not isinstance(dims, tuple) or len(dims) != len(shape) - 1:
        return NO_RANK
    return kept(inputs, permuted(shape, (0, *dims)))


@phase(permute, "constructor")
def permute_constructor(*, dims: Any) -> dict[str, Any]:
    """A permutation of 1 ... n."""
    if isinstance(dims, (int, float)) or dims is None:
        python_error("TypeError", f"'{type(dims).__name__}' object is not iterable", "dims")
    if not isinstance(dims, (list, tuple)) or not all(isinstance(dim, int) for dim in dims):
        return {"dims": None}
    if sorted(dims) != list(range(1, len(dims) + 1)):
        refuse("dims", dims, "permute-dims", "Permute")
        return {"dims": None}
    return {"dims": tuple(dims)}


@phase(permute, "spec")
def permute_spec(shape: Any, *, dims: Any) -> Spec | None:
    """Exactly one axis more than ``dims`` names."""
    return Spec(ndim=len(dims) + 1) if isinstance(dims, tuple) else None


@layer("keras.layers.RepeatVector", machine=MACHINE, **CONTEXT)
def repeat_vector(inputs: Any, *, n: Any, name: str) -> Any:
    """A vector ``n`` times; follows keras/src/layers/reshaping/repeat_vector.py."""
    shape = shape_of(inputs)
    return NO_RANK if shape is None or len(shape) != 2 else Shape((shape[0], as_dim(n, "n", name), shape[1]))


@phase(repeat_vector, "constructor")
def repeat_vector_constructor(*, n: Any) -> dict[str, Any]:
    """A positive int."""
    return {"n": _strict_int(n, "n", "RepeatVector")}


@phase(repeat_vector, "spec")
def repeat_vector_spec(shape: Any) -> Spec:
    """Exactly rank 2."""
    return Spec(ndim=2)


@layer("keras.layers.UpSampling1D", machine=MACHINE, **CONTEXT)
def up_sampling_1d(inputs: Any, *, size: Any, name: str) -> Any:
    """Each step ``size`` times; follows keras/src/layers/reshaping/up_sampling1d.py."""
    shape = shape_of(inputs)
    if shape is None or len(shape) != 3:
        return NO_RANK
    return Shape((shape[0], tiled(shape[1], as_dim(size, "size", name)), shape[2]))


@phase(up_sampling_1d, "constructor")
def up_sampling_1d_constructor(*, size: Any = 2) -> dict[str, Any]:
    """A positive int."""
    return {"size": _strict_int(size, "size", "UpSampling1D")}


@layer("keras.layers.UpSampling2D", machine=MACHINE, spatial=2, takes="numbers", **CONTEXT)
def up_sampling_2d(
    inputs: Any, *, size: Any, data_format: Any, interpolation: Any = "nearest", spatial: int, eager: bool
) -> Any:
    """Each cell ``size`` times along height and width; follows keras/src/layers/reshaping/up_sampling2d.py."""
    if eager and (0 in (shape_of(inputs) or ())) and interpolation != "nearest":
        return NO_RANK
    if eager and interpolation not in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"):
        return NO_RANK
    return _each(inputs, size, data_format, spatial, tiled)


@phase(up_sampling_2d, "constructor")
def up_sampling_2d_constructor(
    *, size: Any = (2, 2), data_format: Any = None, interpolation: Any = "nearest"
) -> dict[str, Any]:
    """The data format, then a tuple of positive ints; the interpolation must be a text."""
    data_format = data_format_of(data_format)
    size = int_tuple(size, 2, "size")
    if interpolation is None or isinstance(interpolation, (int, float, tuple, list)):
        python_error(
            "AttributeError", f"'{type(interpolation).__name__}' object has no attribute 'lower'", "interpolation"
        )
    return {"size": size, "data_format": data_format}


@layer("keras.layers.UpSampling3D", machine=MACHINE, spatial=3, **CONTEXT)
def up_sampling_3d(inputs: Any, *, size: Any, data_format: Any, spatial: int) -> Any:
    """Each cell ``size`` times along three axes; follows keras/src/layers/reshaping/up_sampling3d.py."""
    return _each(inputs, size, data_format, spatial, tiled)


@phase(up_sampling_3d, "constructor")
def up_sampling_3d_constructor(*, size: Any = (2, 2, 2), data_format: Any = None) -> dict[str, Any]:
    """The data format, then a tuple of positive ints."""
    data_format = data_format_of(data_format)
    return {"size": int_tuple(size, 3, "size"), "data_format": data_format}


@layer("keras.layers.ZeroPadding1D", machine=MACHINE, spatial=1, **CONTEXT)
@layer("keras.layers.ZeroPadding2D", machine=MACHINE, spatial=2, **CONTEXT)
@layer("keras.layers.ZeroPadding3D", machine=MACHINE, spatial=3, **CONTEXT)
def zero_padding(inputs: Any, *, padding: Any, data_format: Any, spatial: int, eager: bool = False) -> Any:
    """Cells added on both sides; follows zero_padding1d.py, 2d and 3d of keras/src/layers/reshaping."""
    if eager and isinstance(padding, tuple) and any(surely_less(cells, 0) for cells in _cells(padding)):
        return NO_RANK  # no kernel takes any away
    return _each(inputs, padding, data_format, spatial, _extended)


@phase(zero_padding, "constructor")
def zero_padding_constructor(*, padding: Any = 1, data_format: Any = None, spatial: int) -> dict[str, Any]:
    """The data format, then one int, one per axis, or a pair per axis."""
    data_format = data_format_of(data_format)
    if spatial == 1:
        return {"padding": (int_tuple(padding, 2, "padding", allow_zero=True),), "data_format": data_format}
    return {"padding": _pairs(padding, "padding", spatial), "data_format": data_format}


@layer("keras.layers.Cropping1D", machine=MACHINE, spatial=1, **CONTEXT)
def cropping_1d(inputs: Any, *, cropping: Any, eager: bool, spatial: int, cls: str, traced: bool = False) -> Any:
    """Cells cut off at both ends; follows keras/src/layers/reshaping/cropping1d.py."""
    return _cut(inputs, cropping, "channels_last", spatial, cls, eager, traced)


@phase(cropping_1d, "constructor")
def cropping_1d_constructor(*, cropping: Any = (1, 1)) -> dict[str, Any]:
    """One int or two."""
    return {"cropping": (int_tuple(cropping, 2, "cropping", allow_zero=True),)}


@layer("keras.layers.Cropping2D", machine=MACHINE, spatial=2, least=0, **CONTEXT)
@layer("keras.layers.Cropping3D", machine=MACHINE, spatial=3, least=1, **CONTEXT)
def cropping(inputs: Any, *, cropping: Any, data_format: Any, eager: bool, spatial: int, cls: str, traced: bool = False) -> Any:  # fmt: skip
    """Cells cut off on all sides; follows cropping2d.py and cropping3d.py of keras/src/layers/reshaping."""
    return _cut(inputs, cropping, data_format, spatial, cls, eager, traced)


@phase(cropping, "constructor")
def cropping_constructor(*, cropping: Any = None, data_format: Any = None, spatial: int, least: int) -> dict[str, Any]:
    """The data format, then one int, one per axis, or a pair per axis; 2-D crops nothing by default, 3-D one cell."""
    data_format = data_format_of(data_format)
    cropping = least if cropping is None else cropping
    if isinstance(cropping, int) and cropping < 0:
        return {"cropping": refuse("cropping", cropping, "cropping-negative"), "data_format": data_format}
    return {"cropping": _pairs(cropping, "cropping", spatial), "data_format": data_format}


@phase(up_sampling_1d, "spec")
def up_sampling_1d_spec(shape: Any) -> Spec:
    """Exactly rank 3."""
    return Spec(ndim=3)


@phase(up_sampling_2d, "spec")
@phase(up_sampling_3d, "spec")
@phase(zero_padding, "spec")
@phase(cropping_1d, "spec")
@phase(cropping, "spec")
def spatial_spec(shape: Any, *, spatial: int) -> Spec:
    """Exactly the rank of a batch of images of this dimension."""
    return Spec(ndim=spatial + 2)


def _each(inputs: Any, settings: Any, data_format: Any, spatial: int, formula: Callable[[Dim, Any], Dim]) -> Any:
    """A formula of the length and its setting, on every spatial axis."""
    shape = shape_of(inputs)
    if shape is None or len(shape) != spatial + 2:
        return NO_RANK
    if undecided(data_format) or not isinstance(settings, tuple):
        return Shape(derived("spatial", shape, axis, dynamic=is_dynamic(dim)) for axis, dim in enumerate(shape))
    first = 2 if data_format == "channels_first" else 1
    dims = list(shape)
    for axis, setting in enumerate(settings, first):
        known = _known_setting(setting)
        dims[axis] = (
            formula(dims[axis], setting) if known else derived("spatial", shape, axis, dynamic=is_dynamic(dims[axis]))
        )
    return Shape(dims)


def _cells(padding: tuple[Any, ...]) -> Iterator[Any]:
    for pair in padding:
        yield from (cells for cells in (pair if isinstance(pair, tuple) else ()) if is_dim(cells))


def _extended(size: Dim, pair: tuple[Dim, Dim]) -> Dim:
    return extended(size, *pair)


def _cropped(size: Dim, pair: tuple[Dim, Dim]) -> Dim:
    return cropped(size, *pair)


def _cut(inputs: Any, cropping: Any, data_format: Any, spatial: int, cls: str, eager: bool, traced: bool) -> Any:  # fmt: skip
    shape = shape_of(inputs)
    result = _each(inputs, cropping, data_format, spatial, _cropped)
    if shape is None or not isinstance(result, Shape) or not isinstance(cropping, tuple):
        return result
    inner = range(2, len(shape)) if data_format == "channels_first" else range(1, len(shape) - 1)
    gone = [
        axis
        for axis, dim in enumerate(result)
        if not is_dynamic(shape[axis]) and surely_less(dim, 1) and (dim != shape[axis] or (dim == 0 and axis in inner))
    ]
    if not gone:
        return kept(inputs, result, eager)
    report(CroppedAway(shape, cropping, cls, symbolic=not (eager or traced)), blame=("cropping", "inputs"))
    return Shape(derived("cropped", shape, axis) if axis in gone else dim for axis, dim in enumerate(result))


def _known_setting(setting: Any) -> bool:
    return all(map(is_dim, setting)) if isinstance(setting, tuple) else is_dim(setting)


def _pairs(value: Any, name: str, spatial: int) -> Any:
    """One int, one int per axis or a pair per axis, as pairs."""
    if undecided(value):
        return value
    if is_integer(value):
        return ((value, value),) * spatial
    if not isinstance(value, (tuple, list, str, dict)):
        return refuse(name, value, f"{name}-type-{spatial}")
    if len(value) != spatial:
        return refuse(name, value, f"{name}-count-{spatial}")
    if isinstance(value, dict):
        return None
    ordinals = ("1st", "2nd", "3rd")
    with collect() as record:
        pairs = tuple(
            int_tuple(item, 2, f"{ordinals[n]} entry of {name}", allow_zero=True) for n, item in enumerate(value)
        )
    for found in record.reports[:1]:
        report(found.problem, blame=(name,))
    return pairs


def _strict_int(value: Any, name: str, layer_name: str) -> Any:
    """An int that is no bool, at least 1."""
    if undecided(value):
        return value
    if not is_integer(value) or isinstance(value, bool):
        kind = type(value).__name__
        python_error("TypeError", f"Expected an integer value for `{name}`, got <class '{kind}'>.", name)
        return None
    return refuse(name, value, "positive-integer", layer_name) if surely_less(value, 1) else value
