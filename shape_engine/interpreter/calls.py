"""Calls: binding arguments, running functions, making instances, asking rules."""

from __future__ import annotations

import ast
import logging
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ..evidence import collect
from ..rule import MISSING, REGISTRY, ClassRule, FunctionRule
from ..value import (
    Assumed,
    BoundMethod,
    Class,
    Code,
    Dict,
    Function,
    Instance,
    Known,
    List,
    Made,
    Module,
    Namespace,
    OpenKeywords,
    Partial,
    Row,
    Set,
    Site,
    Stream,
    Tensor,
    Unknown,
    Value,
    Wrapped,
    objects_in,
    tensors_in,
)  # fmt: skip
from . import scopes
from .collections_ import call_method, dict_items, forget, freeze, iterate, thaw
from .context import CallContext
from .core import MAX_DEPTH, MAX_GUESSES, Frame, Interpreter, Scope, Stopped, TooMuchWork, is_observable
from .expressions import evaluate, evaluates, new_container
from .generators import LOST, Give, abandon, suspended
from .limits import bounded
from .memo import remembered
from .memory import IN_PLACE, SHUFFLING, WRITING, wrote
from .objects import FieldsOf, Super, UnboundOf, find_method, get_attribute, known_base, mro
from .replay import replayed
from .signatures import Wraps
from .statements import execute_block

log = logging.getLogger(__name__)
CALL_STEPS = 4  # what a scope, or an object, for a call counts


@evaluates(ast.Call)
def call_node(it: Interpreter, node: ast.Call) -> Value:
    """Evaluate a call expression."""
    if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
        return _super(it)
    function = evaluate(it, node.func)
    args: list[Value] = []
    unknown: str | None = None
    for arg in node.args:
        value = evaluate(it, arg)
        if isinstance(arg, ast.Starred):
            items = iterate(it, value)
            if items is None:
                unknown = "called with arguments that are not known"
            else:
                args.extend(items)
        else:
            args.append(value)
    kwargs: dict[str, Value] = {}
    for keyword in node.keywords:
        value = evaluate(it, keyword.value)
        if keyword.arg is not None:
            kwargs[keyword.arg] = value
            continue
        if isinstance(value, Dict) and it.get(value.id, ".open") is True:
            kwargs = OpenKeywords(kwargs)
        pairs = dict_items(it, value)
        if pairs is None or not all(isinstance(key, str) for key, _ in pairs):
            unknown = "called with keyword arguments that are not known"
        else:
            kwargs.update(pairs)
    if unknown is not None:
        for value in (*args, *kwargs.values()):
            forget(it, value, unknown)
        return Unknown(unknown)
    if isinstance(function, Known) and function.target == "builtins.super":
        return _super(it, args)
    result = call_value(it, function, args, kwargs, node)
    if isinstance(node.func, ast.Attribute) and node.func.attr in RESHAPING and isinstance(function, BoundMethod):
        from .statements import assign_target

        assign_target(it, node.func.value, result)
    if isinstance(node.func, ast.Attribute) and node.func.attr == TELLING and isinstance(result, Tensor):
        from .statements import assign_target

        if isinstance(node.func.value, ast.Name):
            assign_target(it, node.func.value, result)
        return None
    return result


TELLING = "set_shape"
"""The method of TensorFlow's tensors that tells what their shape is."""
RESHAPING = frozenset({
    "squeeze_", "unsqueeze_", "transpose_", "t_", "swapaxes_", "swapdims_", "resize_", "resize_as_", "set_",
})  # fmt: skip
"""Methods of PyTorch's tensors that give the tensor itself another shape."""


def call_value(
    it: Interpreter, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value], node: Any
) -> Value:
    """Call anything that can be called; Unknown for the rest."""
    it.step()
    function = it.resolve(function)
    if isinstance(function, Function):
        return remembered(it, function, args, kwargs, lambda: _run_again(it, function, args, kwargs, node))
    if isinstance(function, BoundMethod):
        return _call_bound(it, function, args, kwargs, node)
    if isinstance(function, (Known, Namespace)):
        target = function if isinstance(function, Known) else Known(function.path, function.flavour)
        return call_known(it, target, args, kwargs, node)
    if isinstance(function, Instance):
        return call_instance(it, function, args, kwargs, node)
    if isinstance(function, Class):
        return instantiate(it, function, args, kwargs, node)
    if isinstance(function, Partial):
        return call_value(it, function.function, [*function.args, *args], {**dict(function.kwargs), **kwargs}, node)
    if isinstance(function, Wrapped):
        if function.how == "contextmanager" and isinstance(function.function, Function):
            return Managed(function.function, tuple(args), tuple(kwargs.items()))
        it.tracing += function.how == "traced"
        try:
            return call_value(it, function.function, args, kwargs, node)
        finally:
            it.tracing -= function.how == "traced"
    if isinstance(function, (Transparent, Wraps)):
        if isinstance(function, Wraps) and args and isinstance(args[0], Function):
            function.note(it, args[0])
        return args[0] if args else Unknown("a decorator without a function")
    reason = function.reason if isinstance(function, Unknown) else "something that is not followed"
    for value in (function, *args, *kwargs.values()):
        forget(it, value, "handed to code that is not known")
    return Unknown(reason or "a call of something unknown", objects_in(function, *args, *kwargs.values()))


def _run_again(
    it: Interpreter, function: Function, args: Sequence[Value], kwargs: Mapping[str, Value], node: Any
) -> Value:
    run = partial(call_function, it, function, args, kwargs, node)
    return replayed(it, function, args, kwargs, node, run)


RAISES = Unknown("a generator that is not followed to its end")


@dataclass(frozen=True)
class Transparent:
    """A decorator that changes nothing that matters here."""


@dataclass(frozen=True)
class Managed:
    """What a function decorated with ``contextlib.contextmanager`` gives: it runs around a ``with``."""

    function: Function
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]


def call_known(it: Interpreter, known: Known, args: Sequence[Value], kwargs: Mapping[str, Value], node: Any) -> Value:
    """Call a function or class of a framework, by its rule."""
    rule = REGISTRY.find(known.target)
    if rule is None:
        kind, _, name = known.target.removeprefix("builtins.").partition(".")
        owner = it.resolve(args[0]) if args else None
        if name and type(owner) is UNBOUND_METHODS.get(kind):  # str.lower(text)
            result = call_method(it, owner, name, args[1:], dict(kwargs))
            return Unknown(f"{name} is not followed") if result is MISSING else bounded(it, result)
        # frameworks leave the lists alone that they are given; of other code (random.shuffle) that is not known
        for value in () if known.target.partition(".")[0] in FRAMEWORK_ROOTS else (*args, *kwargs.values()):
            forget(it, value, f"handed to {known.target}, which is not modelled")
        for written in _written(known.target, args, kwargs):
            wrote(it, it.resolve(written))
        return Unknown(f"{known.target} is not modelled")
    call = context(it, node)
    call.flavour = known.flavour
    root = known.target.partition(".")[0]
    if root in FRAMEWORKS:
        it.progress()
    if isinstance(rule, ClassRule):
        return guarded(it, known.target, node, lambda: rule.construct(call, known, args, kwargs), args)
    assert isinstance(rule, FunctionRule)
    run = partial(_run_rule, it, call, rule, args, kwargs)
    result = guarded(it, known.target, node, run, (*args, *kwargs.values()))
    for written in _written(known.target, args, kwargs):
        wrote(it, it.resolve(written))
    for value in (*args, *kwargs.values()) if root in FRAMEWORKS else ():
        if isinstance(value, Stream):  # model.fit(batches())
            abandon(it, value, begun=True)
    if type(result) is Unknown and not result.of and root not in FRAMEWORKS:  # what it holds may be in there
        return Unknown(result.reason, objects_in(*args, *kwargs.values()))
    return bounded(it, result)


def _written(target: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Iterator[Value]:
    """The arrays into which a function of a framework writes."""
    owner, _, name = target.rpartition(".")
    in_place = name.endswith("_") and not name.endswith("__")
    method = (owner == "numpy.ndarray" and name in IN_PLACE) or (owner == "torch.Tensor" and in_place)
    if args and (method or target in WRITING or target in SHUFFLING or owner == "torch.nn.init"):
        yield args[0]
    if "out" in kwargs:
        outs = kwargs["out"]
        yield from outs if isinstance(outs, tuple) else (outs,)


FRAMEWORKS = frozenset({"PIL", "cv2", "einops", "keras", "numpy", "pandas", "skimage", "sklearn", "tf", "torch"})
FRAMEWORK_ROOTS = FRAMEWORKS | {"builtins"}
UNBOUND_METHODS: dict[str, type] = {"str": str, "list": List, "dict": Dict, "set": Set, "tuple": tuple}


def guarded(it: Interpreter, target: str, node: Any, work: Callable[[], Value], args: Sequence[Value]) -> Value:
    """Run a rule; a bug in it costs this one value and is logged."""
    it.outer_calls.append({})
    try:
        return work()
    except (TooMuchWork, Stopped, RecursionError):
        raise
    except Exception:
        it.errors.append(f"{target}:\n{traceback.format_exc()}")
        log.debug("the rule of %s failed", target, exc_info=True)
        return Unknown(f"the rule of {target} failed")
    finally:
        it.outer_calls.pop()


def call_instance(
    it: Interpreter, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value], node: Any
) -> Value:
    """``obj(...)``: the user's ``__call__``, or what a framework does when its object is called."""
    method = find_method(it, obj, "__call__")
    if method is not MISSING:
        return call_value(it, method, args, kwargs, node)
    rule = known_base(it, obj)
    if rule is not None:
        result = guarded(it, rule.target, node, lambda: rule.call(context(it, node), obj, args, kwargs), args)
        if result is not MISSING:
            return bounded(it, freeze(it, result))
    for cls in mro(it, obj.cls):
        if isinstance(cls, Known) and REGISTRY.find(cls.target) is None:
            return Unknown(f"{cls.target} is not modelled")
    return Unknown("a call of an object that is not followed")


def instantiate(it: Interpreter, cls: Class, args: Sequence[Value], kwargs: Mapping[str, Value], node: Any) -> Value:
    """``Class(...)`` for a class of the user's."""
    it.step(CALL_STEPS)
    from .records import find_member, initialise, make_row, row_names

    if cls.code is not None:
        it.executed.add((cls.code.unit, cls.code.span))
    if args:
        member = find_member(it, cls, args[0])
        if member is not MISSING:
            return member
    if row_names(it, cls) is not None:
        return make_row(it, cls, args, kwargs)
    obj = _new(it, cls, args, kwargs, node)
    if not isinstance(obj, Instance) or obj.cls != cls:
        return obj
    for base in mro(it, cls):
        if isinstance(base, Class):
            init = it.get(base.id, "__init__")
            if init is not MISSING:
                call_value(
                    it, BoundMethod(init.function if isinstance(init, Wrapped) else init, obj), args, kwargs, node
                )
                return obj
            if it.get(base.id, ".fields") is not MISSING:
                initialise(it, obj, args, kwargs)
                return obj
        elif isinstance(base, Known):
            rule = REGISTRY.find(base.target)
            if isinstance(rule, ClassRule):
                init = partial(rule.init, context(it, node), obj, args, kwargs)
                guarded(it, base.target, node, init, args)
                return obj
        else:
            return obj
    return obj


def _new(it: Interpreter, cls: Class, args: Sequence[Value], kwargs: Mapping[str, Value], node: Any) -> Value:
    """What ``__new__`` makes: a new object, unless a class of the user's decides."""
    for base in mro(it, cls):
        if isinstance(base, Class):
            make = it.get(base.id, "__new__")
            if make is not MISSING:
                return call_value(it, make.function if isinstance(make, Wrapped) else make, [cls, *args], kwargs, node)
    obj = Instance(it.new_id(), cls)
    it.set(obj.id, ".names", ())
    return obj


def call_function(
    it: Interpreter,
    function: Function,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: Any,
    on_yield: Callable[[Value], None] | None = None,
    site: Site | None = None,
) -> Value:
    """Run a function of the user's on these arguments; ``on_yield`` is told what a generator gives.

    ``site`` is where it was called, if that is not ``node`` in the running code.
    """
    code = function.code
    definition: Any = code.node
    it.step(CALL_STEPS)
    if code.module.endswith(".pyi"):
        from .stubs import result_of

        return result_of(it, function, (*args, *kwargs.values()))
    generates = not isinstance(definition, ast.Lambda) and scopes.has_yield(definition)
    if generates and on_yield is None and not isinstance(definition, ast.AsyncFunctionDef):
        unfit = bind(it, function, args, kwargs)
        made_at = it.site(node) if hasattr(node, "lineno") else None
        lazy = Generator(function, tuple(args), tuple(kwargs.items()), made_at)
        return unfit if isinstance(unfit, Unknown) else suspended(it, lazy)
    if len(it.frames) >= MAX_DEPTH:
        return RAISES if generates else Unknown("calls nested too deeply")
    if _guesses(it, code, args):
        return RAISES if generates else Unknown("a recursion that is not known to end")
    if isinstance(definition, ast.AsyncFunctionDef):
        return Unknown("a coroutine")
    bound = bind(it, function, args, kwargs)
    if isinstance(bound, Unknown):
        return bound
    it.execute((code.unit, code.span))
    scope = Scope(it.new_id(), scopes.local_names(definition), function.scope, code.module)
    if site is None and hasattr(node, "lineno"):
        site = it.site(node)
    frame = Frame(scope, code.unit, function, call_site=site)
    if args:
        frame.first = args[0]
    frame.on_yield = on_yield
    base = it.store
    it.frames.append(frame)
    catching, it.catching = it.catching, it.catching
    try:
        it.store = base.fork()
        for parameter, value in bound.items():
            it.set(scope.id, parameter, value)
        _observe_parameters(it, definition, bound)
        if isinstance(definition, ast.Lambda):
            result = evaluate(it, definition.body)
            it.merge(base, [it.store])
            return result
        alive = execute_block(it, definition.body)
        if alive:
            frame.returns.append((it.store, None))
        if not frame.returns:
            it.store = base  # every way out raises; what was done on the way does not matter any more
            return RAISES if generates else Unknown(f"{code.name} raises")
        it.merge(base, [store for store, _ in frame.returns])
        return it.join_all([value for _, value in frame.returns])
    except BaseException:
        it.store = base
        raise
    finally:
        it.frames.pop()
        it.catching = catching


def _guesses(it: Interpreter, code: Code, args: Sequence[Value]) -> bool:
    """Whether a function calls itself again and again where nobody knows that it does."""
    blind = any(type(arg) is Unknown for arg in args)
    if not it.uncertain and not blind:
        return False
    around = [frame for frame in it.frames if frame.function is not None and frame.function.code == code]
    return len(around) > MAX_GUESSES and (it.uncertain > 0 or any(frame.perhaps for frame in around))


@dataclass(frozen=True)
class Generator:
    """What a call of a generator function does once it is asked for items."""

    function: Function
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]
    site: Site | None

    def run(self, it: Interpreter, give: Give) -> None:
        if call_function(it, self.function, self.args, dict(self.kwargs), None, give, self.site) == RAISES:
            give(LOST)


def bind(
    it: Interpreter, function: Function, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> dict[str, Value] | Unknown:
    """The value of each parameter; Unknown where the call does not fit the signature."""
    definition: Any = function.code.node
    arguments = definition.args
    defaults = dict(function.defaults)
    positional = [parameter.arg for parameter in (*arguments.posonlyargs, *arguments.args)]
    bound: dict[str, Value] = dict(zip(positional, args, strict=False))
    extra = tuple(args[len(positional) :])
    if arguments.vararg is not None:
        bound[arguments.vararg.arg] = extra
    elif extra:
        return Unknown(f"{function.code.name} takes fewer arguments")
    rest: dict[str, Value] = {}
    by_name = {*positional[len(arguments.posonlyargs) :], *(parameter.arg for parameter in arguments.kwonlyargs)}
    for key, value in kwargs.items():
        if key in by_name:
            if key in bound:
                return Unknown(f"{function.code.name} got {key} twice")
            bound[key] = value
        elif arguments.kwarg is not None:
            rest[key] = value
        else:
            return Unknown(f"{function.code.name} has no parameter {key}")
    if arguments.kwarg is not None:
        bound[arguments.kwarg.arg] = container = new_container(it, Dict, tuple(rest.items()))
        if isinstance(kwargs, OpenKeywords):
            it.set(container.id, ".open", True)
    for key in (*positional, *(parameter.arg for parameter in arguments.kwonlyargs)):
        if key in bound:
            continue
        if key in defaults:
            bound[key] = defaults[key]
        elif isinstance(kwargs, OpenKeywords):
            bound[key] = it.assume(key)
        else:
            return Unknown(f"{function.code.name} needs {key}")
    return bound


def context(it: Interpreter, node: Any) -> CallContext:
    """The Call that a rule sees."""
    return CallContext(it, node)


def _run_rule(
    it: Interpreter, call: CallContext, rule: FunctionRule, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> Value:
    if rule.raw:
        given, named = list(args), dict(kwargs)
    else:
        given = [thaw(it, arg) for arg in args]
        named = {key: thaw(it, value) for key, value in kwargs.items()}
    named.update(rule.fixed)
    try:
        bound = rule.signature.bind(*([call] if rule.wants_call else []), *given, **named)
    except TypeError:
        return Unknown(f"a call of {rule.target} that is not modelled")
    if rule.is_method and not isinstance(bound.arguments.get("self"), Instance):
        return Unknown(f"{rule.target} of something that is no such object")
    assert rule.function is not None
    with collect() as record:
        result = rule.function(*bound.args, **bound.kwargs)
    if record.reports and not isinstance(kwargs, OpenKeywords):
        report = record.reports[0]
        call.find(
            report,
            rule.framework,
            {name: value for name, value in bound.arguments.items() if isinstance(value, Tensor)},
        )
    if not rule.target.startswith("builtins."):
        result = _with_origin(it, call, rule, bound.arguments, result, (*given, *named.values()))
    return freeze(it, result)


def _with_origin(
    it: Interpreter,
    call: CallContext,
    rule: FunctionRule,
    arguments: Mapping[str, Any],
    result: Any,
    given: Sequence[Any],
) -> Any:
    if isinstance(result, Tensor) and result.made is None:
        inputs = tuple(tensor for value in given for tensor in tensors_in(value))
        settings = tuple((k, v) for k, v in arguments.items() if k != "call" and not isinstance(v, Tensor))
        facts = None if call.operation is None else {"operation": call.operation}
        return replace(result, made=Made(rule.target, call.site, inputs, settings, facts))
    if type(result) in (list, tuple) and any(isinstance(item, Tensor) for item in result):
        return type(result)(_with_origin(it, call, rule, arguments, item, given) for item in result)
    if isinstance(result, Row):
        return result.like(_with_origin(it, call, rule, arguments, item, given) for item in result)
    return result


def _call_bound(
    it: Interpreter, method: BoundMethod, args: Sequence[Value], kwargs: Mapping[str, Value], node: Any
) -> Value:
    function = method.function
    if isinstance(function, str):
        result = call_method(it, method.self, function, args, dict(kwargs))
        return Unknown(f"{function} is not followed") if result is MISSING else bounded(it, result)
    if isinstance(function, FieldsOf):
        from .records import initialise

        if isinstance(method.self, Instance):
            initialise(it, method.self, args, kwargs, function.cls)
        return None
    if isinstance(function, UnboundOf):
        return _call_unbound(it, function, method.self, args, kwargs, node)
    return call_value(it, function, [method.self, *args], kwargs, node)


def _call_unbound(
    it: Interpreter, method: UnboundOf, obj: Value, args: Sequence[Value], kwargs: Mapping[str, Value], node: Any
) -> Value:
    """``super().name(...)``, or ``Base.name(self, ...)``, of a framework class."""
    if method.name == "__new__" and method.cls.target == "builtins.object":
        made = args[0] if args else obj
        return Instance(it.new_id(), made) if isinstance(made, Class) else Unknown("a new object")
    if method.name == "__init_subclass__":
        return None
    rule = REGISTRY.find(method.cls.target)
    if isinstance(obj, (Class, Known)):
        cls = obj
        if isinstance(rule, ClassRule):
            found = guarded(
                it,
                method.cls.target,
                node,
                lambda: rule.of_class(context(it, node), cls, method.name, args, kwargs),
                args,
            )
            if found is not MISSING:
                return found
        if not args or not isinstance(args[0], Instance):
            return Unknown(f"{method.name} of a class")
        obj, args = args[0], args[1:]  # Base.name(self, ...)
    if not isinstance(rule, ClassRule) or not isinstance(obj, Instance):
        return (
            None
            if method.name in ("__init__", "__init_subclass__", "__setattr__")
            else Unknown(f"{method.name} of object")
        )
    call = context(it, node)
    call.flavour = method.cls.flavour
    if method.name == "__init__":
        guarded(it, method.cls.target, node, lambda: rule.init(call, obj, args, kwargs), args)
        return None
    if method.name == "__call__":
        result = guarded(it, method.cls.target, node, lambda: rule.call(call, obj, args, kwargs), args)
        return Unknown(f"{method.cls.target} cannot be called") if result is MISSING else freeze(it, result)
    if method.name == "__setattr__" and len(args) == 2 and isinstance(args[0], str):
        it.set(obj.id, args[0], args[1])
        return None
    found = rule.get(call, obj, method.name)
    if found is MISSING:
        return Unknown(f"{method.cls.target}.{method.name} is not modelled")
    return call_value(it, found, args, kwargs, node)


def _super(it: Interpreter, args: Sequence[Value] = ()) -> Value:
    if len(args) == 2 and isinstance(args[0], Class):
        return Super(args[0], args[1])
    for frame in reversed(it.frames):
        if frame.function is not None and frame.function.owner is not None and frame.first is not MISSING:
            first = frame.first
            cls = first.cls if isinstance(first, Instance) else first
            for one in mro(it, cls):
                if isinstance(one, Class) and one.id == frame.function.owner:
                    return Super(one, first)
    return Unknown("super() outside a class")


def _observe_parameters(it: Interpreter, definition: Any, bound: Mapping[str, Value]) -> None:
    arguments = definition.args
    for parameter in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        value = bound.get(parameter.arg)
        if is_observable(value):
            it.observe(parameter, value, target=True)


__all__ = [
    "Assumed", "Module", "Transparent", "bind", "call_function", "call_instance", "call_known", "call_node", "call_value",
    "context", "get_attribute", "guarded", "instantiate",
]  # fmt: skip
