"""What TensorFlow, or JAX, raises below a layer of Keras 3, for numbers of a kind that its kernels do not take."""

from __future__ import annotations

from ..problems import WrongDtype
from . import Raised, Version, words
from .keras import exactly, said

KERNEL_NAMES = {"float32": "float", "float64": "double", "float16": "half"}
"""The names of dtypes in TensorFlow's kernels."""

FLOATS = "half, bfloat16, float, double"
ATTRIBUTES = (
    'attr=padding:string,allowed=["SAME", "VALID", "EXPLICIT"]; attr=explicit_paddings:list(int),default=[]; '
    'attr=data_format:string,default="NHWC",allowed=["NHWC", "NCHW"]; attr=dilations:list(int),default=[1, 1, 1, 1]>'
)
DEFINITIONS = {
    "Conv2D": (
        f"{FLOATS}, int32",
        "T",
        "{{node Conv2D}}; Op<name=Conv2D; signature=input:T, filter:T -> output:T; attr=T:type,allowed=[DT_HALF, "
        "DT_BFLOAT16, DT_FLOAT, DT_DOUBLE, DT_INT32]; attr=strides:list(int); attr=use_cudnn_on_gpu:bool,default=true; "
        + ATTRIBUTES,
    ),
    "DepthwiseConv2dNative": (
        FLOATS,
        "T",
        "{{node DepthwiseConv2dNative}}; Op<name=DepthwiseConv2dNative; signature=input:T, filter:T -> output:T; "
        "attr=T:type,allowed=[DT_HALF, DT_BFLOAT16, DT_FLOAT, DT_DOUBLE]; attr=strides:list(int); " + ATTRIBUTES,
    ),
    "Conv3DBackpropInputV2": (
        "int32, int64",
        "Tshape",
        "{{node _MklNativeConv3DBackpropInputV2}}; Op<name=_MklNativeConv3DBackpropInputV2; signature=input_sizes:Tshape, "
        "filter:T, out_backprop:T -> output:T; attr=T:type,allowed=[DT_BFLOAT16, DT_FLOAT, DT_HALF]; "
        "attr=strides:list(int),min=5; attr=dilations:list(int),default=[1, 1, 1, 1, 1]; "
        "attr=Tshape:type,default=DT_INT32,allowed=[DT_INT32, DT_INT64]; "
        'attr=padding:string,allowed=["SAME", "VALID"]; attr=data_format:string,default="NDHWC",allowed=["NDHWC", "NCDHW"]>',
    ),
}
"""By operation: the dtypes that it takes, the attribute that says so, and its definition as TensorFlow prints it."""

TAKEN = {
    "Conv2D": ("float16", "bfloat16", "float32", "float64", "int32"),
    "DepthwiseConv2dNative": ("float16", "bfloat16", "float32", "float64"),
}
"""The dtypes that an operation takes at all, if both of its inputs have them."""


@words(WrongDtype, "keras")
def wrong_dtype(problem: WrongDtype, version: Version) -> Raised:
    """The variable's conversion to the input's dtype, or the kernel's own checks."""
    dtype, expected, operation = problem.dtype, problem.expected, problem.operation
    given, wanted = (KERNEL_NAMES.get(name, name) for name in (dtype, expected))
    if operation == "convert":
        weight = tuple(int(dim) if isinstance(dim, bool) else dim for dim in problem.weight)  # a filter counted by True
        variable = f"<tf.Variable '{problem.path}/kernel:0' shape={said(weight)} dtype={expected}, numpy=<values>>"
        text = f"Incompatible type conversion requested to type {dtype} for `tf.Variable of type {expected}. (Variable: {variable})"
        return Raised("ValueError", text, exactly(problem.weight))
    if operation == "initializer":
        text = "Need minval < maxval, got 0 >= 0 [Op:StatelessRandomUniformIntV2] name: "
        return Raised("InvalidArgumentError", text)
    if operation == "xla":  # the text quotes files and lines of Keras
        return Raised("TypeError", None, exact=False)
    if operation == "uniform":
        return Raised("ValueError", f"dtype argument to `uniform` must be a float dtype, got {dtype}")
    if operation.startswith("lax."):
        return Raised("TypeError", f"{operation} requires arguments to have the same dtypes, got {dtype}, {expected}.")
    if operation == "Conv2DBackpropInput":
        text = f"cannot compute _MklNative{operation} as input #2(zero-based) was expected to be a {wanted} tensor but is a"
        return Raised("InvalidArgumentError", f"{text} {given} tensor [Op:{operation}] name: ")
    if dtype in TAKEN.get(operation, ()):
        text = f"cannot compute {operation} as input #1(zero-based) was expected to be a {given} tensor but is a {wanted} tensor"
        return Raised("InvalidArgumentError", f"{text} [Op:{operation}] name: ")
    allowed, attribute, definition = DEFINITIONS[operation]
    text = f"Value for attr '{attribute}' of {given} is not in the list of allowed values: {allowed}\n\t; NodeDef: {definition}"
    return Raised("InvalidArgumentError", f"{text} [Op:{operation}] name: ")
