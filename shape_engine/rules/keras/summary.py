"""The numbers of ``model.summary()``: the rows of its table, and the counts below it.

Follows keras/src/utils/summary_utils.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...description import Counts, Link, Row, Summary
from ...evidence import collect
from ...rule import MISSING, Call
from ...shape import Shape
from ...value import Class, Instance, Known, Tensor, Unknown, ancestry, is_known, tensors_in
from .masks import makes_mask
from .state import class_name, flavour_of, is_built, layers_inside, params_of, python_shape, reopen, shapes_of
from .topology import Topology, flat, operation_of, place_in, topology

NOT_TRAINED = frozenset({"moving_mean", "moving_variance", "moving_stddev", "renorm_mean", "renorm_stddev"})
"""The weights that no gradient changes."""

FIXED = (Known("keras.layers.Normalization", "keras"), Known("keras.layers.Normalization", "tf_keras"))
"""The layers whose weights are statistics."""

POOLING = (f"{kind}Pooling{n}D" for kind in ("Average", "Max", "GlobalAverage", "GlobalMax") for n in (1, 2, 3))
BUILT_AT_ONCE = frozenset(
    (
        *POOLING,
        *("Activation", "ActivityRegularization", "AlphaDropout", "Dropout", "ELU", "GaussianDropout", "GaussianNoise"),
        *("Identity", "LeakyReLU", "Masking", "ReLU", "Softmax", "UnitNormalization"),
        *(f"SpatialDropout{n}D" for n in (1, 2, 3)),
    )
)
"""The layers whose constructor builds them already."""

MODELS = (Known("keras.Model", "keras"), Known("keras.Model", "tf_keras"))
NOT_KNOWN = Counts(None, None, None, None)
BITS = {"bool": 1, "half": 16, "bfloat16": 16}
DEEPEST = 8  # levels of models in models that are told


def summary(call: Call, model: Instance, depth: int = 0) -> Summary:
    """The table of a model."""
    kind = call.get(model, ".model")
    graph = _graph(call, model) if kind == "functional" else None
    inside: Sequence[Any] = layers_inside(call, model) or ()
    if graph is not None and not _from_the_middle(call, model):
        inside = graph.operations
    rows = [_row(call, one, graph, depth, kind) for one in inside]
    places = {one: number for number, one in enumerate(inside)}
    rows = [_linked(call, row, one, places, graph) for row, one in zip(rows, inside, strict=True)]
    if kind == "sequential":
        rows = _chained(call, model, rows)
    lost = kind == "functional" and graph is None  # there may be layers that nobody knows of
    total = None if lost else count(call, model)
    trained = None if lost else count(call, model, trainable=True)
    rest = None if total is None or trained is None else total - trained
    name = call.plain(call.get(model, ".name"))
    output = _ends(call, model, ".output")
    if output is None and rows and call.get(model, ".built") is True:
        output = rows[-1].shape
    return Summary(
        "Functional" if class_name(model) == "Model" and kind == "functional" else class_name(model),
        name if isinstance(name, str) else "?", flavour_of(model), _ends(call, model, ".input"), output, tuple(rows),
        total, trained, rest, graph is None or graph.linear, NOT_KNOWN if lost else held(call, model), call.get(model, ".site"),
        _doubt(call, model, graph), kind is not None or any(one in MODELS for one in ancestry(model.cls)),
        _version(call, model),
    )  # fmt: skip


def _version(call: Call, model: Instance) -> tuple[int, ...]:
    """Which Keras prints: before Keras 3 the package keras is what tf_keras is now."""
    own = call.version("keras")
    return own if flavour_of(model) == "keras" or own < (3,) else call.version("tf_keras")


def _doubt(call: Call, model: Instance, graph: Topology | None) -> str:
    """What Keras lists and we do not; "" where we list all."""
    old = flavour_of(model) != "keras"
    if old and _version(call, model) < (2, 7):
        return "Keras before 2.7 has other columns"
    if old and is_built(call, model) is False:
        return "the model is not built, and Keras raises a ValueError"
    if call.get(model, ".model") != "functional":
        return ""
    if graph is None:
        return "how some tensor comes about is not known"
    if old:
        return ""
    if _from_the_middle(call, model):
        return "the model starts at the output of a layer, and Keras copies its nodes"
    for layer in graph.operations:
        if not isinstance(layer, Instance):
            continue
        rule, settings = call.get(layer, ".rule"), call.get(layer, ".settings")
        makes = isinstance(rule, str) and makes_mask(rule, settings if isinstance(settings, tuple) else ())
        if makes or (isinstance(layer.cls, Class) and call.method(layer, "compute_mask") is not MISSING):
            return "masks are computed, and Keras lists how"
    return ""


def _graph(call: Call, model: Instance) -> Topology | None:
    outputs = flat(reopen(call.get(model, ".outputs")))
    return topology(outputs, _inputs(call, model))


def _inputs(call: Call, model: Instance) -> list[Tensor]:
    return flat(reopen(call.get(model, ".inputs")))


def _from_the_middle(call: Call, model: Instance) -> bool:
    """Whether a model starts at tensors that come from layers: Keras makes copies of its nodes."""
    return any(x.made is None or x.made.by != "keras.Input" for x in _inputs(call, model))


def _row(call: Call, one: Any, graph: Topology | None, depth: int, kind: Any) -> Row:
    if not isinstance(one, Instance):  # a function of keras.ops
        cls, name, names = one
        outputs = [x for node in graph.order if node.operation == one for x in node.outputs] if graph else []
        shapes = {x.name: python_shape(x.shape) for x in outputs}
        whole = [shapes.get(tensor) for tensor in names]  # Keras knows those that nobody uses, too
        shape = None if None in whole else whole[0] if len(whole) == 1 else whole
        sites = tuple(node.made.site for node in graph.order if node.operation == one) if graph else ()
        return Row(_text(call, name), cls, shape, 0, held=0, shown=shape, calls=sites, site=sites[0] if sites else None)
    output = call.get(one, ".output")
    old = flavour_of(one) != "keras"
    inner = call.get(one, ".model") is not None or (layers_inside(call, one) and isinstance(one.cls, Class))
    shown = shown_before_3(call, one, kind) if old else shown_output(call, one)
    shape = None if output is None else python_shape(shapes_of(call.thaw(output)))
    built = True if class_name(one) in BUILT_AT_ONCE and not old else is_built(call, one)
    trainable = call.get(one, "trainable", call.get(one, ".trainable"))
    own = held(call, one)
    params = count(call, one)
    return Row(
        _text(call, call.get(one, ".name")), class_name(one) if call.get(one, ".model") != "functional" else _functional(one),
        shape if shape is not None else shown if isinstance(shown, (tuple, list)) else None, params if built else None, built,
        None if own.trainable is None or own.non_trainable is None else own.trainable + own.non_trainable,
        trainable if isinstance(trainable, bool) else None, shown, (), call.get(one, ".site"),
        tuple(x.made.site for x in tensors_in(list(_calls(call, one))) if x.made is not None), one,
        summary(call, one, depth + 1) if inner and depth < DEEPEST else None,
    )  # fmt: skip


def _functional(model: Instance) -> str:
    return "Functional" if class_name(model) == "Model" else class_name(model)


def _calls(call: Call, layer: Instance) -> tuple[Any, ...]:
    found = call.get(layer, ".calls", ())
    return tuple(map(call.thaw, found)) if isinstance(found, tuple) else ()


def shown_output(call: Call, layer: Instance) -> Any:
    """``format_layer_shape``: what the last call gave, else what follows from the shape of the build; "?" without both,
    None where that is not known."""
    if class_name(layer) == "InputLayer":
        output = call.get(layer, ".output")
        return python_shape(output.shape) if isinstance(output, Tensor) else None
    calls = call.get(layer, ".calls", ())
    if not isinstance(calls, tuple):
        return None
    if calls:
        shapes = [python_shape(x.shape) for x in flat(call.thaw(calls[-1]))]
        return shapes[0] if len(shapes) == 1 else shapes or None
    if call.get(layer, ".model") is not None and is_built(call, layer) is True:
        return _ends(call, layer, ".output")
    built_for = reopen(call.get(layer, ".build_shape"))
    if built_for is None or class_name(layer) in BUILT_AT_ONCE:
        return "?" if is_built(call, layer) is not None else None
    from .holding import shape_through

    shape = Shape(call.symbol(dynamic=True) if d is None else d for d in built_for) if _plain(built_for) else None
    if shape is None:
        return None
    with collect() as record:
        found = shape_through(call, layer, shape)
    if any(getattr(one.problem, "type", "") == "NotImplementedError" for one in record.reports):
        return "?"
    found = python_shape(found)
    return found if not record.reports and is_known(found) else None


def shown_before_3(call: Call, layer: Instance, kind: Any) -> Any:
    """``Layer.output_shape`` of Keras 2: what all symbolic calls gave, "multiple" without one, or where they differ.

    ``kind`` is that of the model around: what the ``call`` of a user's class does is not symbolic; a Sequential makes a
    graph for what it is called with, in which lengths that differ are left open.
    """
    if class_name(layer) == "InputLayer":
        output = call.get(layer, ".output")
        return [python_shape(output.shape)] if isinstance(output, Tensor) else None
    own = call.get(layer, ".model")
    if own == "functional" or isinstance(call.get(layer, ".graph"), tuple):
        return _ends(call, layer, ".output")
    if own == "sequential" and is_built(call, layer) is True and (inside := layers_inside(call, layer)):
        return shown_before_3(call, inside[-1], own)
    calls = call.get(layer, ".calls", ())
    if not isinstance(calls, tuple):
        return None
    if kind is None or is_built(call, layer) is False:
        return "multiple"
    if not calls:
        return None
    shapes = [python_shape(shapes_of(call.thaw(outputs))) for outputs in calls]
    if all(shape == shapes[0] for shape in shapes):
        return shapes[0]
    if kind == "functional":
        return "multiple"
    if not all(map(_plain, shapes)) or len(set(map(len, shapes))) > 1:
        return None
    return tuple(dims[0] if len(set(dims)) == 1 else None for dims in zip(*shapes, strict=True))


def _plain(shape: Any) -> bool:
    return isinstance(shape, tuple) and all(d is None or isinstance(d, int) for d in shape)


def _linked(call: Call, row: Row, one: Any, places: dict[Any, int], graph: Topology | None) -> Row:
    """The row with the tensors that the layer takes in this model, in the order of its calls."""
    if graph is None:
        return row
    copied = row.cls == "InputLayer" and row.name.endswith("CLONE")
    nodes = [node for node in graph.order if node.operation == one]
    if isinstance(one, Instance) and len(nodes) > 1:
        known = _calls(call, one)
        rank = {output.made: number for number, outputs in enumerate(known) for output in tensors_in(outputs)}
        nodes.sort(key=lambda node: rank.get(node.outputs[0].made, 1 << 30))
    links = []
    for node in () if copied else nodes:
        for x in node.inputs:
            origin = operation_of(x)
            number, output = place_in(call, x)
            name = origin[1] if isinstance(origin, tuple) else call.get(origin, ".name") if origin is not None else "?"
            links.append(
                Link(places.get(origin), _text(call, name), number, output, python_shape(x.shape), node.made.site)
            )
    return replace(row, links=tuple(links), calls=tuple(node.made.site for node in nodes) or row.calls)


def _chained(call: Call, model: Instance, rows: list[Row]) -> list[Row]:
    """The rows of a Sequential, each taking what the one before gives."""
    graph = call.get(model, ".graph")
    shape = python_shape(graph[0].shape) if isinstance(graph, tuple) and isinstance(graph[0], Tensor) else None
    found = []
    for number, row in enumerate(rows):
        link = Link(number - 1 if number else None, rows[number - 1].name if number else "input", 0, 0, shape)
        found.append(replace(row, links=(link,)))
        shape = row.shape
    return found


def _text(call: Call, name: Any) -> str:
    name = call.plain(name)
    return name if isinstance(name, str) else "?"


def _ends(call: Call, model: Instance, name: str) -> Any:
    """The shape of what goes into a model, or comes out of it; None where that is not known."""
    graph = call.get(model, ".graph")
    if isinstance(graph, tuple):
        return python_shape(shapes_of(call.thaw(graph[0 if name == ".input" else 1])))
    for field in (name + "s", name):
        value = reopen(call.get(model, field))
        if value is not None:
            shape = python_shape(shapes_of(call.thaw(value)))
            return shape[0] if isinstance(shape, list) and len(shape) == 1 else shape
    return None


def held(call: Call, obj: Instance) -> Counts:
    """The weights that exist, those of layers inside, too, each layer once."""
    numbers: dict[bool, Any] = {True: 0, False: 0}
    bits: dict[bool, Any] = {True: 0, False: 0}
    for layer, trained in every_layer(call, obj):
        weights = call.get(layer, ".weights", ())
        known = isinstance(weights, tuple) and layers_inside(call, layer) is not None and not _half_known(call, layer)
        if is_built(call, layer) is None or not known:
            return NOT_KNOWN
        dtype, dtypes = call.get(layer, ".variable_dtype"), call.get(layer, ".weight_dtypes", ())
        if not isinstance(dtypes, tuple):
            return NOT_KNOWN
        given = dict(dtypes)
        if layer.cls in FIXED:
            given["count"] = "int64"
        for name, shape in weights:
            more, kind = params_of(((name, shape),)), changes(call, layer, name, trained)
            if more is None or kind is None:
                return NOT_KNOWN
            numbers[kind] = numbers[kind] + more
            each = _bits(given.get(name, dtype))
            bits[kind] = None if each is None or bits[kind] is None else bits[kind] + more * each
    size = {kind: None if value is None or not isinstance(value, int) else value / 8 for kind, value in bits.items()}
    return Counts(numbers[True], numbers[False], size[True], size[False])


def _half_known(call: Call, layer: Instance) -> bool:
    """Whether a layer was built for something of unknown shape: it has weights that nobody knows."""
    from .methods import rule_of

    if call.get(layer, ".weights") or not isinstance(reopen(call.get(layer, ".build_shape")), Unknown):
        return False
    rule = rule_of(call, layer)
    return rule is not None and any(phase.endswith("build") for phase in rule.phases)


def changes(call: Call, layer: Instance, name: str, trained: bool | None) -> bool | None:
    """Whether training changes a weight."""
    fixed = call.get(layer, ".untrained", ())
    if not isinstance(fixed, tuple):
        return None
    never = name in NOT_TRAINED or name in fixed or layer.cls in FIXED or name == "vector_u"
    return False if never or is_adapted(name, dict(call.get(layer, ".weights") or ())) else trained


def is_adapted(name: str, weights: Mapping[str, Any]) -> bool:
    """Whether low-rank weights stand beside a kernel or table of this name: they are trained in its place."""
    return f"lora_{name}_a" in weights


def _bits(dtype: Any) -> int | None:
    if not isinstance(dtype, str):
        return None
    digits = "".join(c for c in dtype.partition("_")[0] if c.isdigit())
    return BITS.get(dtype) or (int(digits) if digits else None)


def count(call: Call, obj: Instance, trainable: bool | None = None) -> Any:
    """How many numbers the weights hold, of layers inside, too, each layer once; None where it is not known.

    ``trainable=True`` counts only those that training changes.
    """
    total: Any = 0
    for layer, trained in every_layer(call, obj):
        weights = call.get(layer, ".weights", ())
        if call.get(layer, ".built") is not True or layers_inside(call, layer) is None:
            return None
        if not isinstance(weights, tuple) or _half_known(call, layer):
            return None
        if trainable:
            kinds = [changes(call, layer, name, trained) for name, _ in weights]
            if trained is None or None in kinds:
                return None
            weights = tuple(weight for weight, changes in zip(weights, kinds, strict=True) if changes)
        more = params_of(weights)
        if more is None:
            return None
        total = total + more
    return total


def every_layer(
    call: Call, obj: Instance, frozen: bool = False, seen: set[Instance] | None = None
) -> Iterator[tuple[Instance, bool | None]]:
    """An object and all layers inside, each once, and whether training changes its weights (None: not known).

    What is frozen stays so; in Keras 2 all inside something that is frozen is, too.
    """
    root = seen is None
    seen = set() if seen is None else seen
    if obj in seen:
        return
    seen.add(obj)
    said = call.get(obj, "trainable")
    own = call.get(obj, ".trainable") if said is None else said
    trained = False if frozen else own if isinstance(own, bool) else None
    yield obj, trained
    for layer in layers_inside(call, obj) or ():
        below = frozen or (trained is False and (root or flavour_of(obj) != "keras"))
        yield from every_layer(call, layer, below, seen)


__all__ = ["changes", "count", "every_layer", "held", "is_adapted", "summary"]
