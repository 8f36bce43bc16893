"""PyTorch's checks by name: the exception's type, and its text with the facts left open."""

from __future__ import annotations

_CONV_SIGNATURES = (
    "{function}() received an invalid combination of arguments - got ({got}), but expected one of:\n"
    " * (Tensor input, Tensor weight, Tensor bias = None, tuple of ints stride = 1, tuple of ints padding = 0, "
    "tuple of ints dilation = 1, int groups = 1)\n"
    "      didn't match because some of the arguments have invalid types: ({marked})\n"
    " * (Tensor input, Tensor weight, Tensor bias = None, tuple of ints stride = 1, str padding = \"valid\", "
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
    "dilation-zero": ("RuntimeError", None),
    "kernel-zero": ("RuntimeError", None),
    "empty-space": ("RuntimeError", "Only zero batch or zero channel inputs are supported, but got input shape: {shape}"),
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
    "linear-dtype-or-shape": ("RuntimeError", None),
    "axis": (
        "IndexError",
        "Dimension out of range (expected to be in range of [{least}, {most}], but got {axis})",
    ),
    # modules and containers
    "no-forward": ("NotImplementedError", 'Module [{name}] is missing the required "forward" function'),
    "not-a-module": ("TypeError", "{type} is not a Module subclass"),
    "module-index": ("IndexError", "index {index} is out of range"),
}
