"""What is wrong with a call of PyTorch's, by the name of its check, in one line each."""

from __future__ import annotations

from typing import Any

from ..problems import TorchBadCall, TorchRefusal
from ..snapshot import Finding
from . import shapes
from .problems import says

SENTENCES = {
    "ambiguous-gap": "the length that -1 stands for in {shape} cannot be told: there are no elements",
    "attention-heads": "{of}: embed_dim is no multiple of num_heads",
    "attention-size": "{of} takes {expected} features, the input has {actual}",
    "batch-norm": "{of} is made for {own} channels, the input has {actual}",
    "batch-norm-one": "{of} in training needs more than one value for each channel, the input {shape} has one",
    "bmm-rank": "{of}: {name} does not have exactly 3 axes",
    "cannot-broadcast": "{of}: {name} has another length than the {count} that it must have",
    "cat-nothing": "there is nothing to join",
    "cat-tensor": "torch.cat takes a list or tuple of tensors, not a tensor",
    "conv-bias-dtype": "{of} is given {input} numbers, its bias is {bias}",
    "dropout": "a dropout probability of {p} is not between 0 and 1",
    "einsum-length": "einsum: '{letter}' has length {size} in operand {number}, and {seen} before",
    "einsum-rank": "einsum: {count} letters for the {rank} axes of operand {number}",
    "embedding-dtype": "{of} takes whole numbers, the input holds {type}",
    "empty-space": "{of}: the input {shape} has no cells",
    "expand": "axis {axis} of {shape} has length {own}: it cannot be stretched to {wanted}",
    "expand-rank": "{count} sizes are given for {rank} axes: an axis cannot be left out",
    "flatten-order": "the first axis to flatten comes after the last one",
    "glu": "{of} halves axis {axis}, whose length {size} is odd",
    "group-norm": "{of} is made for channels of shape {own}, the input is {shape}",
    "group-norm-groups": "num_groups={groups} does not divide the channels of the input {shape}",
    "instance-norm": "{of} is made for {own} channels, axis {axis} of the input has {actual}",
    "instance-norm-one": "{of} in training needs more than one cell for each channel, the input {shape} has one",
    "layer-norm": "{of} is made for inputs that end in {wanted}, the input is {shape}",
    "linear-dtype": "{of} is given {input} numbers, its weights are {weight}",
    "linear-rank": "{of} takes an input of at least 1 axis, and is given a scalar",
    "loss-batch": "{of}: {input} predictions for {target} targets",
    "loss-targets": "{of}: the targets have more than one axis",
    "matmul-rank": "torch.matmul takes arrays of at least 1 axis: these have {left} and {right}",
    "negative-length": "a length cannot be negative",
    "negative-setting": "{of}: {name} is negative",
    "no-forward": "{name} has no method forward",
    "no-matrix": "{of}: {name} does not have exactly 2 axes",
    "norm-rank": "{of} takes an input of {words}, and is given {rank} axes",
    "not-a-tensor": "{function} is given {type} for {parameter}, which is no tensor",
    "not-implemented": "{function} does not exist for {type} numbers",
    "output-size": "output_size={wanted} is not possible: {least} to {most} are",
    "pad-negative": "more is cut off than there is",
    "pad-rank": "{count} numbers of padding are too many for {rank} axes",
    "padding-string": "padding={value} is not 'same' or 'valid'",
    "permute-length": "{count} axes are named, the input has {rank}",
    "permute-twice": "one axis is named twice",
    "pixel-shuffle": "{channels} channels are no multiple of the square of upscale_factor, {square}",
    "pool-empty": "{of}: the input {shape} has the wrong number of axes, or no cells",
    "pool-too-small": "nothing is left of the input {before}: the output would be {after}",
    "prelu": "{of} has {count} parameters, the input {channels} channels",
    "recurrent-size": "{of} takes {expected} features, the input has {actual}",
    "reflect-too-wide": "padding ({left}, {right}) is too wide for axis {axis} of {shape}",
    "repeat-rank": "fewer numbers of repeats are given than the input has axes",
    "repeated-dim": "axis {axis} is named twice",
    "same-with-stride": "{of}: padding='same' does not go with strides",
    "same-with-stride-call": "{of}: padding='same' does not go with strides",
    "setting-length": "{of}: {name}={value} must be one number or {count} of them",
    "t-rank": "t() takes at most 2 axes, and is given {rank}",
    "two-gaps": "only one length can be -1",
    "unflatten": "sizes {sizes} do not multiply to {length}, the length of axis {axis}",
    "weight-below-groups": "{of}: the weight {weight} has fewer filters than groups={groups}",
    "weight-not-divisible": "{of}: groups={groups} does not divide the filters of the weight {weight}",
    "weight-rank": "{of} takes inputs of {weight_rank} axes, {shape} has {rank}",
}  # fmt: skip


@says(TorchRefusal)
def _refusal(problem: TorchRefusal, finding: Finding) -> str:
    facts = {name: _fact(value) for name, value in problem.given}
    facts["of"] = shapes.named_maker(finding.made) or "the call"
    sentence = SENTENCES.get(problem.check)
    if sentence is not None:
        try:
            return sentence.format_map(facts)
        except KeyError:  # the rule tells other facts than the sentence asks for
            pass
    return _listed(problem, facts)


@says(TorchBadCall)
def _bad_call(problem: TorchBadCall, finding: Finding) -> str:
    facts = {name: _fact(value) for name, value in problem.given}
    function = facts.get("function", "the call").removesuffix(".__init__").removesuffix("()")
    match problem.check:
        case "unexpected-keyword" if "name" in facts:
            return f"{function} takes no argument {facts['name']}"
        case "multiple-values" if "name" in facts:
            return f"{function} is given {facts['name']} twice"
        case "missing" if "names" in facts:
            return f"{function} is called without {facts['names']}"
        case "too-many" if "given" in facts:
            return f"{function} is given {facts['given']} arguments, more than it takes"
    return _listed(problem, facts)


def _listed(problem: TorchRefusal, facts: dict[str, str]) -> str:
    """The kind of problem, the name of the check, and the facts as they are."""
    of = facts.pop("of", "")
    code, check = problem.code.replace("-", " "), problem.check.replace("-", " ")
    head = f"{of}: {code}" if of else code
    if check and check != code:
        head += f" ({check})"
    told = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in list(facts.items())[:6])
    return f"{head}: {told}" if told else head


def _fact(value: Any) -> str:
    if isinstance(value, str):
        return value
    return shapes.shape(value) if isinstance(value, (tuple, list)) else shapes.setting(value)
