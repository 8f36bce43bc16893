"""What Keras keeps for old programs: ``ImageDataGenerator``, ``TimeseriesGenerator`` and ``Tokenizer``.

Follows keras/src/legacy/preprocessing; found as ``tf.keras.preprocessing``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...dim import is_dim, surely_differ, surely_less
from ...dtypes import dtype_name
from ...evidence import collect, report
from ...problems import Problem, PythonError
from ...rule import MISSING, REGISTRY, Call, class_rule, function
from ...shape import Shape
from ...value import BoundMethod, Instance, Known, Tensor, Unknown, Value
from ..arrays import number, operand
from ..datasets import Elements, Length, batched, concrete, rows
from .applications import CHANNELS_FIRST
from .data_utils import CHANNELS, TEXT, TEXTS, PyDataset

FLOW = Known("keras.preprocessing.image.Iterator")
SETTINGS = (
    "featurewise_center", "samplewise_center", "featurewise_std_normalization", "samplewise_std_normalization",
    "zca_whitening", "zca_epsilon", "rotation_range", "width_shift_range", "height_shift_range", "brightness_range",
    "shear_range", "zoom_range", "channel_shift_range", "fill_mode", "cval", "horizontal_flip", "vertical_flip", "rescale",
    "preprocessing_function", "data_format", "validation_split", "interpolation_order", "dtype",
)  # fmt: skip


@class_rule("keras.preprocessing.image.Iterator", "keras.utils.PyDataset")
class Flow(PyDataset):
    """Batches of pictures without end; the last one of a round may be smaller."""

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        target = f"{self.target}.{name}"
        return BoundMethod(Known(target), obj) if REGISTRY.find(target) is not None else MISSING

    def any_item(self, call: Call, obj: Instance) -> Value:
        batches, taken = call.get(obj, ".elements"), call.get(obj, ".taken", 0)
        if not isinstance(batches, Elements):
            return Unknown("a batch of pictures")
        known = isinstance(taken, int) and isinstance(batches.count, int) and taken < batches.count
        call.set(obj, ".taken", taken + 1 if isinstance(taken, int) else Unknown("how many were taken"))
        return concrete(call, batches, taken if known else None, "numpy")

    def item(self, call: Call, obj: Instance, key: Value) -> Value:
        batches = call.get(obj, ".elements")
        if not isinstance(batches, Elements):
            return Unknown("a batch of pictures")
        known = isinstance(key, int) and isinstance(batches.count, int) and 0 <= key < batches.count
        return concrete(call, batches, key if known else None, "numpy")


@function("keras.preprocessing.image.Iterator.__len__")
def flow_length(call: Call, self: Value) -> Value:
    """How many batches one round has."""
    batches = call.get(self, ".elements")
    return batches.count if isinstance(batches, Elements) and is_dim(batches.count) else call.symbol()


@function("keras.preprocessing.image.Iterator.__next__")
@function("keras.preprocessing.image.Iterator.next")
def flow_next(call: Call, self: Instance) -> Value:
    """The next batch."""
    return Flow().any_item(call, self)


@function("keras.preprocessing.image.Iterator.__iter__")
def flow_iter(call: Call, self: Value) -> Value:
    """Itself."""
    return self


@function("keras.preprocessing.image.Iterator.reset")
def flow_reset(call: Call, self: Instance) -> None:
    """Begins a round anew."""
    call.set(self, ".taken", 0)


@class_rule("keras.preprocessing.image.ImageDataGenerator")
class ImageDataGenerator(PyDataset):
    """Settings of how pictures are changed: none of them changes their shape."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        given = dict(zip(SETTINGS, args, strict=False)) | dict(kwargs)
        call.set(obj, ".dtype", given.get("dtype"))
        call.set(obj, ".split", call.resolve(given.get("validation_split", 0.0)))
        layout = call.resolve(given.get("data_format"))
        if layout is None:
            layout = call.invoke(Known("keras.config.image_data_format"), [])
        call.set(obj, ".layout", layout)

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        target = f"{self.target}.{name}"
        return BoundMethod(Known(target), obj) if REGISTRY.find(target) is not None else MISSING

    def any_item(self, call: Call, obj: Instance) -> Value:
        return MISSING


@function("keras.preprocessing.image.ImageDataGenerator.fit")
def fit(call: Call, self: Value, x: Value, *args: Value, **_: Value) -> None:
    """Learns statistics, and gives nothing."""


@function("keras.preprocessing.image.ImageDataGenerator.standardize")
@function("keras.preprocessing.image.ImageDataGenerator.random_transform")
@function("keras.preprocessing.image.ImageDataGenerator.apply_transform")
def same_picture(call: Call, self: Value, x: Value, *args: Value, **_: Value) -> Value:
    """A picture of the same size."""
    return Tensor(x.shape, None, "numpy") if isinstance(x, Tensor) else Unknown("a picture")


@function("keras.preprocessing.image.ImageDataGenerator.flow")
def flow(
    call: Call,
    self: Instance,
    x: Value,
    y: Value = None,
    batch_size: Value = 32,
    shuffle: Value = True,
    sample_weight: Value = None,
    seed: Value = None,
    save_to_dir: Value = None,
    save_prefix: Value = "",
    save_format: Value = "png",
    ignore_class_split: Value = False,
    subset: Value = None,
) -> Value:
    """Batches of arrays.  ValueError where their lengths differ, or the pictures are not of rank 4."""
    if not isinstance(x, Tensor):
        return _flow(call, Elements(Unknown("pictures that are not known")), batch_size)
    parts = [x, *(operand(part, "numpy", call) for part in (y, sample_weight) if part is not None)]
    for name, part in (("`y` (labels)", y), ("`sample_weight`", sample_weight)):
        other = None if part is None else operand(part, "numpy", call)
        if other is not None and _lengths_differ(x, other):
            said = "y" if name.startswith("`y`") else "sample_weight"
            text = (
                f"`x` (images tensor) and {name} should have the same length. "
                f"Found: x.shape = {x.shape}, {said}.shape = {other.shape}"
            )
            report(PythonError("ValueError", text), blame=(said,))
    total: Any = x.shape[0] if isinstance(x.shape, Shape) and x.shape else None
    split = call.get(self, ".split")
    if subset is not None:
        known = isinstance(split, (int, float)) and isinstance(total, int)
        part = int(total * split) if known else None
        total = None if part is None else part if subset == "validation" else total - part
    if isinstance(x.shape, Shape) and len(x.shape) != 4:
        shape = Shape((total, *x.shape[1:])) if is_dim(total) and x.shape else x.shape
        text = f"Input data in `NumpyArrayIterator` should have rank 4. You passed an array with shape {shape}"
        report(PythonError("ValueError", text), blame=("x",))
        return _flow(call, Elements(Unknown("pictures of another rank")), batch_size)
    samples = [rows(Tensor(part.shape, part.dtype, "tf")) for part in parts]
    samples[0] = replace(samples[0], dtype=_dtype(call, self))
    return _flow(call, Elements(samples[0] if len(samples) == 1 else tuple(samples), total), batch_size)


@function("keras.preprocessing.image.ImageDataGenerator.flow_from_directory")
def flow_from_directory(
    call: Call,
    self: Instance,
    directory: Value,
    target_size: Value = (256, 256),
    color_mode: Value = "rgb",
    classes: Value = None,
    class_mode: Value = "categorical",
    batch_size: Value = 32,
    *args: Value,
    **_: Value,
) -> Value:
    """Batches of the pictures in a folder."""
    return _from_files(call, self, target_size, color_mode, classes, class_mode, batch_size)


@function("keras.preprocessing.image.ImageDataGenerator.flow_from_dataframe")
def flow_from_dataframe(
    call: Call,
    self: Instance,
    dataframe: Value,
    directory: Value = None,
    x_col: Value = "filename",
    y_col: Value = "class",
    weight_col: Value = None,
    target_size: Value = (256, 256),
    color_mode: Value = "rgb",
    classes: Value = None,
    class_mode: Value = "categorical",
    batch_size: Value = 32,
    *args: Value,
    **_: Value,
) -> Value:
    """Batches of the pictures that a table names."""
    if weight_col is not None:
        return _flow(call, Elements(Unknown("pictures with weights")), batch_size)
    return _from_files(call, self, target_size, color_mode, classes, class_mode, batch_size, y_col)


def _from_files(
    call: Call,
    generator: Instance,
    target_size: Value,
    color_mode: Value,
    classes: Value,
    class_mode: Value,
    batch_size: Value,
    columns: Value = None,
) -> Value:
    layout, bands = call.get(generator, ".layout"), CHANNELS.get(color_mode) if isinstance(color_mode, str) else None
    dtype = _dtype(call, generator)
    if (
        not isinstance(target_size, (tuple, list))
        or len(target_size) != 2
        or bands is None
        or not isinstance(layout, str)
    ):
        return _flow(call, Elements(Unknown("pictures of unknown size")), batch_size)
    sides = tuple(n if is_dim(n) else call.symbol() for n in target_size)
    shape = Shape((bands, *sides) if layout == CHANNELS_FIRST else (*sides, bands))
    picture = Tensor(shape, dtype, "tf")
    named = isinstance(classes, (list, tuple)) and classes
    count = len(classes) if named else call.symbol()
    structure: Any = Unknown("pictures and labels of an unknown mode")
    if class_mode is None:
        structure = picture
    elif class_mode == "categorical":
        structure = (picture, Tensor(Shape((count,)), dtype, "tf"))
    elif class_mode in ("binary", "sparse"):
        structure = (picture, Tensor(Shape(()), dtype, "tf"))
    elif class_mode == "input":
        structure = (picture, picture)
    elif class_mode in ("raw", "other"):
        several = len(columns) if isinstance(columns, (list, tuple)) else None
        if several is not None or isinstance(columns, str):
            structure = (picture, Tensor(Shape(() if several is None else (several,)), None, "tf"))
    obj = _flow(call, Elements(structure), batch_size)
    indices = {name: place for place, name in enumerate(classes)} if named and _hashable(classes) else None
    call.set(obj, "class_indices", Unknown("the classes of a folder") if indices is None else call.new_dict(indices))
    call.set(obj, "num_classes", count)
    call.set(obj, "image_shape", tuple(shape))
    call.set(obj, "target_size", sides)
    samples = call.symbol()
    call.set(obj, "samples", samples)
    call.set(obj, "n", samples)
    for name in ("classes", "labels"):
        call.set(obj, name, Tensor(Shape((samples,)), None, "numpy") if columns is None else Unknown("labels"))
    for name in ("filenames", "filepaths"):
        call.set(obj, name, Unknown("names of files"))
    return obj


def _flow(call: Call, samples: Elements, batch_size: Value) -> Instance:
    obj, size = call.new(FLOW), number(batch_size)
    call.set(obj, ".elements", batched(call, samples, size, False))
    call.set(obj, "batch_size", batch_size)
    call.set(obj, "n", samples.count if is_dim(samples.count) else Unknown("how many pictures there are"))
    return obj


@class_rule("keras.preprocessing.sequence.TimeseriesGenerator", "keras.utils.PyDataset")
class TimeseriesGenerator(PyDataset):
    """Windows of a series with what follows them.  ValueError where lengths differ, or nothing is left."""

    NAMES = (
        "data", "targets", "length", "sampling_rate", "stride", "start_index", "end_index", "shuffle", "reverse",
        "batch_size",
    )  # fmt: skip
    DEFAULTS: Mapping[str, Value] = {
        "sampling_rate": 1, "stride": 1, "start_index": 0, "end_index": None, "shuffle": False, "reverse": False,
        "batch_size": 128,
    }  # fmt: skip

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        given = {**self.DEFAULTS, **dict(zip(self.NAMES, args, strict=False)), **kwargs}
        data, targets = (operand(call.thaw(given.get(name)), "numpy", call) for name in ("data", "targets"))
        length, rate, stride, start, size = (
            number(call.resolve(given.get(name)))
            for name in ("length", "sampling_rate", "stride", "start_index", "batch_size")
        )
        call.set(obj, ".elements", Unknown("windows of a series"))
        if (
            not isinstance(data.shape, Shape)
            or not isinstance(targets.shape, Shape)
            or not data.shape
            or not targets.shape
        ):
            return
        if surely_differ(data.shape[0], targets.shape[0]):
            text = (
                "Data and targets have to be of same length. "
                f"Data length is {data.shape[0]} while target length is {targets.shape[0]}"
            )
            return tell(call, PythonError("ValueError", text))
        if (
            not all(isinstance(n, int) and n >= 0 for n in (length, rate, stride, start, size))
            or not rate * stride * size
        ):
            return None
        end = call.resolve(given.get("end_index"))
        first, last = start + length, data.shape[0] - 1 if end is None else end
        if surely_less(last, first):
            text = (
                f"`start_index+length={first} > end_index={last}` is disallowed, as no part of the sequence "
                "would be left to be used as current step."
            )
            return tell(call, PythonError("ValueError", text))
        sample = Tensor(Shape((-(-length // rate), *data.shape[1:])), data.dtype, "tf")
        batches = batched(call, Elements((sample, rows(Tensor(targets.shape, targets.dtype, "tf")))), size, False)
        if isinstance(last, int):
            count = (last - first + size * stride) // (size * stride)
            left = -(-(last + 1 - first - (count - 1) * size * stride) // stride)
            shuffled = given.get("shuffle")
            symbol = batches.structure[0].shape[0]
            if isinstance(shuffled, bool):
                lengths = (Length(symbol, size, size if shuffled else left),)
                batches = replace(batches, count=count, lengths=lengths)
        call.set(obj, ".elements", batches)
        return None

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        return BoundMethod(Known(f"{FLOW.target}.__len__"), obj) if name == "__len__" else MISSING

    def iterate(self, call: Call, obj: Instance) -> tuple[Value, ...] | None:
        return None

    def any_item(self, call: Call, obj: Instance) -> Value:
        return Flow().item(call, obj, None)

    def item(self, call: Call, obj: Instance, key: Value) -> Value:
        return Flow().item(call, obj, key)


@function("keras.preprocessing.sequence.TimeseriesGenerator.__len__")
def series_length(call: Call, self: Value) -> Value:
    """How many batches there are."""
    return flow_length(call, self)


@class_rule("keras.preprocessing.text.Tokenizer")
class Tokenizer(PyDataset):
    """Numbers for words."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        words = args[0] if args else kwargs.get("num_words", kwargs.get("nb_words"))
        call.set(obj, "num_words", call.resolve(words))
        for name in ("word_index", "index_word", "word_counts", "word_docs", "document_count"):
            call.set(obj, name, Unknown("the words of texts"))

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        target = f"{self.target}.{name}"
        return BoundMethod(Known(target), obj) if REGISTRY.find(target) is not None else MISSING

    def any_item(self, call: Call, obj: Instance) -> Value:
        return MISSING


@function("keras.preprocessing.text.Tokenizer.fit_on_texts")
@function("keras.preprocessing.text.Tokenizer.fit_on_sequences")
def fit_on_texts(call: Call, self: Value, *texts: Value, **_: Value) -> None:
    """Learns words, and gives nothing."""


@function("keras.preprocessing.text.Tokenizer.texts_to_sequences")
def texts_to_sequences(call: Call, self: Value, texts: Value) -> Value:
    """A list of numbers for each text."""
    return [TEXT] * len(texts) if isinstance(texts, (list, tuple)) else TEXTS


@function("keras.preprocessing.text.Tokenizer.texts_to_matrix")
@function("keras.preprocessing.text.Tokenizer.sequences_to_matrix")
def texts_to_matrix(call: Call, self: Value, texts: Value, mode: Value = "binary", **_: Value) -> Value:
    """A row for each text, a column for each word."""
    words = call.get(self, "num_words") or None
    count: Any = len(texts) if isinstance(texts, (list, tuple)) else call.symbol()
    if isinstance(texts, Tensor) and isinstance(texts.shape, Shape) and texts.shape:
        count = texts.shape[0]
    return Tensor(Shape((count, words if is_dim(words) else call.symbol())), "float64", "numpy")


@function("keras.preprocessing.text.Tokenizer.sequences_to_texts")
@function("keras.preprocessing.text.Tokenizer.get_config")
@function("keras.preprocessing.text.Tokenizer.to_json")
def texts(call: Call, self: Value, *args: Value, **_: Value) -> Value:
    """Texts."""
    return Unknown("texts")


def tell(call: Call, problem: Problem) -> None:
    """What a constructor raises."""
    with collect() as record:
        report(problem)
    for one in record.reports:
        call.find(one, "keras")


def _dtype(call: Call, generator: Instance) -> str | None:
    found = call.get(generator, ".dtype")
    return "float32" if found is None else dtype_name(found)


def _lengths_differ(one: Tensor, other: Tensor) -> bool:
    known = isinstance(one.shape, Shape) and isinstance(other.shape, Shape) and one.shape and other.shape
    return bool(known) and surely_differ(one.shape[0], other.shape[0])  # type: ignore[index]


def _hashable(items: Sequence[Value]) -> bool:
    return all(isinstance(item, (str, int)) for item in items)
