"""``torch.nn.Module`` and its containers (torch/nn/modules/module.py, container.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...evidence import collect
from ...problems import TorchNoSuchItem, TorchRefusal
from ...rule import REGISTRY, Call, ClassRule, class_rule, method
from ...value import Assumed, BoundMethod, Instance, Known, Slice, Tensor, Unknown, Value
from .checks import STATE, dtype_of, is_int, is_unknown, refuse, type_name
from .machine import MODULE, module_attribute
from .members import KEPT, Child, add_parameter, children, is_module, put_child, remember, set_attribute


@class_rule("torch.nn.Module")
class Module(ClassRule):
    """The base of all models: calling an object runs its ``forward``."""

    kept = KEPT

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """Nothing that matters for shapes."""

    def call(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """``forward`` of the user's class, or of the container."""
        if isinstance(obj.cls, Known):
            return self.forward(call, obj, args, kwargs)
        return call.invoke(call.attribute(obj, "forward"), args, kwargs)

    def forward(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """NotImplementedError: a module without a ``forward`` of its own."""
        if isinstance(obj.cls, Known):
            with collect() as record:
                refuse(TorchRefusal, "no-forward", (), name=self.target.rpartition(".")[2])
            call.find(record.reports[0], "torch")
        return Unknown("a module without forward")

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        if name == "forward":
            return (
                BoundMethod(Known(f"{self.target}.forward"), obj)
                if self.target != MODULE
                else Unknown("no forward is known")
            )
        for child, value in children(call, obj) or ():
            if child == name:
                return value
        if REGISTRY.find(f"{self.target}.{name}") is not None:
            return BoundMethod(Known(f"{self.target}.{name}"), obj)
        return module_attribute(call, obj, name)

    def set(self, call: Call, obj: Instance, name: str, value: Value) -> None:
        """A module that becomes an attribute is a child, and a parameter one of the parameters."""
        remember(call, obj, name, value)


@class_rule("torch.nn.Sequential", "torch.nn.Module")
class Sequential(Module):
    """Modules that run one after the other."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """``Sequential(*modules)`` or ``Sequential(OrderedDict)``; TypeError ``int is not a Module subclass``."""
        items = call.thaw(args[0]) if len(args) == 1 else None
        if isinstance(items, dict):
            _store(call, obj, [(str(name), value) for name, value in items.items()])
            return
        if len(args) == 1 and not is_module(args[0]) and is_unknown(call.resolve(args[0])):
            call.set(obj, ".children", Unknown("the modules of a Sequential are not known"))
            return
        _store(call, obj, [(str(number), call.resolve(value)) for number, value in enumerate(args)])

    def forward(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """The output of each module is the input of the next."""
        found = children(call, obj)
        if found is None or len(args) != 1 or kwargs:
            return Unknown("the modules of a Sequential are not known")
        value = args[0]
        for _, child in found:
            value = call.invoke(child, (value,))
            _remember(call, child, value)
        return value

    def item(self, call: Call, obj: Instance, key: Value) -> Value:
        return _item(call, obj, key, Known("torch.nn.Sequential"))

    def set_item(self, call: Call, obj: Instance, key: Value, value: Value) -> None:
        found = children(call, obj)
        if found is not None and is_int(key) and -len(found) <= key < len(found):
            call.set(obj, ".children", put_child(found, found[key][0], call.resolve(value)))
        else:
            call.set(obj, ".children", Unknown("a module was put at a place that is not known"))

    def iterate(self, call: Call, obj: Instance) -> tuple[Value, ...] | None:
        found = children(call, obj)
        return None if found is None else tuple(value for _, value in found)


@class_rule("torch.nn.ModuleList", "torch.nn.Module")
class ModuleList(Sequential):
    """A list of modules that a module owns."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        given = args[0] if args else kwargs.get("modules")
        items = () if given is None else call.iterate(call.resolve(given))
        if items is None:
            call.set(obj, ".children", Unknown("the modules of a ModuleList are not known"))
        else:
            _store(call, obj, [(str(number), value) for number, value in enumerate(items)])

    def forward(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        return Module.forward(self, call, obj, args, kwargs)

    def item(self, call: Call, obj: Instance, key: Value) -> Value:
        return _item(call, obj, key, Known("torch.nn.ModuleList"))


@class_rule("torch.nn.ModuleDict", "torch.nn.Module")
class ModuleDict(Module):
    """A dict of modules that a module owns."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        items = call.thaw(args[0]) if args else {}
        if isinstance(items, (list, tuple)) and all(
            isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in items
        ):
            items = dict(items)
        if isinstance(items, dict) and all(isinstance(name, str) for name in items):
            _store(call, obj, list(items.items()))
        else:
            call.set(obj, ".children", Unknown("the modules of a ModuleDict are not known"))

    def item(self, call: Call, obj: Instance, key: Value) -> Value:
        found = children(call, obj)
        if found is None or not isinstance(key, str):
            return Unknown("an item of a ModuleDict that is not known")
        return dict(found).get(key, Unknown(f"there is no module {key}"))

    def set_item(self, call: Call, obj: Instance, key: Value, value: Value) -> None:
        add_module(call, obj, key, value)

    def iterate(self, call: Call, obj: Instance) -> tuple[Value, ...] | None:
        found = children(call, obj)
        return None if found is None else tuple(name for name, _ in found)


@class_rule("torch.nn.ParameterList", "torch.nn.Module")
class ParameterList(Module):
    """A list of parameters that a module owns: they are called "0", "1", ..."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        given = args[0] if args else kwargs.get("values")
        items = () if given is None else call.iterate(call.resolve(given))
        if items is None or not all(isinstance(item, Tensor) for item in items):
            call.set(obj, ".parameters", Unknown("the parameters of a list are not known"))
            return
        for number, item in enumerate(items):
            set_attribute(call, obj, str(number), item)
            add_parameter(call, obj, str(number))

    def iterate(self, call: Call, obj: Instance) -> tuple[Value, ...] | None:
        names = call.get(obj, ".parameters", ())
        return tuple(call.get(obj, name) for name in names) if isinstance(names, tuple) else None

    def item(self, call: Call, obj: Instance, key: Value) -> Value:
        items = self.iterate(call, obj)
        if items is None or not is_int(key) or not -len(items) <= key < len(items):
            return Unknown("a parameter at an index that is not known")
        return items[key]


@method("torch.nn.ParameterList.append", raw=True)
def append_parameter(call: Call, self: Instance, value: Value) -> Value:
    """One more at the end."""
    names, tensor = call.get(self, ".parameters", ()), call.resolve(value)
    if not isinstance(names, tuple) or not isinstance(tensor, Tensor):
        call.set(self, ".parameters", Unknown("the parameters of a list are not known"))
        return self
    set_attribute(call, self, str(len(names)), tensor)
    add_parameter(call, self, str(len(names)))
    return self


@method("torch.nn.Sequential.forward", raw=True)
def sequential_forward(call: Call, self: Instance, input: Value) -> Value:
    """What ``super().forward(x)`` runs in a subclass of Sequential."""
    rule = REGISTRY.find("torch.nn.Sequential")
    assert isinstance(rule, Sequential)
    return rule.forward(call, self, (input,), {})


@method("torch.nn.Sequential.append", raw=True)
@method("torch.nn.ModuleList.append", raw=True)
def append(call: Call, self: Instance, module: Value) -> Value:
    """One more module at the end."""
    found = children(call, self)
    if found is not None:
        _store(call, self, [*found, (str(len(found)), call.resolve(module))])
    return self


@method("torch.nn.Sequential.extend", raw=True)
def extend_sequential(call: Call, self: Instance, sequential: Value) -> Value:
    """More modules at the end."""
    return extend(call, self, sequential)


@method("torch.nn.ModuleList.extend", raw=True)
def extend(call: Call, self: Instance, modules: Value) -> Value:
    """More modules at the end."""
    found, items = children(call, self), call.iterate(call.resolve(modules))
    if found is None or items is None:
        call.set(self, ".children", Unknown("extended by modules that are not known"))
        return self
    _store(call, self, [*found, *((str(len(found) + number), value) for number, value in enumerate(items))])
    return self


@method("torch.nn.Sequential.insert", raw=True)
@method("torch.nn.ModuleList.insert", raw=True)
def insert(call: Call, self: Instance, index: Value, module: Value) -> Value:
    """One more module in between."""
    found = children(call, self)
    if found is None or not is_int(index):
        call.set(self, ".children", Unknown("a module was put at a place that is not known"))
        return self
    items = [value for _, value in found]
    items.insert(index, call.resolve(module))
    _store(call, self, [(str(number), value) for number, value in enumerate(items)])
    return self


@method("torch.nn.Module.add_module", raw=True)
@method("torch.nn.Module.register_module", raw=True)
def add_module(call: Call, self: Instance, name: Value, module: Value) -> None:
    """One more child, under a name of its own."""
    found = children(call, self)
    if found is None or not isinstance(name, str):
        call.set(self, ".children", Unknown("a module was added under a name that is not known"))
        return
    module = call.resolve(module)
    if isinstance(module, (Unknown, Assumed)):
        call.set(self, ".uncertain", True)
    elif module is None or is_module(module):
        call.set(self, ".children", put_child(found, name, module))
    set_attribute(call, self, name, module)


@method("torch.nn.Module.register_parameter", raw=True)
def register_parameter(call: Call, self: Instance, name: Value, param: Value) -> None:
    """A tensor as an attribute that is one of the parameters."""
    if not isinstance(name, str):
        call.set(self, ".uncertain", True)
        return
    set_attribute(call, self, name, call.resolve(param))
    if param is not None:
        add_parameter(call, self, name)


@method("torch.nn.Module.register_buffer", raw=True)
def register_tensor(call: Call, self: Instance, name: Value, tensor: Value = None, persistent: Value = True) -> None:
    """A tensor as an attribute."""
    if isinstance(name, str):
        set_attribute(call, self, name, call.resolve(tensor))


@method("torch.nn.Module.named_children", raw=True)
def named_children(call: Call, self: Instance) -> Value:
    """(name, module) pairs, of a module with two names the first; none for what was taken away."""
    found = children(call, self)
    if found is None or call.get(self, ".uncertain"):
        return Unknown("the modules are not known")
    names: dict[Value, str] = {}
    for name, value in found:
        if value is not None:
            names.setdefault(value, name)
    return call.new_stream([(name, value) for value, name in names.items()])


@method("torch.nn.Module.children", raw=True)
def own_modules(call: Call, self: Instance) -> Value:
    """The same without the names."""
    pairs = call.iterate(named_children(call, self))
    return Unknown("the modules are not known") if pairs is None else call.new_stream([value for _, value in pairs])


@method("torch.nn.ModuleDict.items", raw=True)
def items(call: Call, self: Instance) -> Value:
    """(name, module) pairs."""
    found = children(call, self)
    return Unknown("the modules are not known") if found is None else tuple(found)


@method("torch.nn.ModuleDict.values", raw=True)
def values(call: Call, self: Instance) -> Value:
    """The modules, without their names."""
    found = children(call, self)
    return Unknown("the modules are not known") if found is None else tuple(value for _, value in found)


@method("torch.nn.ModuleDict.keys", raw=True)
def keys(call: Call, self: Instance) -> Value:
    """The names of the modules."""
    found = children(call, self)
    return Unknown("the modules are not known") if found is None else tuple(name for name, _ in found)


@method("torch.nn.Module.train", raw=True)
def train(call: Call, self: Instance, mode: Value = True) -> Value:
    """Training or evaluation, for the module and everything below it."""
    _switch(call, self, ".training", mode if isinstance(mode, bool) else Unknown("not known"))
    return self


@method("torch.nn.Module.eval", raw=True)
def evaluate(call: Call, self: Instance) -> Value:
    """Evaluation mode."""
    _switch(call, self, ".training", False)
    return self


@method("torch.nn.Module.half", raw=True, dtype="float16")
@method("torch.nn.Module.bfloat16", raw=True, dtype="bfloat16")
@method("torch.nn.Module.float", raw=True, dtype="float32")
@method("torch.nn.Module.double", raw=True, dtype="float64")
def cast(call: Call, self: Instance, dtype: Any) -> Value:
    """All weights in another dtype."""
    _switch(call, self, ".dtype", dtype)
    return self


@method("torch.nn.Module.to", raw=True)
def to(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Another device or dtype; a dtype that is not known makes the weights' dtype unknown."""
    for value in (*args, *kwargs.values()):
        value = call.resolve(value)
        dtype = dtype_of(value, None)
        if dtype is not None:
            _switch(call, self, ".dtype", dtype)
        elif is_unknown(value) or isinstance(value, Tensor):
            _switch(call, self, ".dtype", None)
    return self


@method("torch.nn.Module.cuda", raw=True)
@method("torch.nn.Module.cpu", raw=True)
@method("torch.nn.Module.requires_grad_", raw=True)
@method("torch.nn.Module.share_memory", raw=True)
@method("torch.nn.Module.to_empty", raw=True)
def itself(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The module itself."""
    return self


@method("torch.nn.Module.load_state_dict", raw=True)
@method("torch.nn.Module.zero_grad", raw=True)
@method("torch.nn.Module.buffers", raw=True)
@method("torch.nn.Module.state_dict", raw=True)
def unknown(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Nothing that is followed."""
    return Unknown("the parameters of a module are not followed")


def _remember(call: Call, module: Value, output: Value) -> None:
    """What a module of a Sequential gives, for whoever reads the list; not known if that differs from call to call."""
    if not isinstance(module, Instance) or not isinstance(output, Tensor):
        return
    before = call.get(module, ".output")
    if before is None:
        call.set(module, ".output", output)
    elif isinstance(before, Tensor) and before.shape != output.shape:
        call.set(module, ".output", Unknown("it is called with several shapes"))


def _store(call: Call, obj: Instance, items: Sequence[Child]) -> None:
    """Keep the children; the first that surely is no module is refused."""
    for name, value in items:
        if value is not None and not is_module(value) and not isinstance(value, (Unknown, Assumed)):
            kind = type_name(value)
            if kind is not None and not isinstance(value, Tensor):
                with collect() as record:
                    refuse(TorchRefusal, "not-a-module", (name,), type=kind)
                call.find(
                    record.reports[0], "torch", blame={name: call.argument_site(int(name))} if name.isdigit() else {}
                )
                break
    call.set(obj, ".children", tuple(items))


def _item(call: Call, obj: Instance, key: Value, cls: Known) -> Value:
    found = children(call, obj)
    if found is None:
        return Unknown("the modules are not known")
    if is_int(key):
        if -len(found) <= key < len(found):
            return found[key][1]
        with collect() as record:
            refuse(TorchNoSuchItem, "module-index", (), index=key)
        call.find(record.reports[0], "torch")
        return Unknown(f"there is no module {key}")
    if isinstance(key, Slice) and all(part is None or is_int(part) for part in (key.start, key.stop, key.step)):
        part = call.new(cls)
        chosen = found[slice(key.start, key.stop, key.step)]
        if cls.target == "torch.nn.ModuleList":
            chosen = tuple((str(number), value) for number, (_, value) in enumerate(chosen))
        call.set(part, ".children", chosen)
        return part
    return Unknown("a module at an index that is not known")


def _switch(call: Call, obj: Value, field: str, value: Value, depth: int = 0) -> None:
    """Set a hidden field of a module and of everything below it; what cannot be walked is noted for all."""
    if not isinstance(obj, Instance):
        call.set(STATE, field, Unknown("switched somewhere"))
        return
    call.set(obj, field, value)
    below = children(call, obj)
    if below is None or depth > 50:
        call.set(STATE, field, Unknown("switched somewhere"))
        return
    for _, child in below:
        if child is None:
            continue
        _switch(call, child, field, value, depth + 1)
