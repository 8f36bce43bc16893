"""PyTorch's checks by name: the exception's type, and its text with the facts left open."""

from __future__ import annotations

_CONV_SIGNATURES = (
    "{function}() received an invalid combination of arguments - got ({got}), but expected one of:\n"
    " * (Tensor input, Tensor weight, Tensor bias = None, tuple of ints stride = 1, tuple of ints padding = 0, "
    "tuple of ints dilation = 1, int groups = 1)\n"
    "      didn't match because some of the arguments have invalid types: ({marked})\n"
    ' * (Tensor input, Tensor weight, Tensor bias = None, tuple of ints stride = 1, str padding = "valid", '
    "tuple of ints dilation = 1, int groups = 1)\n"
    "      didn't match because some of the arguments have invalid types: ({marked})\n"
)

CHECKS: dict[str, tuple[str, str | None]] = {
    # binding of arguments (CPython's own words)
    "unexpected-keyword": ("TypeError", "{function}() got an unexpected keyword argument '{name}'"),
    "multiple-values": ("TypeError", "{function}() got multiple values for argument '{name}'"),
    "missing": ("TypeError", "{function}() missing {count} required positional argument{s}: {names}"),
    "too-many": ("TypeError", "{function}() takes {takes} but {given} given"),
    # what constructors of several layers share
    "empty-item": (
        "TypeError",
        "empty(): argument 'size' failed to unpack the object at pos {position} "
        'with error "type must be tuple of ints,but got {type}"',
    ),
    "empty-first": (
        "TypeError",
        "empty(): argument 'size' (position 1) must be tuple of ints, but found element of type {type} at pos 0",
    ),
    "negative-size": ("RuntimeError", "Trying to create tensor with negative dimension {dim}: {size}"),
    "no-gradient": ("RuntimeError", "Only Tensors of floating point and complex dtype can require gradients"),
    # convolutions: the constructor
    "padding-string": ("ValueError", "Invalid padding string {value}, should be one of {{'same', 'valid'}}"),
    "same-with-stride": ("ValueError", "padding='same' is not supported for strided convolutions"),
    "same-with-stride-call": ("RuntimeError", "padding='same' is not supported for strided convolutions"),
    "padding-mode": (
        "ValueError",
        "padding_mode must be one of {{'circular', 'reflect', 'replicate', 'zeros'}}, but got padding_mode='{value}'",
    ),
    "padding-mode-transposed": ("ValueError", 'Only "zeros" padding mode is supported for {layer}'),
    # convolutions: the call
    "conv-types": ("TypeError", _CONV_SIGNATURES),
    "conv-bias-dtype": ("RuntimeError", "Input type ({input}) and bias type ({bias}) should be the same"),
    "scalar-type": ("RuntimeError", "expected scalar type {expected} but found {found}"),
    "conv-dtype": ("RuntimeError", None),
    "conv-complex": (
        "RuntimeError",
        "Input type (CPUComplexFloatType) and weight type (torch.FloatTensor) should be the same",
    ),
    "setting-length": (
        "RuntimeError",
        "expected {name} to be a single integer value or a list of {count} values to match the convolution "
        "dimensions, but got {name}={value}",
    ),
    "cannot-broadcast": ("RuntimeError", "{name} cannot broadcast to {count} dimensions"),
    "negative-setting": ("RuntimeError", "negative {name} is not supported"),
    "negative-dilation": ("RuntimeError", "dilation should be greater than zero"),
    "unpack-item": (
        "TypeError",
        "{function}(): argument '{argument}' failed to unpack the object at pos {position} "
        'with error "type must be tuple of ints,but got {type}"',
    ),
    "weight-rank": (
        "RuntimeError",
        "Expected {weight_rank}-dimensional input for {weight_rank}-dimensional weight {weight}, "
        "but got {rank}-dimensional input of size {shape} instead",
    ),
    "weight-too-short": ("RuntimeError", "weight should have at least three dimensions"),
    "weight-below-groups": (
        "RuntimeError",
        "Given groups={groups}, expected weight to be at least {groups} at dimension 0, "
        "but got weight of size {weight} instead",
    ),
    "weight-not-divisible": (
        "RuntimeError",
        "Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, "
        "but got weight of size [{weight}] instead",
    ),
    "groups-not-positive": ("RuntimeError", "non-positive groups is not supported"),
    "conv-bias": (
        "RuntimeError",
        "Given weight of size {weight}, expected bias to be 1-dimensional with {count} elements, "
        "but got bias of size {bias} instead",
    ),
    "conv-bias-transposed": (
        "RuntimeError",
        "Given transposed=1, weight of size {weight}, expected bias to be 1-dimensional with {count} elements, "
        "but got bias of size {bias} instead",
    ),
    "padding-string-call": ("RuntimeError", "Invalid padding string: '{value}'"),
    "dilation-zero": ("RuntimeError", "dilation should be greater than zero, but got {value}"),
    "dilation-zero-onednn": ("RuntimeError", "non-positive dilation is not supported"),
    "kernel-zero": ("RuntimeError", None),
    "kernel-zero-onednn": (
        "RuntimeError",
        "could not create a primitive descriptor for the convolution forward propagation primitive. Run workload with "
        "environment variable ONEDNN_VERBOSE=all to get additional diagnostic information.",
    ),
    "kernel-zero-dilated": ("RuntimeError", "kernel size should be greater than zero, but got {value}"),
    "kernel-zero-2d": (
        "RuntimeError",
        "kernel size should be greater than zero, but got kernel_height: {height} kernel_width: {width}",
    ),
    "kernel-zero-3d": ("RuntimeError", "kernel size should be greater than zero, but got: {value: x } (TxHxW)"),
    "not-implemented": ("NotImplementedError", "\"{function}\" not implemented for '{type}'"),
    "empty-space": (
        "RuntimeError",
        "Only zero batch or zero channel inputs are supported, but got input shape: {shape}",
    ),
    "reflect-too-wide": (
        "RuntimeError",
        "Argument #{argument}: Padding size should be less than the corresponding input dimension, "
        "but got: padding ({left}, {right}) at dimension {axis} of input {shape}",
    ),
    "circular-too-wide": ("RuntimeError", "Padding value causes wrapping around more than once."),
    # linear maps
    "not-a-tensor": ("TypeError", "{function}(): argument '{parameter}' (position 1) must be Tensor, not {type}"),
    "linear-rank": ("RuntimeError", "both arguments to linear need to be at least 1D, but they are {rank}D and 2D"),
    "linear-dtype": ("RuntimeError", "mat1 and mat2 must have the same dtype, but got {input} and {weight}"),
    "linear-dtype-without-bias": (
        "RuntimeError",
        "expected m1 and m2 to have the same dtype, but got: {input} != {weight}",
    ),
    "linear-dtype-or-shape": ("RuntimeError", None),
    # modules and containers
    "no-forward": ("NotImplementedError", 'Module [{name}] is missing the required "forward" function'),
    "not-a-module": ("TypeError", "{type} is not a Module subclass"),
    "module-index": ("IndexError", "index {index} is out of range"),
    # the same elements under another shape
    "two-gaps": ("RuntimeError", "only one dimension can be inferred"),
    "negative-length": ("RuntimeError", "invalid shape dimension {dim} at index {index} of shape {shape}"),
    "ambiguous-gap": (
        "RuntimeError",
        "cannot reshape tensor of 0 elements into shape {shape} because the unspecified dimension size -1 "
        "can be any value and is ambiguous",
    ),
    "flatten-order": ("RuntimeError", "flatten() has invalid args: start_dim cannot come after end_dim"),
    "unflatten": (
        "RuntimeError",
        "unflatten: Provided sizes {sizes} don't multiply up to the size of dim {axis} ({length}) in the input tensor",
    ),
    "permute-length": (
        "RuntimeError",
        "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired "
        "ordering of dimensions i.e. input.dim() = {rank} is not equal to len(dims) = {count}",
    ),
    "permute-twice": ("RuntimeError", "permute(): duplicate dims are not allowed."),
    "t-rank": ("RuntimeError", "t() expects a tensor with <= 2 dimensions, but self is {rank}D"),
    "expand": (
        "RuntimeError",
        "The expanded size of the tensor ({wanted}) must match the existing size ({own}) at non-singleton "
        "dimension {axis}.  Target sizes: {target}.  Tensor sizes: {shape}",
    ),
    "expand-rank": (
        "RuntimeError",
        "expand(torch.{type}Tensor{{{shape}}}, size={size}): the number of sizes provided ({count}) must be greater "
        "or equal to the number of dimensions in the tensor ({rank})",
    ),
    "expand-rank-of": ("RuntimeError", None),
    "repeat-rank": (
        "RuntimeError",
        "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor",
    ),
    "cat-nothing": ("ValueError", "torch.cat(): expected a non-empty list of Tensors"),
    "cat-tensor": ("TypeError", "cat(): argument 'tensors' (position 1) must be tuple of Tensors, not Tensor"),
    "split-sum": (
        "RuntimeError",
        "split_with_sizes expects split_sizes to sum exactly to {length} (input tensor's size at dimension {axis}), "
        "but got split_sizes={sections}",
    ),
    "gather": (
        "RuntimeError",
        "Size does not match at dimension {axis} expected index {index} to be no larger than self {shape} "
        "apart from dimension {dim}",
    ),
    # creation
    "size-type": ("TypeError", "{function}(): argument 'size' (position 1) must be tuple of ints, not {type}"),
    "zeros-negative": ("RuntimeError", "zeros: Dimension size must be non-negative."),
    # subscripts, products, reductions
    "slice-step": ("ValueError", "step must be greater than zero"),
    "index-scalar": (
        "IndexError",
        "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ "
        "to convert a 0-dim tensor to a number",
    ),
    "matmul-rank": (
        "RuntimeError",
        "both arguments to matmul need to be at least 1D, but they are {left}D and {right}D",
    ),
    "repeated-dim": ("RuntimeError", "dim {axis} appears multiple times in the list of dims"),
    "bmm-rank": ("RuntimeError", "{name} must be a 3D tensor"),
    "no-matrix": ("RuntimeError", "{name} must be a matrix"),
    "einsum-rank": (
        "RuntimeError",
        "einsum(): the number of subscripts in the equation ({count}) does not match the number of dimensions ({rank}) "
        "for operand {number} and no ellipsis was given",
    ),
    "einsum-length": (
        "RuntimeError",
        "einsum(): subscript {letter} has size {size} for operand {number} which does not broadcast with previously "
        "seen size {seen}",
    ),
    "std-dtype": ("RuntimeError", "std and var only support floating point and complex dtypes"),
    "mean-dtype": (
        "RuntimeError",
        "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: {type}",
    ),
    # activations, dropout
    "dropout": ("ValueError", "dropout probability has to be between 0 and 1, but got {p}"),
    "prelu": (
        "RuntimeError",
        "Mismatch of parameter numbers and input channel size. Found parameter numbers = {count} and "
        "channel size = {channels}.",
    ),
    "glu": ("RuntimeError", "Halving dimension must be even, but dimension {axis} is size {size}"),
    # normalisation
    "norm-rank": ("ValueError", "expected {words} input (got {rank}D input)"),
    "batch-norm-one": (
        "ValueError",
        "Expected more than 1 value per channel when training, got input size {shape:size}",
    ),
    "batch-norm": ("RuntimeError", "{what} should contain {actual} elements not {own}"),
    "instance-norm": (
        "ValueError",
        "expected input's size at dim={axis} to match num_features ({own}), but got: {actual}.",
    ),
    "instance-norm-one": (
        "ValueError",
        "Expected more than 1 spatial element when training, got input size {shape:size}",
    ),
    "layer-norm": (
        "RuntimeError",
        "Given normalized_shape={wanted}, expected input with shape [*, {star}], but got input of size{shape}",
    ),
    "rms-norm": (
        "RuntimeError",
        "Given normalized_shape={wanted}, expected input with shape [*{star}], but got input of size{shape}",
    ),
    "group-norm-constructor": ("ValueError", "num_channels ({channels}) must be divisible by num_groups ({groups})"),
    "group-norm-groups": (
        "RuntimeError",
        "Expected number of channels in input to be divisible by num_groups, but got input of shape {shape} "
        "and num_groups={groups}",
    ),
    "group-norm": (
        "RuntimeError",
        "Expected weight to be a vector of size equal to the number of channels in input, "
        "but got weight of shape {own} and input of shape {shape}",
    ),
    # pooling
    "pool-setting": ("RuntimeError", "{name}: {what} must either be a single int, or a tuple of two ints"),
    "pool-stride": ("RuntimeError", "stride should not be zero"),
    "pool-padding": (
        "RuntimeError",
        "pad should be at most half of effective kernel size, but got pad={pad}, kernel_size={kernel} and "
        "dilation={dilation}",
    ),
    "pool-empty": (
        "RuntimeError",
        "Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:{shape}",
    ),
    "pool-too-small": (
        "RuntimeError",
        "Given input size: ({before:x}). Calculated output size: ({after:x}). Output size is too small",
    ),
    "pool-too-small-1d": ("RuntimeError", "max_pool1d() Invalid computed output size: {size}"),
    "pool-too-small-of": ("RuntimeError", None),
    "max-pool2d-rank": ("RuntimeError", "non-empty 3D or 4D (batch mode) tensor expected for input"),
    # transposed convolutions
    "output-padding": (
        "RuntimeError",
        "output padding must be smaller than either stride or dilation, but got output_padding_height: {o0} "
        "output_padding_width: {o1} stride_height: {s0} stride_width: {s1} dilation_height: {d0} dilation_width: {d1}",
    ),
    "output-padding-of": ("RuntimeError", None),
    "transposed-too-small": ("RuntimeError", None),
    "output-size": (
        "ValueError",
        "requested an output size of {wanted}, but valid sizes range from {least} to {most} (for an input of {input:size})",
    ),
    # cells moved, added or dropped
    "pad-pairs": ("RuntimeError", "Padding length must be divisible by 2"),
    "pad-rank": (
        "RuntimeError",
        "Padding length should be less than or equal to two times the input dimension but got padding length {count} "
        "and input of dimension {rank}",
    ),
    "pad-rank-by-mode": (
        "NotImplementedError",
        "Padding size {count} is not supported for {rank}D input tensor.\nSupported combinations for non-constant padding:"
        "\n  - 2D or 3D input: padding size = 2 (pads last dimension)"
        "\n  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)"
        "\n  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)",
    ),
    "pad-empty": (
        "RuntimeError",
        "Expected {least}D or {most}D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions "
        "for input, but got: {shape}",
    ),
    "pad-negative": ("RuntimeError", "narrow(): length must be non-negative."),
    "resize-both": ("ValueError", "only one of size or scale_factor should be defined"),
    "resize-none": ("ValueError", "either size or scale_factor should be defined"),
    "resize-size": (
        "ValueError",
        "Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of "
        "{lengths} and output size of {wanted:py}. Please provide input tensor in (N, C, d1, d2, ...,dK) format and "
        "output size in (o1, o2, ...,oK) format.",
    ),
    "resize-scale": ("ValueError", None),
    "resize-rank": ("NotImplementedError", "Got {rank}D input, but {mode} mode needs {needed}D input"),
    "pixel-shuffle": (
        "RuntimeError",
        "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, "
        "but input.size(-3)={channels} is not divisible by {square}",
    ),
    "pixel-unshuffle": (
        "RuntimeError",
        "pixel_unshuffle expects {name} to be divisible by downscale_factor, but input.size({axis})={size} "
        "is not divisible by {factor}",
    ),
    "embedding-dtype": (
        "RuntimeError",
        "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; "
        "but got torch.{type}Tensor instead (while checking arguments for embedding)",
    ),
    "embedding-dtype-of": ("RuntimeError", None),
    "embedding-padding": ("AssertionError", "Padding_idx must be within num_embeddings"),
    # recurrent modules, attention
    "recurrent-rank": ("ValueError", "{name}: Expected input to be 2D or 3D, {got}"),
    "recurrent-size": ("RuntimeError", "input.size(-1) must be equal to input_size. Expected {expected}, got {actual}"),
    "attention-heads": ("AssertionError", "embed_dim must be divisible by num_heads"),
    "attention-size": ("AssertionError", "was expecting embedding dimension of {expected}, but got {actual}"),
    # losses
    "bce": (
        "ValueError",
        "Using a target size ({target:size}) that is different to the input size ({shape:size}) is deprecated. "
        "Please ensure they have the same size.",
    ),
    "bce-logits": ("ValueError", "Target size ({target:size}) must be the same as input size ({shape:size})"),
    "loss-batch": ("ValueError", "Expected input batch_size ({input}) to match target batch_size ({target})."),
    "loss-targets": ("RuntimeError", "0D or 1D target tensor expected, multi-target not supported"),
    # numbers that the text fixes
    "embedding-index": ("IndexError", "index out of range in self"),
    "one-hot": ("RuntimeError", "Class values must be smaller than num_classes."),
    "loss-class": ("IndexError", "Target {target} is out of bounds."),
    "in-place": ("RuntimeError", "output with shape {shape} doesn't match the broadcast shape {whole}"),
    "cat-scalar": ("RuntimeError", "zero-dimensional tensor (at position {position}) cannot be concatenated"),
    "hidden-size": ("RuntimeError", "Expected hidden[0] size {wanted:py}, got {got}"),
    "recurrent-positive": ("ValueError", "{name} must be greater than zero"),
    "attention-values": ("AssertionError", "key shape {key:size} does not match value shape {value:size}"),
}
