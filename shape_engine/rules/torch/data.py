"""``torch.utils.data``: what a loader gives of tensors that are known (torch/utils/data/dataset.py, dataloader.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...dim import is_dim
from ...rule import Call, ClassRule, class_rule
from ...shape import Shape
from ...value import BoundMethod, Instance, Known, Tensor, Unknown, Value
from .checks import fresh, is_int

FEW = 8
"""So many batches are told one by one."""


@class_rule("torch.utils.data.Dataset")
class Dataset(ClassRule):
    """The base of all datasets."""


@class_rule("torch.utils.data.TensorDataset", "torch.utils.data.Dataset")
class TensorDataset(Dataset):
    """Tensors of one length, row by row."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        tensors = tuple(call.resolve(value) for value in args)
        known = not kwargs and all(
            isinstance(x, Tensor) and isinstance(x.shape, Shape) and len(x.shape) for x in tensors
        )
        call.set(obj, ".tensors", tensors if known else Unknown("the tensors of a dataset are not known"))

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        return call.get(obj, ".tensors") if name == "tensors" else Unknown(f"{name} of a dataset")

    def item(self, call: Call, obj: Instance, key: Value) -> Value:
        tensors = call.get(obj, ".tensors")
        if not isinstance(tensors, tuple):
            return Unknown("an item of a dataset")
        return tuple(call.invoke(Known("torch.Tensor.__getitem__"), (tensor, key)) for tensor in tensors)


@class_rule("torch.utils.data.DataLoader")
class DataLoader(ClassRule):
    """Batches of a dataset; the last one may be smaller."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        given = dict(zip(("dataset", "batch_size"), args, strict=False)) | dict(kwargs)
        special = [name for name in ("sampler", "batch_sampler", "collate_fn") if given.get(name) is not None]
        call.set(obj, ".dataset", call.resolve(given.get("dataset")))
        size, drop = given.get("batch_size", 1), given.get("drop_last", False)
        plain = len(args) <= 2 and not special and is_int(size) and size > 0 and isinstance(drop, bool)
        call.set(obj, ".batches", (size, drop) if plain else Unknown("how a loader makes batches"))

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        batches = call.get(obj, ".batches")
        if name == "batch_size" and isinstance(batches, tuple):
            return batches[0]
        return call.get(obj, ".dataset") if name == "dataset" else Unknown(f"{name} of a loader")

    def iterate(self, call: Call, obj: Instance) -> tuple[Value, ...] | None:
        sizes = self._sizes(call, obj)
        if sizes is None or len(sizes) > FEW:
            return None
        return tuple(_batch(call, call.get(obj, ".dataset"), size) for size in sizes)

    def any_item(self, call: Call, obj: Instance) -> Value:
        """One of many batches: of the full size, unless the last one is smaller."""
        batches, sizes = call.get(obj, ".batches"), self._sizes(call, obj)
        if not isinstance(batches, tuple):
            return Unknown("a batch of a loader")
        size: Any = batches[0] if batches[1] or (sizes and sizes[-1] == sizes[0]) else fresh("batch", call.site)
        return _batch(call, call.get(obj, ".dataset"), size)

    def _sizes(self, call: Call, obj: Instance) -> list[int] | None:
        """The sizes of the batches, many full ones left out; None where they are not known."""
        dataset, batches = call.get(obj, ".dataset"), call.get(obj, ".batches")
        if not isinstance(batches, tuple) or not isinstance(dataset, Instance):
            return None
        if dataset.cls == TENSORS:
            tensors = call.get(dataset, ".tensors")
            length: Any = tensors[0].shape[0] if isinstance(tensors, tuple) and tensors else None
        else:
            length = _ask(call, dataset, "__len__")
        if not is_int(length) or length < 0:
            return None
        full, rest = divmod(length, batches[0])
        return [batches[0]] * min(full, FEW + 1) + ([rest] if rest and not batches[1] else [])


TENSORS = Known("torch.utils.data.TensorDataset")


def _ask(call: Call, dataset: Instance, method: str, *args: Value) -> Value:
    """What a method gives that the user wrote for a dataset."""
    found = call.attribute(dataset, method)
    return call.invoke(found, args) if isinstance(found, BoundMethod) else Unknown(f"{method} of a dataset")


def _batch(call: Call, dataset: Value, size: Any) -> Value:
    if not isinstance(dataset, Instance):
        return Unknown("a batch of a dataset that is not known")
    if dataset.cls == TENSORS:
        tensors = call.get(dataset, ".tensors")
        return call.new_list([_rows(x, size) for x in tensors]) if isinstance(tensors, tuple) else Unknown("a batch")
    return call.freeze(_collated(call.thaw(_ask(call, dataset, "__getitem__", fresh("index", call.site))), size))


def _collated(sample: Any, size: Any) -> Any:
    """Samples put together (torch/utils/data/_utils/collate.py), all of the shape of one."""
    if isinstance(sample, Tensor) and sample.kind in ("torch", "numpy"):
        if isinstance(sample.shape, Shape) and not all(isinstance(dim, int) for dim in sample.shape):
            return Unknown("samples of a length that is not known")
        if not isinstance(sample.shape, Shape):
            return Unknown("samples that are not known")
        return Tensor(Shape((size, *sample.shape)), sample.dtype, "torch")
    if isinstance(sample, bool) or sample is None or isinstance(sample, str):
        return Unknown("samples that are no numbers")
    if is_dim(sample):
        return Tensor(Shape((size,)), "int64", "torch")
    if isinstance(sample, float):
        return Tensor(Shape((size,)), "float64", "torch")
    if isinstance(sample, (list, tuple)):
        return [_collated(item, size) for item in sample]
    if isinstance(sample, dict):
        return {key: _collated(item, size) for key, item in sample.items()}
    return Unknown("samples that are not known")


def _rows(tensor: Tensor, size: Any) -> Tensor:
    assert isinstance(tensor.shape, Shape)
    return Tensor(Shape((size, *tensor.shape[1:])), tensor.dtype, "torch")
