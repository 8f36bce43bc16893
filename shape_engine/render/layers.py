"""What is wrong with a layer, a model or their settings, in one line each."""

from __future__ import annotations

from typing import Any

from ..axes import Axes
from ..dim import is_dim
from ..problems import (
    AlreadyBuilt,
    BadModel,
    BadSetting,
    BadWeightShape,
    ChannelMismatch,
    CroppedAway,
    DisconnectedModel,
    GroupsDoNotDivide,
    KernelRankMismatch,
    LostName,
    MissingBatchAxis,
    ModelInputMismatch,
    NotATensor,
    NotBuilt,
    NotPositive,
    OperandMismatch,
    OutputPaddingTooBig,
    PoolTooBig,
    PythonError,
    RefusedInputs,
    RefusedOptimizer,
    RefusedSetting,
    StridesWithDilation,
    UndefinedResult,
    UndefinedShape,
    UnknownLength,
    WindowTooBig,
    WrongArguments,
    WrongDtype,
    WrongInputCount,
    WrongModelInputs,
    WrongRank,
)
from ..shape import Shape
from ..snapshot import Finding
from . import shapes
from .problems import says


@says(WindowTooBig)
def _window_too_big(problem: WindowTooBig, finding: Finding) -> str:
    kernel = _window_of(problem)
    window = "pool window" if "pool" in shapes.maker(finding.made).lower() else "kernel"
    text = f"{window} {shapes.sizes(kernel)}"
    dilation = _tuple(problem.dilation, len(kernel))
    if any(is_dim(d) and d != 1 for d in dilation):
        spans = tuple(
            d * (k - 1) + 1 if is_dim(d) and is_dim(k) else None for d, k in zip(dilation, kernel, strict=False)
        )
        text += f" with dilation {shapes.sizes(dict.fromkeys(dilation))} spans {shapes.sizes(spans)} cells and"
    text += f" does not fit the {_spatial(problem.shape, kernel, finding)} input"
    padding = problem.padding
    if padding not in ("valid", "same", None, 0) and any(p for p in _tuple(padding, len(kernel))):
        text += f", padded by {shapes.sizes(dict.fromkeys(_tuple(padding, len(kernel))))}"
    return text


@says(UndefinedResult)
def _undefined(problem: UndefinedResult, finding: Finding) -> str:
    return f"{_window_too_big(problem, finding)}, and the layer is already built: what comes back is undefined"


@says(ChannelMismatch)
def _channel_mismatch(problem: ChannelMismatch, finding: Finding) -> str:
    features = problem.axis == -1 and shapes.maker(finding.made) in ("Dense", "Linear", "EinsumDense", "Bilinear")
    unit = "feature" if features else "channel"
    expected = _count(problem.expected, unit)
    return (
        f"{_layer(problem, finding)} takes {expected}, "
        f"the input {shapes.shape(problem.shape)} has {shapes.dim(problem.actual)} on axis {problem.axis}"
    )


@says(WrongRank)
def _wrong_rank(problem: WrongRank, finding: Finding) -> str:
    axes = _count(len(problem.shape), "axis") if isinstance(problem.shape, Shape) else "? axes"
    return f"{_layer(problem, finding)} takes {_range(problem)}, the input {shapes.shape(problem.shape)} has {axes}"


@says(MissingBatchAxis)
def _missing_batch_axis(problem: MissingBatchAxis, finding: Finding) -> str:
    return f"the input {shapes.shape(problem.shape)} lacks the batch axis: {_layer(problem, finding)} takes {_range(problem)}"


@says(GroupsDoNotDivide)
def _groups(problem: GroupsDoNotDivide, finding: Finding) -> str:
    count = shapes.dim(problem.count)
    whole = f"the {count} input channels" if problem.of == "channels" else f"{problem.of}={count}"
    return f"groups={shapes.dim(problem.groups)} does not divide {whole}"


@says(NotPositive)
def _not_positive(problem: NotPositive, finding: Finding) -> str:
    return f"{problem.name}={shapes.setting(problem.value)} is not positive"


def _layer(problem: Any, finding: Finding) -> str:
    """Who complains: the layer's class and its name (PyTorch names no layer: there it is a function)."""
    cls = shapes.maker(finding.made)
    name = getattr(problem, "layer", "")
    if finding.framework == "torch":
        return cls or name or "the call"
    if cls and name and name != cls:
        return f"{cls} '{name}'"
    return cls or (f"layer '{name}'" if name else "the layer")


def _window_of(problem: WindowTooBig) -> tuple[Any, ...]:
    """The spatial part of the kernel: Keras' text quotes the weight, with channels and filters last."""
    kernel = tuple(problem.kernel) if isinstance(problem.kernel, (list, tuple)) else (problem.kernel,)
    return kernel[:-2] if isinstance(problem.shape, Shape) and len(kernel) == len(problem.shape) > 2 else kernel


def _spatial(shape: Any, kernel: tuple[Any, ...], finding: Finding) -> str:
    """The spatial part of the input's shape."""
    if not isinstance(shape, Shape) or len(shape) not in (len(kernel), len(kernel) + 1, len(kernel) + 2):
        return shapes.shape(shape)
    last = shapes.is_channels_last(finding.made) and finding.framework != "torch"
    if len(shape) == len(kernel) + 2:
        return shapes.sizes(Axes.of(shape, last).spatial)
    if len(shape) == len(kernel) + 1:
        return shapes.sizes(shape[:-1] if last else shape[1:])
    return shapes.sizes(shape)


def _range(problem: WrongRank) -> str:
    least, most = problem.least, problem.most
    if least is None and most is None:
        return "another number of axes"
    if least == most:
        return _count(least, "axis")
    if most is None:
        return f"at least {_count(least, 'axis')}"
    return f"at most {_count(most, 'axis')}" if least is None else f"{least} to {most} axes"


def _count(number: Any, noun: str) -> str:
    if number == 1:
        return f"1 {noun}"
    return f"{shapes.dim(number)} {'axes' if noun == 'axis' else noun + 's'}"


def _tuple(value: Any, rank: int) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * rank


@says(PoolTooBig)
def _pool_too_big(problem: PoolTooBig, finding: Finding) -> str:
    return _window_too_big(problem, finding).replace("kernel ", "pool window ", 1)


@says(BadSetting)
def _bad_setting(problem: BadSetting, finding: Finding) -> str:
    given = f"{problem.name}={shapes.setting(problem.value)}"
    bad = ", ".join(map(shapes.setting, problem.bad))
    match problem.why:
        case "not-a-tuple":
            numbers = _count(problem.axes, "integer")
            return f"{given} is not one integer, nor {numbers}, one for each axis"
        case "not-ints":
            return f"{given} holds {bad}, which is no integer"
        case "not-positive":
            return (
                f"{given} holds {bad}: every number must be positive"
                if _several(problem.value)
                else f"{given} is not positive"
            )
        case "negative":
            return f"{given} is negative"
        case "not-a-number":
            return (
                f"{given} is not a number"
                if not _several(problem.value)
                else f"{given} holds {bad}, which is no number"
            )
        case "not-a-string":
            return f"{given} is not a text"
        case "not-an-option":
            options = " or ".join(map(repr, problem.options))
            return f"{given} is not {options}" if options else f"{given} is not one of the options"
        case "not-interpreted":
            kind = problem.options[0] if problem.options else problem.name
            return f"{given} names no known {kind}"
    if isinstance(problem.value, (int, float)) and problem.value <= 0 and problem.why.split("-")[-1] in _POSITIVE:
        return f"{given} is not positive"
    return f"{given} is refused" + (f" ({_words(problem.why)})" if problem.why not in ("", problem.name) else "")


@says(RefusedOptimizer)
def _refused_optimizer(problem: RefusedOptimizer, finding: Finding) -> str:
    match problem.why:
        case "arguments":
            return f"no optimizer takes {' or '.join(problem.value)}"
        case "argument" | "old-argument":
            return f"no optimizer takes {problem.name}"
        case "legacy":
            return "the optimizers of Keras 2 are not in Keras 3"
        case "learning-rate-is-scheduled":
            return "a schedule decides the learning rate: it cannot be set"
    return f"{problem.name}={shapes.setting(problem.value)} is refused"


@says(RefusedSetting)
def _refused_setting(problem: RefusedSetting, finding: Finding) -> str:
    given = f"{problem.name}={shapes.setting(problem.value)}"
    if problem.why.startswith("group-normalization-m") and problem.quoted:
        channels = shapes.dim(problem.quoted[0])
        return (
            f"{given} does not divide the {channels} channels"
            if "multiple" in problem.why
            else f"{given} is more than the {channels} channels"
        )
    if problem.why == "image-factor":
        low, high = map(shapes.setting, problem.quoted[1:])
        return f"{given} is no number between {low} and {high}, nor two of them"
    return _quoting(_bad_setting(problem, finding), problem.quoted)


@says(StridesWithDilation)
def _strides_with_dilation(problem: StridesWithDilation, finding: Finding) -> str:
    strides, dilation = shapes.sizes(problem.strides), shapes.sizes(problem.dilation)
    return f"strides {strides} and dilation {dilation} cannot both be more than 1"


@says(OutputPaddingTooBig)
def _output_padding(problem: OutputPaddingTooBig, finding: Finding) -> str:
    padding, strides = _at(problem.output_padding, problem.axis), _at(problem.strides, problem.axis)
    return f"output_padding {padding} is not smaller than the stride {strides} on spatial axis {problem.axis}"


@says(WrongArguments)
def _wrong_arguments(problem: WrongArguments, finding: Finding) -> str:
    function = (problem.function or shapes.maker(finding.made) or "the call").removesuffix(".__init__")
    names = ", ".join(problem.names)
    match problem.why:
        case "missing":
            return f"{function} is called without {names}"
        case "unexpected" | "unrecognized":
            return f"{function} takes no argument {names}"
        case "repeated":
            return f"{function} is given {names} twice"
        case "too-many" if problem.counts:
            return (
                f"{function} is given {problem.counts[-1]} arguments, more than the {problem.counts[-2]} that it takes"
            )
    return f"{function} is called with {_words(problem.why)} arguments {names}".rstrip()


@says(NotATensor)
def _not_a_tensor(problem: NotATensor, finding: Finding) -> str:
    return f"{_layer(problem, finding)} is given {shapes.shortened(problem.value)}, which is no tensor"


@says(WrongInputCount)
def _wrong_input_count(problem: WrongInputCount, finding: Finding) -> str:
    return f"{_layer(problem, finding)} takes {_count(problem.expected, 'tensor')} and is given {len(problem.inputs)}"


@says(UnknownLength)
def _unknown_length(problem: UnknownLength, finding: Finding) -> str:
    weight = f" for a weight of shape {shapes.shape(problem.weight)}" if problem.weight else ""
    return f"a length of the input {shapes.shape(problem.shape)} is left open, but must be known{weight}"


@says(BadWeightShape)
def _bad_weight(problem: BadWeightShape, finding: Finding) -> str:
    bad = f": {shapes.setting(problem.bad)} is no length" if problem.bad is not None else ""
    return f"a weight of shape {shapes.shape(problem.weight)} cannot be made{bad}"


@says(WrongDtype)
def _wrong_dtype(problem: WrongDtype, finding: Finding) -> str:
    wanted = f", it takes {problem.expected}" if problem.expected else ""
    return f"{_layer(problem, finding)} cannot compute with {problem.dtype} numbers{wanted}"


@says(KernelRankMismatch)
def _kernel_rank(problem: KernelRankMismatch, finding: Finding) -> str:
    axes = _count(len(problem.shape), "axis") if isinstance(problem.shape, Shape) else "? axes"
    return (
        f"the input {shapes.shape(problem.shape)} has {axes}, "
        f"the kernel {shapes.shape(problem.kernel)} of {_layer(problem, finding)} was not made for that"
    )


@says(AlreadyBuilt)
def _already_built(problem: AlreadyBuilt, finding: Finding) -> str:
    return f"{_layer(problem, finding)} is built already, and cannot be built again"


@says(NotBuilt)
def _not_built(problem: NotBuilt, finding: Finding) -> str:
    who = f"{problem.cls} '{problem.layer}'" if problem.cls and problem.layer else _layer(problem, finding)
    return f"{who} has no {problem.name} yet: it is not built"


@says(UndefinedShape)
def _undefined_shape(problem: UndefinedShape, finding: Finding) -> str:
    who = f"{problem.cls or 'model'} '{problem.layer}'" if problem.layer else "the model"
    return f"{who} has no {problem.name} yet: it has not seen an input"


@says(PythonError)
def _python_error(problem: PythonError, finding: Finding) -> str:
    return f"Python cannot do this: {problem.text.splitlines()[0] if problem.text else problem.type}"


@says(LostName)
def _lost_name(problem: LostName, finding: Finding) -> str:
    today = problem.today.removeprefix("builtins.")
    return f"{problem.module}.{problem.name} is a name of earlier versions" + (f": {today} today" if today else "")


@says(RefusedInputs)
def _refused_inputs(problem: RefusedInputs, finding: Finding) -> str:
    who = problem.of if problem.of not in ("", "one") else _layer(problem, finding)
    if problem.why.startswith(("loss-", "metric-")):
        who = f"the {problem.why.partition('-')[0]}"
    inputs = " and ".join(map(shapes.shape, problem.shapes[:4])) or "its inputs"
    if problem.why == "dot-lengths" and len(problem.quoted) == 4:
        left, axis, right, other = map(shapes.setting, problem.quoted)
        return f"{who} cannot multiply {inputs}: axis {axis} of the first has {left} entries, axis {other} of the second {right}"
    if problem.why in _REASONS:
        return f"{who} cannot work on {inputs}: {_REASONS[problem.why]}"
    return _quoting(f"{who} cannot work on {inputs} ({_words(problem.why)})", problem.quoted)


@says(OperandMismatch)
def _operands(problem: OperandMismatch, finding: Finding) -> str:
    who = problem.of.rpartition("/")[2]
    pair = " and ".join(map(shapes.shape, problem.shapes[:2]))
    when = " when the step runs" if problem.stage == "run" else ""
    return f"{f'{who} compares ' if who else ''}{pair}, which do not fit together{when}"


@says(CroppedAway)
def _cropped_away(problem: CroppedAway, finding: Finding) -> str:
    return f"cropping {shapes.setting(problem.cropping)} leaves nothing of the input {shapes.shape(problem.shape)}"


@says(ModelInputMismatch)
def _model_input(problem: ModelInputMismatch, finding: Finding) -> str:
    number = f" as input {problem.index}" if problem.index else ""
    return (
        f"{_layer(problem, finding)} was made for {shapes.shape(problem.expected)}{number} "
        f"and is given {shapes.shape(problem.actual)}"
    )


@says(WrongModelInputs)
def _wrong_model_inputs(problem: WrongModelInputs, finding: Finding) -> str:
    who = _layer(problem, finding)
    if problem.missing:
        return f"{who} is not given its input '{problem.missing}'"
    names = ", ".join(f"'{name}'" for name in problem.names)
    return f"{who} takes {_count(len(problem.names), 'input')} ({names}) and is given {problem.count}"


@says(DisconnectedModel)
def _disconnected(problem: DisconnectedModel, finding: Finding) -> str:
    path = f" '{problem.path}'" if problem.path else ""
    return f"the model's output{path} does not come from its inputs alone"


@says(BadModel)
def _bad_model(problem: BadModel, finding: Finding) -> str:
    model = f"model '{problem.model}'" if problem.model else "the model"
    quoted = [shapes.setting(value) if not isinstance(value, str) else value for value in problem.quoted]
    try:
        if problem.why in _MODELS:
            return _MODELS[problem.why].format(*quoted, model=model)
    except IndexError:  # the rule quotes less than the sentence asks for
        pass
    return _quoting(f"{model} cannot be put together or used like this ({_words(problem.why)})", problem.quoted)


_MODELS = {
    "unknown-arguments": "{0} are no arguments that the call takes",
    "unknown-arguments-compile": "{0} are no arguments that the call takes",
    "unknown-arguments-evaluate": "{0} are no arguments that the call takes",
    "not-compiled": "{model} is used before it is compiled",
    "cardinality": "the arrays hold different numbers of samples",
    "data-with-labels": "x is a {0}: {2} belong into it, not beside it",
    "data-type": "data of this kind are no arrays: {0}",
    "weights-of-both": "class_weight and sample_weight are both given",
    "weights-of-outputs": "one array of weights for several outputs must hold one number for each sample",
    "classes-of-outputs": "class_weight is given for a model whose labels are a list or dict",
    "class-weights": "class_weight must be a dict, and is a {0}",
    "validation-split": "{0} samples cannot be split by {1}",
    "no-loss": "{model} is compiled without a loss, and no layer adds one",
    "loss-keys": "the outputs are called {0}, the losses are for {1}",
    "loss-path": "a loss is at {0}, where the outputs or the labels have nothing",
    "loss-structure": "the labels are structured as {0}, the outputs as {1}",
    "loss-weights": "{0} losses and {1} weights for them",
    "loss-identifier": "there is no loss called {0}",
    "metric-identifier": "there is no metric called {0}",
    "optimizer-identifier": "there is no optimizer called {0}",
    "metric-none": "None stands where a metric should",
    "metrics-count": "{5} metrics are given for {4} outputs: a list holds those of each output",
    "metrics-type": "{0} are not structured as the outputs, which are called {1}",
    "metrics-keys": "{0} are for {5}, the outputs are called {4}",
    "compile-weights": "loss_weights must be a list or dict, and is {0}",
    "weight-type": "loss_weights hold a text: metrics are another argument of compile",
    "compile-metrics": "{0} must be a list or dict, and is {1}",
    "bad-outputs": "the model's outputs hold {0}, which is no Keras tensor",
    "bad-inputs": "the model's inputs hold {0}, which is no Keras tensor",
    "input-batch-both": "batch_size and batch_shape are both given",
    "input-both": "shape and batch_shape are both given",
    "input-none": "keras.Input is given no shape",
    "input-negative": "a length in {0} is negative",
    "name-and-index": "get_layer is given both index {0} and name {1}",
    "no-layers": "{model} has no layers",
    "no-name-no-index": "get_layer is given neither a name nor an index",
    "no-such-index": "there is no layer {0}: the model has {1}",
    "no-such-layer": "the model has no layer called {0}",
    "not-a-layer": "{0} is no layer: {model} cannot hold it",
    "repeated-name": "two outputs have the name {0}",
    "same-name": "{model} has a layer called {0} already",
    "second-input": "{model} has an input already",
    "unbuilt-count": "{model} is not built: it has no parameters to count yet",
}

_POSITIVE = ("units", "groups", "positive", "filters")

_REASONS = {
    "loss-rank": "the loss needs as many axes in the labels as in the output",
    "loss-shape": "the loss needs labels of the output's shape",
    "loss-sparse-rank": "the loss takes whole numbers, one axis fewer than the output has",
    "loss-sparse-shape": "the labels must have the output's shape without its last axis",
    "loss-sparse-axis": "the classes must be on the last axis",
    "loss-ctc-target": "the labels must have two axes",
    "loss-ctc-output": "the logits must have three axes",
    "metric-squeeze": "the labels have an axis too many, and it is not of length 1",
    "metric-top-k": "the labels must be one-hot",
    "metric-rank": "both must have two axes",
    "merge-batch": "their batch sizes differ",
    "merge-no-list": "it takes a list of tensors",
    "subtract-two": "it takes exactly two",
    "concatenate-mismatch": "they differ in more than the axis along which they are joined",
    "concatenate-no-list": "it takes a list of tensors",
    "dot-axis-0": "the batch axis cannot be summed over",
    "dot-two": "it takes a list of exactly two",
    "group-normalization-open": "the number of channels is left open",
}


def _quoting(text: str, quoted: tuple[Any, ...]) -> str:
    facts = ", ".join(map(shapes.setting, quoted[:4]))
    return f"{text}: {facts}" if facts else text


def _words(code: str) -> str:
    return code.replace("-", " ").replace("_", " ")


def _several(value: Any) -> bool:
    return isinstance(value, (tuple, list, set, frozenset))


def _at(values: Any, axis: int) -> str:
    values = _tuple(values, axis + 1)
    return shapes.dim(values[axis]) if axis < len(values) else shapes.setting(values)
