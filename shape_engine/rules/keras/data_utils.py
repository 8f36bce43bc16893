"""``keras.utils`` on the way from files and lists to a model (keras/src/utils/*_dataset_utils.py, sequence_utils.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...dim import is_dim, minimum
from ...dtypes import dtype_name
from ...evidence import report
from ...problems import PythonError
from ...rule import MISSING, Call, ClassRule, alias, class_rule, function
from ...shape import Shape, Unranked
from ...value import Instance, Known, Tensor, Unknown, Value
from ..arrays import number, operand
from ..datasets import (
    Elements,
    Length,
    batched,
    elements_of,
    is_dataset,
    new_dataset,
    rows,
    structured,
)
from ..pictures import new_picture
from .applications import CHANNELS_FIRST

CHANNELS = {"grayscale": 1, "rgb": 3, "rgba": 4}
TEXT = Unknown("the numbers of a text")
TEXTS = Unknown("the numbers of texts")
"""What a ``Tokenizer`` makes of a text, and of many: flat lists of numbers."""
MODES = {"grayscale": "L", "rgb": "RGB", "rgba": "RGBA"}


@function("keras.utils.pad_sequences")
def pad_sequences(
    call: Call,
    sequences: Value,
    maxlen: Value = None,
    dtype: Value = "int32",
    padding: Value = "pre",
    truncating: Value = "pre",
    value: Value = 0.0,
) -> Value:
    """Sequences filled up or cut to one length, that of the longest if none is given."""
    if isinstance(sequences, Tensor) and sequences.dtype != "object":
        x = sequences.shape
        count, longest, inner = (x[0], x[1], x[2:]) if isinstance(x, Shape) and len(x) > 1 else (None, None, None)
    elif isinstance(sequences, Tensor):
        count, longest, inner = (sequences.shape[0] if isinstance(sequences.shape, Shape) else None), None, ()
    elif isinstance(sequences, (list, tuple)):
        count, (longest, inner) = len(sequences), _longest(call, sequences)
    elif sequences == TEXTS:
        count, longest, inner = None, None, ()
    else:
        return Unknown("padded sequences of something unknown")
    length = number(maxlen) if maxlen is not None else longest
    if not is_dim(length) or (isinstance(length, int) and length < 0):
        length = call.symbol()
    if inner is None:
        return Tensor(Unranked("the sequences are not known"), dtype_name(dtype), "numpy")
    return Tensor(Shape((call.symbol() if count is None else count, length, *inner)), dtype_name(dtype), "numpy")


alias("keras.utils.pad_sequences", "keras.preprocessing.sequence.pad_sequences")


def _longest(call: Call, sequences: Sequence[Value]) -> tuple[Any, Any]:
    """The length of the longest sequence, and the shape of what is in them; None where they are not known."""
    lengths: list[Any] = []
    inner: Any = ()
    if sequences and all(sequence == TEXT for sequence in sequences):
        return None, ()
    for sequence in sequences:
        if isinstance(sequence, (list, tuple, str)):
            lengths.append(len(sequence))
            if any(not isinstance(item, (int, float, str)) and not is_dim(item) for item in sequence):
                first = operand(sequence, "numpy", call).shape
                inner = Shape(first[1:]) if isinstance(first, Shape) and first else None
        elif isinstance(sequence, Tensor) and isinstance(sequence.shape, Shape) and sequence.shape:
            lengths.append(sequence.shape[0])
            inner = Shape(sequence.shape[1:])
        else:
            return None, None
    known = lengths and all(isinstance(n, int) for n in lengths)
    return (max(lengths) if known else lengths[0] if len(set(lengths)) == 1 else None), inner


@function("keras.utils.load_img")
def load_img(
    call: Call, path: Value, color_mode: Value = "rgb", target_size: Value = None, *args: Value, **_: Value
) -> Value:
    """A picture from a file, of the size given or of its own (image_utils.py)."""
    size: Any = (call.symbol(), call.symbol())
    if isinstance(target_size, (tuple, list)) and len(target_size) == 2:
        size = tuple(n if is_dim(n) else call.symbol() for n in target_size)
    elif target_size is not None:
        size = (call.symbol(), call.symbol())
    mode = MODES.get(color_mode) if isinstance(color_mode, str) else None
    obj = new_picture(call, size[0], size[1], mode or Unknown("the mode of a picture"))
    if mode == "L":  # or 16 or 32 bits, as the file has them
        call.set(obj, ".array", Tensor(Shape(size), None, "numpy"))
    return obj


@function("keras.utils.img_to_array")
def img_to_array(call: Call, img: Value, data_format: Value = None, dtype: Value = None) -> Value:
    """A picture as an array of rank 3."""
    x = operand(img, "numpy", call)
    name = "float32" if dtype is None else dtype_name(dtype)
    layout = _layout(call, data_format)
    if not isinstance(x.shape, Shape) or layout is None:
        if isinstance(img, Instance):
            return Tensor(Shape((call.symbol(), call.symbol(), call.symbol())), name, "numpy")
        return Tensor(Unranked("a picture that is not known"), name, "numpy")
    if len(x.shape) not in (2, 3):
        report(PythonError("ValueError", f"Unsupported image shape: {x.shape}"), blame=("img",))
        return Tensor(Unranked("no picture"), name, "numpy")
    height, width, *bands = x.shape
    bands = bands or [1]
    return Tensor(
        Shape((*bands, height, width) if layout == CHANNELS_FIRST else (height, width, *bands)), name, "numpy"
    )


@function("keras.utils.array_to_img")
def array_to_img(call: Call, x: Value, data_format: Value = None, *args: Value, **_: Value) -> Value:
    """An array of rank 3 as a picture."""
    array, layout = operand(x, "numpy", call), _layout(call, data_format)
    if not isinstance(array.shape, Shape) or layout is None:
        return new_picture(call, call.symbol(), call.symbol(), Unknown("the mode of a picture"))
    if len(array.shape) != 3:
        text = f"Expected image array to have rank 3 (single image). Got array with shape: {array.shape}"
        report(PythonError("ValueError", text), blame=("x",))
        return Unknown("no picture")
    dims = array.shape
    height, width, bands = (dims[1], dims[2], dims[0]) if layout == CHANNELS_FIRST else dims
    mode = {1: "L", 3: "RGB", 4: "RGBA"}.get(bands) if isinstance(bands, int) else None
    if isinstance(bands, int) and mode is None:
        report(PythonError("ValueError", f"Unsupported channel number: {bands}"), blame=("x",))
    return new_picture(call, height, width, mode or Unknown("the mode of a picture"))


@function("keras.utils.save_img")
def save_img(call: Call, path: Value, x: Value, *args: Value, **_: Value) -> None:
    """Gives nothing."""


alias("keras.utils.load_img", "keras.preprocessing.image.load_img")
alias("keras.utils.img_to_array", "keras.preprocessing.image.img_to_array")
alias("keras.utils.array_to_img", "keras.preprocessing.image.array_to_img")
alias("keras.utils.save_img", "keras.preprocessing.image.save_img")


@function("keras.utils.image_dataset_from_directory")
def image_dataset_from_directory(
    call: Call,
    directory: Value,
    labels: Value = "inferred",
    label_mode: Value = "int",
    class_names: Value = None,
    color_mode: Value = "rgb",
    batch_size: Value = 32,
    image_size: Value = (256, 256),
    shuffle: Value = True,
    seed: Value = None,
    validation_split: Value = None,
    subset: Value = None,
    interpolation: Value = "bilinear",
    follow_links: Value = False,
    crop_to_aspect_ratio: Value = False,
    pad_to_aspect_ratio: Value = False,
    data_format: Value = None,
    format: Value = "tf",
    verbose: Value = True,
    **_: Value,
) -> Value:
    """Batches of the pictures in a folder, all of one size (image_dataset_utils.py)."""
    layout, bands = _layout(call, data_format), CHANNELS.get(color_mode) if isinstance(color_mode, str) else None
    size = (image_size, image_size) if is_dim(image_size) else image_size
    if isinstance(size, (list, tuple)) and len(size) == 2 and layout is not None:
        sides = tuple(n if is_dim(n) else call.symbol() for n in size)
        depth = call.symbol() if bands is None else bands
        shape: Any = Shape((depth, *sides) if layout == CHANNELS_FIRST else (*sides, depth))
    else:
        shape = Unranked("the size of the pictures is not known")
    if format != "tf":
        return Unknown("a dataset that is none of TensorFlow's")
    sample = _labelled(call, Tensor(shape, "float32", "tf"), labels, label_mode, class_names)
    return _from_directory(call, sample, batch_size, subset, class_names)


@function("keras.utils.text_dataset_from_directory")
def text_dataset_from_directory(
    call: Call,
    directory: Value,
    labels: Value = "inferred",
    label_mode: Value = "int",
    class_names: Value = None,
    batch_size: Value = 32,
    max_length: Value = None,
    shuffle: Value = True,
    seed: Value = None,
    validation_split: Value = None,
    subset: Value = None,
    follow_links: Value = False,
    format: Value = "tf",
    verbose: Value = True,
    **_: Value,
) -> Value:
    """Batches of the texts in a folder (text_dataset_utils.py)."""
    if format != "tf":
        return Unknown("a dataset that is none of TensorFlow's")
    sample = _labelled(call, Tensor(Shape(()), "string", "tf"), labels, label_mode, class_names)
    return _from_directory(call, sample, batch_size, subset, class_names)


@function("keras.utils.audio_dataset_from_directory")
def audio_dataset_from_directory(
    call: Call,
    directory: Value,
    labels: Value = "inferred",
    label_mode: Value = "int",
    class_names: Value = None,
    batch_size: Value = 32,
    sampling_rate: Value = None,
    output_sequence_length: Value = None,
    ragged: Value = False,
    shuffle: Value = True,
    seed: Value = None,
    validation_split: Value = None,
    subset: Value = None,
    **_: Value,
) -> Value:
    """Batches of the sounds in a folder: samples, then channels; both lengths are open (audio_dataset_utils.py)."""
    if ragged is not False or sampling_rate is not None:
        return Unknown("a dataset of sounds")
    sound = Tensor(Shape((call.symbol(dynamic=True), call.symbol(dynamic=True))), "float32", "tf")
    sample = _labelled(call, sound, labels, label_mode, class_names)
    return _from_directory(call, sample, batch_size, subset, class_names)


alias("keras.utils.image_dataset_from_directory", "keras.preprocessing.image_dataset_from_directory")
alias("keras.utils.text_dataset_from_directory", "keras.preprocessing.text_dataset_from_directory")


@function("keras.utils.timeseries_dataset_from_array")
def timeseries_dataset_from_array(
    call: Call,
    data: Value,
    targets: Value,
    sequence_length: Value,
    sequence_stride: Value = 1,
    sampling_rate: Value = 1,
    batch_size: Value = 128,
    shuffle: Value = False,
    seed: Value = None,
    start_index: Value = None,
    end_index: Value = None,
    format: Value = "tf",
    **_: Value,
) -> Value:
    """Windows of a series, and the target of each (timeseries_dataset_utils.py): the length of a window is left open."""
    x = operand(data, "numpy", call)
    if format != "tf" or not isinstance(x.shape, Shape) or not x.shape:
        return new_dataset(call, Elements(Unknown("windows of a series that is not known")))
    whole = x.shape[0]
    if not _check_steps(whole, sampling_rate, sequence_stride):
        return new_dataset(call, Elements(Unknown("windows of a series")))
    length, stride, rate, size = map(number, (sequence_length, sequence_stride, sampling_rate, batch_size))
    first, last = (0 if start_index is None else start_index), (whole if end_index is None else end_index)
    window = call.symbol(dynamic=True)
    series = Tensor(Shape((window, *x.shape[1:])), x.dtype, "tf")
    goal = None if targets is None else operand(targets, "numpy", call)
    count: Any = None
    if all(isinstance(n, int) for n in (first, last, length, stride, rate)) and first >= 0 <= last:
        count = last - first - (length - 1) * rate
        if goal is not None:
            known = isinstance(goal.shape, Shape) and goal.shape and isinstance(goal.shape[0], int)
            count = minimum(count, goal.shape[0]) if known else None  # type: ignore[index]
        count = max(0, -(-count // stride)) if isinstance(count, int) else None
    structure: Any = series if goal is None else (series, rows(Tensor(goal.shape, goal.dtype, "tf")))
    lengths = (Length(window, length, length),) if is_dim(length) else ()
    elements = Elements(structure, count, lengths)
    if batch_size is None:
        return new_dataset(call, elements)
    made = batched(call, elements, size, False)
    return new_dataset(call, replace(made, lengths=made.lengths))


alias("keras.utils.timeseries_dataset_from_array", "keras.preprocessing.timeseries_dataset_from_array")


@function("keras.utils.split_dataset")
def split_dataset(
    call: Call, dataset: Value, left_size: Value = None, right_size: Value = None, *args: Value, **_: Value
) -> Value:
    """Two datasets of the elements of one, or of the rows of arrays (dataset_utils.py)."""
    if is_dataset(dataset):
        elements = elements_of(call, dataset)
        if elements.lengths:
            return (Unknown("a part of a dataset of batches"),) * 2
        structure, total = elements.structure, elements.count
    elif isinstance(dataset, (Tensor, list, tuple)):
        structure = structured(call, tuple(dataset) if isinstance(dataset, list) else dataset)
        first = operand(dataset[0] if isinstance(dataset, (list, tuple)) and dataset else dataset, "numpy", call).shape
        structure, total = rows(structure), first[0] if isinstance(first, Shape) and first else None
    else:
        return (Unknown("a part of a dataset"),) * 2
    left, right = _sizes(left_size, right_size, total)
    return new_dataset(call, Elements(structure, left)), new_dataset(call, Elements(structure, right))


@class_rule("keras.utils.PyDataset")
class PyDataset(ClassRule):
    """The base of a user's ``__getitem__`` and ``__len__`` (trainers/data_adapters/py_dataset_adapter.py)."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        given = dict(zip(("workers", "use_multiprocessing", "max_queue_size"), args, strict=False)) | dict(kwargs)
        for name, default in (("workers", 1), ("use_multiprocessing", False), ("max_queue_size", 10)):
            call.set(obj, name, given.get(name, default))

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        return Unknown(f"{name} of a dataset") if name in ("num_batches", "on_epoch_end", "on_epoch_begin") else MISSING

    def any_item(self, call: Call, obj: Instance) -> Value:
        method = call.method(obj, "__getitem__")
        return Unknown("a batch") if method is MISSING else call.invoke(method, [call.symbol()])


alias("keras.utils.PyDataset", "keras.utils.Sequence")


def _layout(call: Call, data_format: Value) -> Value:
    """Where the channels stand; None where that is not known."""
    found = call.invoke(Known("keras.config.image_data_format"), []) if data_format is None else data_format
    return found.lower() if isinstance(found, str) else None


def _labelled(call: Call, sample: Tensor, labels: Value, label_mode: Value, class_names: Value) -> Any:
    """The structure of an element: labels_to_dataset_tf of dataset_utils.py."""
    if labels is None or label_mode is None:
        return sample
    if label_mode == "int":
        return (sample, Tensor(Shape(()), "int32", "tf"))
    if label_mode == "binary":
        return (sample, Tensor(Shape((1,)), "float32", "tf"))
    if label_mode == "categorical":
        named = isinstance(class_names, (list, tuple))
        return (sample, Tensor(Shape((len(class_names) if named else call.symbol(),)), "float32", "tf"))
    return Unknown("labels of an unknown mode")


def _from_directory(call: Call, sample: Any, batch_size: Value, subset: Value, class_names: Value) -> Value:
    """A dataset of an unknown number of batches; for ``subset="both"`` two of them."""

    def made() -> Instance:
        elements = Elements(sample)
        if batch_size is not None:
            elements = batched(call, elements, number(batch_size), False)
        dataset = new_dataset(call, elements)
        named = isinstance(class_names, (list, tuple))
        call.set(
            dataset, "class_names", call.freeze(class_names) if named else call.freeze(Unknown("names of classes"))
        )
        call.set(dataset, "file_paths", Unknown("paths of files"))
        return dataset

    if subset == "both":
        return [made(), made()]
    return made() if subset is None or isinstance(subset, str) else Unknown("one or two datasets")


def _check_steps(whole: Any, sampling_rate: Value, sequence_stride: Value) -> bool:
    """The checks of timeseries_dataset_from_array; whether they may be passed."""
    for name, value in (("sampling_rate", sampling_rate), ("sequence_stride", sequence_stride)):
        if isinstance(value, int) and value <= 0:
            text = f"`{name}` must be higher than 0. Received: {name}={value}"
            report(PythonError("ValueError", text), blame=(name,))
            return False
        if isinstance(value, int) and isinstance(whole, int) and value >= whole:
            text = f"`{name}` must be lower than the length of the data. Received: {name}={value}, for data of length {whole}"
            report(PythonError("ValueError", text), blame=(name,))
            return False
    return True


def _sizes(left: Value, right: Value, total: Any) -> tuple[Any, Any]:
    """_rescale_dataset_split_sizes, for sizes that it accepts."""
    if not isinstance(total, int) or not all(isinstance(n, (int, float, type(None))) for n in (left, right)):
        return None, None
    found = [round(n * total) if isinstance(n, float) else n for n in (left, right)]
    one, other = found
    if one is None and other is None:
        return None, None
    one = total - other if one is None else one
    other = total - one if other is None else other
    return (one, other) if 0 < one < total and 0 < other < total and one + other <= total else (None, None)
