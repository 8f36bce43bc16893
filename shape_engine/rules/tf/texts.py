"""Texts, files and records (tensorflow/python/ops/string_ops.py, io_ops.py, parsing_ops.py), and what is ragged or sparse."""

from __future__ import annotations

from ...dtypes import dtype_name
from ...formulas.reduce import counted, reduced
from ...rule import Call
from ...shape import Shape, Unranked
from ...value import Tensor, Unknown, Value
from ..arrays import as_dim, number, operand
from .graph import define


@define("tf.strings.join")
def join(call: Call, inputs: Value, separator: Value = "", name: Value = None) -> Tensor:
    """Texts joined entry by entry; scalars go with any shape."""
    parts = call.resolve(inputs)
    tensors = [operand(x, "tf", call) for x in parts] if isinstance(parts, (list, tuple)) else []
    arrays = [x for x in tensors if x.shape != Shape(())]
    if not tensors or not all(isinstance(x.shape, Shape) for x in tensors):
        return Tensor(Unranked("texts that are not known"), "string", "tf")
    first = arrays[0].shape if arrays else Shape(())
    same = all(x.shape == first for x in arrays)
    return Tensor(first if same else Unranked("texts of several shapes"), "string", "tf")


@define("tf.strings.reduce_join")
def reduce_join(
    call: Call, inputs: Value, axis: Value = None, keepdims: Value = False, separator: Value = "", name: Value = None
) -> Tensor:
    """Texts joined along some axes, all of them by default."""
    x, axes = operand(inputs, "tf", call), number(axis)
    if not isinstance(x.shape, Shape) or not isinstance(keepdims, bool):
        return Tensor(Unranked("texts that are not known"), "string", "tf")
    places = None if axes is None else counted(axes, len(x.shape))
    if axes is not None and places is None:
        return Tensor(Unranked("the axes are not known"), "string", "tf")
    return Tensor(reduced(x.shape, places, keepdims), "string", "tf")


@define("tf.strings.format", "tf.timestamp")
def text(call: Call, *args: Value, **_: Value) -> Tensor:
    """One value."""
    return Tensor(Shape(()), None, "tf")


@define("tf.io.read_file", "tf.io.serialize_tensor")
def one_text(call: Call, *args: Value, **_: Value) -> Tensor:
    """One text."""
    return Tensor(Shape(()), "string", "tf")


@define("tf.io.is_jpeg", "tf.image.is_jpeg")
def one_truth(call: Call, contents: Value, name: Value = None) -> Tensor:
    """Whether this is such a file."""
    return Tensor(Shape(()), "bool", "tf")


@define("tf.io.matching_files")
def matching_files(call: Call, pattern: Value, name: Value = None) -> Tensor:
    """As many names as there are."""
    return Tensor(Shape((call.symbol(),)), "string", "tf")


@define("tf.io.decode_raw")
def decode_raw(call: Call, input_bytes: Value, out_type: Value, *args: Value, **_: Value) -> Tensor:
    """The numbers in each text, on a new last axis."""
    x = operand(input_bytes, "tf", call)
    shape = Shape((*x.shape, call.symbol())) if isinstance(x.shape, Shape) else x.shape
    return Tensor(shape, dtype_name(out_type), "tf")


@define("tf.io.parse_tensor")
def parse_tensor(call: Call, serialized: Value, out_type: Value, name: Value = None) -> Tensor:
    """What was written."""
    return Tensor(Unranked("the text tells the shape"), dtype_name(out_type), "tf")


@define("tf.io.decode_csv")
def decode_csv(call: Call, records: Value, record_defaults: Value, *args: Value, **_: Value) -> Value:
    """A tensor for each column, each with the shape of the records."""
    x, columns = operand(records, "tf", call), call.resolve(record_defaults)
    if not isinstance(columns, (list, tuple)):
        return Unknown("columns that are not known")
    dtypes = [operand(one, "tf", call).dtype for one in columns]
    return [Tensor(x.shape, dtype, "tf") for dtype in dtypes]


@define("tf.io.write_file", "tf.io.write_graph")
def nothing(call: Call, *args: Value, **_: Value) -> Value:
    """Gives nothing."""
    return None


@define("tf.fingerprint")
def fingerprint(call: Call, data: Value, method: Value = "farmhash64", name: Value = None) -> Tensor:
    """Eight bytes for each entry of the first axis."""
    x = operand(data, "tf", call)
    shape = Shape((x.shape[0], 8)) if isinstance(x.shape, Shape) and x.shape else Unranked("a fingerprint")
    return Tensor(shape, "uint8", "tf")


@define("tf.edit_distance")
def distance(call: Call, *args: Value, **_: Value) -> Value:
    """What is not followed."""
    return Unknown("texts that are not followed")


@define("tf.strings.ngrams", "tf.strings.unsorted_segment_join")
@define("tf.strings.unicode_decode", "tf.strings.unicode_split_with_offsets", "tf.strings.unicode_decode_with_offsets")
@define("tf.strings.unicode_encode", "tf.ragged.range", "tf.ragged.cross")
@define("tf.ragged.map_flat_values", "tf.ragged.stack_dynamic_partitions", "tf.ragged.segment_ids_to_row_splits")
@define("tf.ragged.row_splits_to_segment_ids", "tf.ragged.cross_hashed")
@define("tf.RaggedTensor.from_value_rowids", "tf.RaggedTensor.from_row_starts")
@define("tf.RaggedTensor.from_row_limits", "tf.RaggedTensor.from_uniform_row_length", "tf.RaggedTensor.from_sparse")
@define("tf.RaggedTensor.from_nested_row_splits", "tf.RaggedTensor.from_nested_row_lengths")
def ragged(call: Call, *args: Value, **_: Value) -> Value:
    """Rows of different lengths."""
    return Unknown("a ragged tensor")


@define("tf.sparse.add", "tf.sparse.concat")
@define("tf.sparse.reorder", "tf.sparse.reshape", "tf.sparse.slice", "tf.sparse.split", "tf.sparse.transpose")
@define("tf.sparse.retain", "tf.sparse.softmax", "tf.sparse.eye", "tf.sparse.expand_dims", "tf.sparse.fill_empty_rows")
@define("tf.sparse.map_values", "tf.sparse.maximum", "tf.sparse.minimum", "tf.sparse.mask", "tf.sparse.reset_shape")
@define(
    "tf.sparse.cross", "tf.sparse.cross_hashed", "tf.sparse.bincount", "tf.sparse.to_indicator", "tf.SparseTensorSpec"
)
@define("tf.sparse.reduce_sum", "tf.sparse.reduce_max", "tf.sparse.segment_sum")
@define("tf.sparse.segment_mean", "tf.sparse.segment_sqrt_n", "tf.IndexedSlices")
def sparse(call: Call, *args: Value, **_: Value) -> Value:
    """Tensors of which only some entries are kept."""
    return Unknown("a sparse tensor")


@define("tf.sparse.sparse_dense_matmul")
def sparse_dense_matmul(call: Call, sp_a: Value, b: Value, *args: Value, **_: Value) -> Tensor:
    """A matrix: the columns are those of the dense one."""
    dense = operand(b, "tf", call)
    known = isinstance(dense.shape, Shape) and len(dense.shape) == 2 and not args and not _
    dims = Shape((call.symbol(), dense.shape[1])) if known else Unranked("a sparse product")  # type: ignore[index]
    return Tensor(dims, dense.dtype, "tf")


@define("tf.io.VarLenFeature", "tf.io.RaggedFeature", "tf.io.SparseFeature")
@define("tf.io.FixedLenSequenceFeature", "tf.io.parse_sequence_example", "tf.io.parse_single_sequence_example")
@define("tf.io.decode_json_example", "tf.io.decode_proto", "tf.io.encode_proto", "tf.io.TFRecordOptions")
def records(call: Call, *args: Value, **_: Value) -> Value:
    """What a record holds."""
    return Unknown("a record")


@define("tf.raw_ops.ImageProjectiveTransformV3")
def projected(call: Call, images: Value, transforms: Value, output_shape: Value, *args: Value, **_: Value) -> Tensor:
    """Images of the height and width asked for."""
    x = operand(images, "tf", call)
    size = call.resolve(output_shape)
    known = isinstance(x.shape, Shape) and len(x.shape) == 4 and isinstance(size, (list, tuple)) and len(size) == 2
    if not known:
        return Tensor(Unranked("images"), x.dtype, "tf")

    assert isinstance(x.shape, Shape)
    return Tensor(Shape((x.shape[0], *(as_dim(call, n) for n in size), x.shape[3])), x.dtype, "tf")
