"""What a rule is, how it is registered, and what it may ask of the place that calls it.

Targets are full literal strings, so that searching for "keras.layers.Conv2D" finds its rule.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeVar

from .description import Description
from .evidence import Report
from .value import Function, Instance, Known, List, Made, Site, Tensor, Unknown, Value
from .wording import Frame, Version

F = TypeVar("F", bound=Callable[..., Any])

MISSING: Any = type("Missing", (), {"__repr__": lambda self: "MISSING", "__bool__": lambda self: False})()


class Call(Protocol):
    """What a rule sees of the call that it models.  Implemented by the interpreter."""

    flavour: str
    """Which of several libraries the callee came from: "keras", "tf_keras", ""."""

    operation: tuple[str, str, tuple[str, ...]] | None
    """The operation that the framework notes down for this call: its class, its name, the names of the tensors that it
    gives; set by the rule."""

    @property
    def site(self) -> Site: ...

    def same_code(self, one: Site, other: Site) -> bool | None:
        """Whether two places stand in the code of one function, or both in a module's own; None: not known."""

    def argument_site(self, name: str | int) -> Site | None:
        """Where the argument of this name, or at this position, stands in the call."""

    def version(self, framework: str) -> Version:
        """The version of a framework to speak for: ``call.version("keras") >= (3, 13)``."""

    def backend(self) -> str:
        """Keras' backend: "tensorflow", "jax", "torch" or "numpy"."""

    # what lives in the store
    def get(self, obj: Any, name: str, default: Value = None) -> Value: ...
    def set(self, obj: Any, name: str, value: Value) -> None: ...
    def new(self, cls: Value) -> Instance: ...
    def new_list(self, items: Sequence[Value]) -> List: ...
    def new_dict(self, items: Mapping[Any, Value]) -> Value: ...
    def new_stream(self, items: Sequence[Value]) -> Value:
        """An iterator over these."""

    @property
    def local(self) -> dict[str, Any]:
        """What is true while the calls that are under way run, and gone with them; not part of the state."""

    def spend(self, steps: int) -> None:
        """Count work that grows with what is there; it ends the unit when it is too much."""

    def number(self, prefix: str, family: str) -> str:
        """An automatic name: "conv2d", then "conv2d_1".

        Inside the engine it holds a mark in place of the number, since the number hangs on everything
        that stands before; texts get their numbers last, and ``plain`` gives the name as it is now.
        """

    def restart_numbers(self) -> None:
        """Automatic names start anew (for what stands below)."""

    def plain(self, text: Value) -> Value:
        """A text with the numbers of automatic names filled in: for comparing names."""

    def repeated(self, names: Sequence[Value]) -> tuple[str, int] | None:
        """The first of some names that others of them equal, as ``plain`` gives it, and how often it is there.

        Unlike comparing plain names, this mostly needs no numbers, which hang on everything above.
        """

    def symbol(self, name: str | None = None, *, dynamic: bool = False) -> Any:
        """A fresh symbolic dim."""

    # values
    def thaw(self, value: Value) -> Any:
        """The value with Python lists, dicts and sets for List, Dict and Set, all the way down."""

    def freeze(self, value: Any) -> Value:
        """The opposite of ``thaw``."""

    def resolve(self, value: Value) -> Value:
        """What an Assumed turned out to be, or itself; any other value as it is."""

    def assume(self, value: Value, tensor: Tensor) -> Tensor:
        """Decide that an Assumed is this tensor (only if it was undecided)."""

    def iterate(self, value: Value) -> tuple[Value, ...] | None:
        """The items of anything that can be iterated, or None where they are not known."""

    def truth(self, value: Value) -> bool | None: ...
    def describe(self, value: Value) -> str:
        """``str(value)`` as Python would print it; "?" in place of what is not known."""

    # running other code
    def invoke(self, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value] | None = None) -> Value:
        """Call a value: the user's function, a layer, another rule."""

    def attribute(self, value: Value, name: str) -> Value: ...

    def method(self, obj: Instance, name: str) -> Value:
        """The method that the user's classes define, bound, whatever the object itself has under that name."""

    def repeat(self, body: Callable[[], None]) -> None:
        """Run something any number of times, none among them: what is true after each is true after it."""

    # findings
    def caught(self) -> AbstractContextManager[None]:
        """What raises inside is caught by the framework: it is no finding."""

    def inside(self, frame: Frame) -> AbstractContextManager[None]:
        """A layer's or model's call is under way: what is reported inside may be wrapped by it."""

    def doubt(self) -> None:
        """Something raises here that is not claimed: neither is anything that comes later."""

    def find(
        self, report: Report, framework: str, blame: Mapping[str, Any] | None = None, made: Made | None = None
    ) -> None:
        """Turn a report into a finding at this call.

        ``blame`` tells for the parameter names of the report where their values came from: a Site (a
        constructor's argument), a Tensor (its Made is followed), or None.  Only the first finding of
        one outermost call is kept: the framework raises once.  ``made`` lets the finding be explained.
        """


class Rule:
    """Knowledge about one function or class of a framework."""

    target: str
    function: Callable[..., Any] | None = None

    @property
    def where(self) -> str:
        """The file and line of the rule, for people who want to read it."""
        if self.function is None:
            for cls in type(self).__mro__:  # a class that is made for each name of a table has no text of its own
                with suppress(OSError, TypeError):
                    return f"{inspect.getsourcefile(cls)}:{inspect.getsourcelines(cls)[1]}"
        assert self.function is not None, f"{self.target} stands nowhere"
        code = inspect.unwrap(self.function).__code__
        return f"{code.co_filename}:{code.co_firstlineno}"


class FunctionRule(Rule):
    """A function: called with thawed arguments, bound to the parameters of the rule's function.

    A first parameter named ``call`` receives the Call.  What the function returns is the value of the
    call (Python lists and dicts are frozen).  A call that does not bind gives Unknown.
    """

    def __init__(self, target: str, function: Callable[..., Any], framework: str, raw: bool, fixed: Mapping[str, Any]):
        self.target, self.function, self.framework, self.raw = target, function, framework, raw
        self.fixed = dict(fixed)
        code = function.__code__
        self.wants_call = bool(code.co_argcount) and code.co_varnames[0] == "call"

    @cached_property
    def signature(self) -> inspect.Signature:
        """The parameters of the rule's function; read when the rule is first used."""
        assert self.function is not None
        return inspect.signature(self.function)

    @cached_property
    def is_method(self) -> bool:
        """Whether its ``self`` must be an object of a framework's."""
        owner = self.signature.parameters.get("self")
        return owner is not None and owner.annotation == "Instance"


class ClassRule(Rule):
    """A class whose objects the rule models.  ``bases`` are canonical names, for isinstance and super()."""

    bases: tuple[str, ...] = ()
    class_methods: frozenset[str] = frozenset()
    """What can be called on the class itself: see ``of_class``."""
    kept: tuple[str, ...] = ()
    """The hidden fields with which an object can be copied; none where that is not modelled."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """``obj.__init__(*args, **kwargs)``; ``obj`` may be an instance of a subclass of the user's."""

    def construct(self, call: Call, known: Known, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """``Class(*args, **kwargs)``; by default a new Instance, initialised."""
        obj = call.new(known)
        self.init(call, obj, args, kwargs)
        return obj

    def call(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """``obj(*args, **kwargs)``; MISSING if objects of this class cannot be called."""
        return MISSING

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """``obj.name`` for a name that is no attribute in the store; MISSING if there is none.

        For a method return ``BoundMethod(Known("<target>.<name>"), obj)`` with an @method of that target.
        """
        return MISSING

    def set(self, call: Call, obj: Instance, name: str, value: Value) -> None:
        """Told after ``obj.name = value`` (tracking of sub-layers); ``name`` is "" where it is not known."""

    def of_class(self, call: Call, cls: Value, name: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """``Class.name(...)`` for this class, or one of the user's that derives from it; MISSING: no such method."""
        return MISSING

    def item(self, call: Call, obj: Instance, key: Value) -> Value:
        """``obj[key]``."""
        return MISSING

    def set_item(self, call: Call, obj: Instance, key: Value, value: Value) -> None:
        """``obj[key] = value``."""

    def delete_item(self, call: Call, obj: Instance, key: Value) -> None:
        """``del obj[key]``."""

    def forget(self, call: Call, obj: Instance) -> None:
        """Code that nobody can follow was handed the object: what it may have changed is not known any more."""

    def iterate(self, call: Call, obj: Instance) -> tuple[Value, ...] | None:
        """The items that ``for item in obj`` sees."""
        return None

    def any_item(self, call: Call, obj: Instance) -> Value:
        """What one item is where there are too many to tell; MISSING if nothing is known of it."""
        return MISSING

    def describe(self, call: Call, obj: Instance) -> Description | None:
        """What a card says about the object itself; None where nothing is to be said."""
        return None


class Specification(NamedTuple):
    """What the constructor of a layer takes: the parameters that matter, the names of all that may be given by
    position, in order, those that must be given, and the values of those that are not given."""

    settings: dict[str, inspect.Parameter]
    order: tuple[str, ...]
    needed: tuple[str, ...]
    defaults: dict[str, Any]
    asked: frozenset[str]
    """All that some phase wants to know, settings and facts of the machine alike."""


class LayerRule(ClassRule):
    """What is particular to one layer class; the machine of its framework does what all layers share.

    ``function(x, *, settings...)`` gives the output's shape (or a Tensor).  Optional phases:

    * ``constructor(*, settings...)``: checks in the framework's order; may return settings to change;
    * ``spec(*, settings...)``: what inputs are accepted before anything is built;
    * ``build(shape, *, settings...)``: checks, then the weights as ``{name: shape}``.

    A phase declares the settings that it needs, by the constructor's names.
    """

    class_methods = frozenset({"from_config"})

    def __init__(
        self,
        target: str,
        function: Callable[..., Any],
        machine: ClassRule,
        neutral: Sequence[str],
        fixed: Mapping[str, Any],
        bases: tuple[str, ...],
    ):
        self.target, self.function, self.machine = target, function, machine
        self.neutral, self.fixed, self.bases = tuple(neutral), dict(fixed), bases
        self.phases: dict[str, Callable[..., Any]] = {}
        self._specifications: dict[int, Specification] = {}  # by the number of phases attached so far

    @property
    def name(self) -> str:
        """The class's own name: "Conv2D"."""
        return self.target.rpartition(".")[2]

    @cached_property
    def inputs(self) -> list[inspect.Parameter]:
        """What the layer is called with."""
        return [p for p in _parameters(self.function) if p.kind is p.POSITIONAL_OR_KEYWORD]

    @property
    def settings(self) -> dict[str, inspect.Parameter]:
        """The constructor's parameters that some phase uses, in constructor order."""
        return self.specification.settings

    @property
    def specification(self) -> Specification:
        """What the constructor takes; found once, when all phases are attached."""
        cached = self._specifications.get(len(self.phases))
        if cached is not None:
            return cached
        found: dict[str, inspect.Parameter] = {}
        for function in (
            self.phases.get("constructor"),
            self.function,
            self.phases.get("spec"),
            self.phases.get("build"),
        ):
            if function is not None:
                found |= {p.name: p for p in _parameters(function) if p.kind is p.KEYWORD_ONLY and p.name not in found}
        settings = {name: p for name, p in found.items() if name not in self.fixed}
        keywords = self.fixed.get("keywords", ())
        result = self._specifications[len(self.phases)] = Specification(
            settings,
            tuple(name for name in dict.fromkeys((*settings, *self.neutral)) if name not in keywords),
            tuple(name for name, p in settings.items() if p.default is p.empty),
            {name: Unknown(name) if p.default is p.empty else p.default for name, p in settings.items()},
            frozenset(name for part in (self.function, *self.phases.values()) if part for name in _keywords(part)),
        )
        return result

    def run(self, phase: str, settings: Mapping[str, Any], *args: Any) -> Any:
        """Call a phase (or "call") with the settings that it declares; None where there is no such phase."""
        function = self.function if phase == "call" else self.phases.get(phase)
        if function is None:
            return None
        wanted: dict[str, Any] = {}
        for name in _keywords(function):
            if name in settings:
                wanted[name] = settings[name]
            elif name in self.fixed:
                wanted[name] = self.fixed[name]
        return function(*args, **wanted)

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        self.machine_for().layer_init(self, call, obj, args, kwargs)

    def call(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        return self.machine_for().layer_call(self, call, obj, args, kwargs)

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        return self.machine_for().layer_get(self, call, obj, name)

    def set(self, call: Call, obj: Instance, name: str, value: Value) -> None:
        self.machine_for().layer_set(call, obj, name, value)

    def describe(self, call: Call, obj: Instance) -> Description | None:
        describe = getattr(self.machine_for(), "describe_layer", None)
        return None if describe is None else describe(self, call, obj)

    def of_class(self, call: Call, cls: Value, name: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        of_class = getattr(self.machine_for(), "layer_of_class", None)
        return MISSING if of_class is None else of_class(call, cls, name, args)

    def machine_for(self) -> Any:
        return self.machine


@dataclass(frozen=True, slots=True)
class Lost:
    """A name that earlier versions of a framework had: what asking for it prints, and what it is read as.

    ``since`` is the first version without it (none told: every version that has rules), ``until`` the first that has
    it again, perhaps as something else; ``now`` is the target that is meant today, "" where there is none.
    """

    text: str
    since: tuple[int, ...] = ()
    until: tuple[int, ...] | None = None
    now: str = ""

    def in_version(self, version: tuple[int, ...]) -> bool:
        """Whether this version of the framework lacks the name."""
        return self.since <= version and (self.until is None or version < self.until)


@dataclass
class Registry:
    """Every rule by its canonical target, and the other spellings of targets."""

    rules: dict[str, Rule] = field(default_factory=dict)
    attributes: dict[str, Callable[..., Any]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    absent: dict[str, frozenset[str]] = field(default_factory=dict)
    """By flavour: targets that this flavour of a library lacks."""
    gone: dict[str, frozenset[str]] = field(default_factory=dict)
    """By the root of a namespace: modules that earlier versions had; importing one raises."""
    lost: dict[str, dict[str, Lost]] = field(default_factory=dict)
    """By the root of a namespace: functions, classes and modules that earlier versions had; asking for one raises."""

    def add(self, rule: Rule) -> None:
        assert rule.target not in self.rules, f"two rules for {rule.target}"
        self.rules[rule.target] = rule

    def find(self, target: str) -> Rule | None:
        return self.rules.get(self.aliases.get(target, target))

    def namespaces(self) -> set[str]:
        """Every dotted prefix of a target: the modules of frameworks that we know by name."""
        found: set[str] = set()
        for target in (*self.rules, *self.aliases):
            while target := target.rpartition(".")[0]:
                found.add(target)
        return found


REGISTRY = Registry()


def layer(
    target: str, *, machine: Any, neutral: Iterable[str] = (), bases: tuple[str, ...] = (), **fixed: Any
) -> Callable[[F], F]:
    """Register the shape rule of a layer class.

    Before the ``*`` of the function: what the layer is called with.  After it: how it was built, under
    the constructor's names, in its order, with its defaults.  ``neutral`` names the other constructor
    arguments: they change no shape.  ``fixed`` are arguments that the rule's function gets for this
    target only.  Further phases attach with ``@phase(function, "build")``.
    """

    def register(function: F) -> F:
        rule = LayerRule(target, function, machine, tuple(neutral), fixed, bases)
        REGISTRY.add(rule)
        function.__dict__.setdefault("__rules__", []).append(rule)
        return function

    return register


def phase(layer_function: Callable[..., Any], name: str) -> Callable[[F], F]:
    """Attach a phase ("constructor", "spec", "build") to every target of a layer's function."""

    def register(function: F) -> F:
        for rule in layer_function.__dict__["__rules__"]:
            assert name not in rule.phases, f"two {name} phases for {rule.target}"
            rule.phases[name] = function
        return function

    return register


def function(target: str, *, framework: str | None = None, raw: bool = False, **fixed: Any) -> Callable[[F], F]:
    """Register a function by its canonical name.  ``raw``: it gets values as they are, not thawed."""

    def register(func: F) -> F:
        REGISTRY.add(FunctionRule(target, func, framework or target.partition(".")[0], raw, fixed))
        return func

    return register


method = function  # "torch.Tensor.view": the first parameter (after ``call``) is the object


def attribute(target: str) -> Callable[[F], F]:
    """Register an attribute that is computed: ``@attribute("numpy.ndarray.T")``; called with (call, obj)."""

    def register(func: F) -> F:
        assert target not in REGISTRY.attributes, f"two rules for {target}"
        REGISTRY.attributes[target] = func
        return func

    return register


def alias(target: str, *spellings: str) -> None:
    """Other dotted names of a target."""
    for spelling in spellings:
        assert spelling not in REGISTRY.aliases, f"two meanings of {spelling}"
        REGISTRY.aliases[spelling] = target


def class_rule(target: str, *bases: str) -> Callable[[type[ClassRule]], type[ClassRule]]:
    """Register a class whose objects need more than a shape: Sequential, ModuleList, Dataset."""

    def register(cls: type[ClassRule]) -> type[ClassRule]:
        rule = cls()
        rule.target, rule.bases = target, bases
        REGISTRY.add(rule)
        return cls

    return register


def _keywords(function: Callable[..., Any]) -> tuple[str, ...]:
    cached = function.__dict__.get("__keywords__")
    if cached is None:
        cached = tuple(p.name for p in _parameters(function) if p.kind is p.KEYWORD_ONLY)
        function.__dict__["__keywords__"] = cached
    return cached


def _parameters(function: Callable[..., Any] | None) -> list[inspect.Parameter]:
    if function is None:
        return []
    cached = function.__dict__.get("__parameters__")
    if cached is None:
        cached = function.__dict__["__parameters__"] = list(inspect.signature(function).parameters.values())
    return cached


__all__ = [
    "MISSING", "REGISTRY", "Call", "ClassRule", "Function", "FunctionRule", "LayerRule", "Registry", "Rule",
    "alias", "attribute", "class_rule", "function", "layer", "method", "phase",
]  # fmt: skip
