"""What Keras 3 raises for arguments: of constructors, and of calls that do not bind."""

from __future__ import annotations

from ..problems import (
    BadSetting,
    GroupsDoNotDivide,
    NotPositive,
    OutputPaddingTooBig,
    StridesWithDilation,
    WrongArguments,
)
from . import Raised, Version, words
from .keras import said, type_name, value_error


@words(BadSetting, "keras")
def bad_setting(problem: BadSetting, version: Version) -> Raised:
    """keras/src/utils/argument_validation.py and the constructors of Layer and Operation."""
    name, value = problem.name, problem.value
    kind = f"<class '{type_name(value)}'>"
    tuple_text = f"The `{name}` argument must be a tuple of {problem.axes} integers. Received {name}={said(value)}"
    match problem.why:
        case "not-a-tuple":
            return value_error(tuple_text, value)
        case "not-ints":
            item = problem.bad[0]
            return value_error(f"{tuple_text}including element {said(item)} of type <class '{type_name(item)}'>", value)
        case "not-positive" | "negative":
            sign = "> 0" if problem.why == "not-positive" else ">= 0"
            bad = said(set(problem.bad))
            if version < (3, 12) and problem.why == "negative":
                sign = "> 0"
            return value_error(f"{tuple_text}, including values {bad} that do not satisfy `value {sign}`", value)
        case "not-a-number":
            return Raised(
                "TypeError",
                f"'{problem.options[0] if problem.options else '<='}' not supported between instances of '{type_name(problem.bad[0])}' and 'int'",
            )
        case "not-a-string":
            return Raised("AttributeError", f"'{type_name(value)}' object has no attribute 'lower'")
        case "not-an-option" if name == "data_format":
            options = "{'channels_first', 'channels_last'}"
            return value_error(
                f"The `data_format` argument must be one of {options}. Received: data_format={said(value)}", value
            )
        case "not-an-option":
            options = "{" + ", ".join(map(repr, problem.options)) + "}"
            text = f"The `{name}` argument must be a list/tuple or one of {options}. Received: {said(value)}"
            return value_error(text, value)
        case "not-interpreted":
            return value_error(f"Could not interpret {problem.options[0]} identifier: {said(value)}", value)
        case "padding-of-build":
            return value_error(f"`padding` must be either `'valid'` or `'same'`. Received {said(value)}.", value)
        case "name":
            text = "Argument `name` must be a string and cannot contain character `/`. "
            return value_error(f"{text}Received: name={said(value)} (of type {kind})", value)
        case "dtype":
            policy = "FloatDTypePolicy" if version < (3, 4) else "DTypePolicy"
            return value_error(
                f"Cannot convert '{said(value)}' to a mixed precision {policy}. Valid policies include 'mixed_float16', "
                "'mixed_bfloat16', and the name of any float dtype such as 'float32'.",
                value,
            )
        case "dtype-kind":
            text = "Cannot interpret `dtype` argument. Expected a string or an instance of DTypePolicy."
            return value_error(f"{text} Received: dtype={said(value)}", value)
        case "trainable":
            return value_error(
                f"Expected `trainable` to be a boolean. Received: trainable={said(value)} (of type {kind})", value
            )
    return Raised(None, None, exact=False)


@words(NotPositive, "keras")
def not_positive(problem: NotPositive, version: Version) -> Raised:
    """The checks at the end of the constructors of convolutions."""
    name, value = problem.name, problem.value
    if name == "groups":
        return value_error(f"The number of groups must be a positive integer. Received: groups={said(value)}.", value)
    return value_error(
        f"Invalid value for argument `{name}`. Expected a strictly positive value. Received {name}={said(value)}.",
        value,
    )


@words(GroupsDoNotDivide, "keras")
def groups_do_not_divide(problem: GroupsDoNotDivide, version: Version) -> Raised:
    """BaseConv.__init__ and BaseConv.build."""
    groups, count = problem.groups, problem.count
    if problem.of == "filters":
        return value_error(
            "The number of filters must be evenly divisible by the number of groups. "
            f"Received: groups={said(groups)}, filters={said(count)}.",
            groups,
            count,
        )
    return value_error(
        "The number of input channels must be evenly divisible by the number of groups. "
        f"Received groups={said(groups)}, but the input has {said(count)} channels (full input shape is {said(problem.shape)}).",
        groups,
        count,
        problem.shape,
    )


@words(StridesWithDilation, "keras")
def strides_with_dilation(problem: StridesWithDilation, version: Version) -> Raised:
    """BaseConv.__init__."""
    return value_error(
        "`strides > 1` not supported in conjunction with `dilation_rate > 1`. "
        f"Received: strides={said(problem.strides)} and dilation_rate={said(problem.dilation)}",
        problem.strides,
        problem.dilation,
    )


@words(OutputPaddingTooBig, "keras")
def output_padding_too_big(problem: OutputPaddingTooBig, version: Version) -> Raised:
    """BaseConvTranspose.__init__, from 3.14 on."""
    axis, padding, strides = problem.axis, problem.output_padding, problem.strides
    return value_error(
        f"`output_padding` must be strictly less than `strides` for all dimensions. At dimension {axis}, "
        f"`output_padding` is {said(padding[axis])} but `strides` is {said(strides[axis])}. "
        f"Received: output_padding={said(padding)}, strides={said(strides)}",
        padding,
        strides,
    )


@words(WrongArguments, "keras")
def wrong_arguments(problem: WrongArguments, version: Version) -> Raised:
    """Python's own binding for constructors, inspect.Signature.bind for calls, Layer.__init__ for **kwargs."""
    names = problem.names
    if not problem.function:
        match problem.why:
            case "missing":
                return Raised("TypeError", f"missing a required argument: {names[0]!r}")
            case "unexpected":
                return Raised("TypeError", f"got an unexpected keyword argument {names[0]!r}")
            case "repeated":
                return Raised("TypeError", f"multiple values for argument {names[0]!r}")
        return Raised("TypeError", "too many positional arguments")
    start = f"{problem.function}() "
    match problem.why:
        case "missing":
            many = "" if len(names) == 1 else "s"
            return Raised("TypeError", f"{start}missing {len(names)} required positional argument{many}: {_and(names)}")
        case "unrecognized":
            passed = dict(zip(names, problem.values, strict=True))
            text = f"Unrecognized keyword arguments passed to {problem.layer}: {said(passed)}"
            if problem.layer in ("StringLookup", "IntegerLookup"):  # which give none to their base
                text = f"Unrecognized keyword argument(s): {said(passed)}"
            return value_error(text, *problem.values)
        case "unexpected":
            return Raised("TypeError", f"{start}got an unexpected keyword argument {names[0]!r}")
        case "repeated":
            return Raised("TypeError", f"{start}got multiple values for argument {names[0]!r}")
    least, most, given = problem.counts
    takes = f"{most}" if least == most else f"from {least} to {most}"
    many = "" if least == most == 1 else "s"
    were = "was" if given == 1 else "were"
    return Raised("TypeError", f"{start}takes {takes} positional argument{many} but {given} {were} given")


def _and(names: tuple[str, ...]) -> str:
    quoted = [repr(name) for name in names]
    if len(quoted) == 1:
        return quoted[0]
    last = f"{'' if len(quoted) == 2 else ','} and {quoted[-1]}"
    return ", ".join(quoted[:-1]) + last
