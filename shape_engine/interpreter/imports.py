"""Imports: framework modules by their canonical names, the user's by asking the program."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from ..evidence import Report
from ..problems import LostName, PythonError
from ..rule import MISSING, REGISTRY, Lost
from ..value import BoundMethod, Known, Module, Namespace, Unknown, Value
from ..wording import Raised
from . import scopes
from .core import Interpreter

KERAS_ROOTS = (
    "tensorflow.python.keras",
    "tensorflow.keras",
    "tf_keras.src",
    "tf_keras.api",
    "tf_keras",
    "keras.src",
    "keras.api",
    "keras._tf_keras.keras",
    "keras",
)
OTHER_ROOTS = {"tensorflow": "tf", "numpy": "numpy", "torch": "torch"}
PACKAGES = {path: package for package, path in OTHER_ROOTS.items()}
KERAS_IN_TENSORFLOW = {f"tf.{name}" for name in ("initializers", "keras", "losses", "metrics", "optimizers")}
"""Modules of Keras that TensorFlow 2 shows as its own."""
FRAMEWORKS = frozenset({
    "keras", "tf_keras", "tensorflow", "torch", "numpy", "einops", "namex", "sklearn", "pandas", "PIL", "cv2", "skimage",
})  # fmt: skip
STANDARD = frozenset(sys.stdlib_module_names)


def import_(it: Interpreter, node: ast.Import) -> bool:
    """``import a.b.c``, ``import a.b.c as d``.  False where it raises and that is caught."""
    for alias in node.names:
        if _refuse_gone(it, node, alias.name) == "caught":
            return False
        if alias.asname:
            scopes.assign(it, alias.asname, _dotted(it, alias.name))
            continue
        root = alias.name.partition(".")[0]
        value = find_module(it, root)
        if "." in alias.name and isinstance(value, Module):
            find_module(it, alias.name)
        scopes.assign(it, root, value)
    return True


def import_from(it: Interpreter, node: ast.ImportFrom) -> bool:
    """``from a.b import c as d``, ``from . import c``, ``from a import *``.  False where it raises and that is caught."""
    module = find_module(it, node.module or "", node.level)
    refused = _refuse_gone(it, node, node.module or "") if isinstance(module, Namespace) else ""
    for alias in node.names:
        if alias.name == "*":
            _star(it, module, "." * node.level + (node.module or ""))
            continue
        lost = None if refused else lost_name(it, module, alias.name)
        if lost is not None and isinstance(module, Namespace):
            text = f"cannot import name '{alias.name}' from '{node.module}' ({_file(module)})"
            refused = refuse(it, node, module, PythonError("ImportError", text))
        if refused == "caught":
            return False
        value = _member(it, module, alias.name, node)
        scopes.assign(it, alias.asname or alias.name, value)
    return True


def find_module(it: Interpreter, name: str, level: int = 0) -> Value:
    """The module that an import statement of the running document means."""
    importer = it.frame.scope.module
    root = name.partition(".")[0]
    if level == 0 and _is_elsewhere(root) and it.get(("shadow", importer), root) is not True:
        inside = root in FRAMEWORKS and it.program.is_beside(importer, name)
        path, flavour = canonical(name, it.settings.legacy_keras, it.settings.version("keras"))
        known = Namespace(path, flavour, _root(name, path, flavour))
        if not inside or is_modelled(path):
            return known
        found = ask_program(it, name)
        return found if isinstance(found, Module) else known
    return ask_program(it, name, level)


def lost_name(it: Interpreter, owner: Value, name: str) -> Lost | None:
    """The name of a framework's module that this version of it has no more, unless the program has set it itself."""
    lost = _once_named(owner, name)
    if lost is None or not isinstance(owner, Namespace) or set_by_program(it, owner, name) is not MISSING:
        return None
    return lost if lost.in_version(it.settings.version(_package(owner).partition(".")[0])) else None


def set_by_program(it: Interpreter, owner: Namespace, name: str) -> Value:
    """What the program has put under a name that a framework had once."""
    return it.get((owner.path, 0), name)


def set_lost_name(it: Interpreter, owner: Namespace, name: str, value: Value) -> None:
    """``numpy.float = float``: the program gives a framework's module a name that this had once; MISSING takes it away."""
    if _once_named(owner, name) is not None:
        it.set((owner.path, 0), name, value)


def refuse_lost(it: Interpreter, owner: Value, name: str, node: Any) -> None:
    """Find the AttributeError of a name that a framework had once; what stands below is read as it was meant."""
    lost = lost_name(it, owner, name)
    if lost is not None and isinstance(owner, Namespace):
        today = REGISTRY.aliases.get(lost.now, lost.now) if _package(owner) == "tensorflow" else lost.now
        refuse(it, node, owner, LostName("AttributeError", lost.text, owner.path, name, today))


def refuse(it: Interpreter, node: Any, module: Namespace, problem: PythonError) -> str:
    """Find an exception that comes of asking a framework for what it does not have: "caught" where that is, or "found".

    Nothing is found in a branch that nobody can tell to be run: it may ask for the version, in whatever way.
    """
    from .calls import context

    call = context(it, node)
    if call.catches(Raised(problem.type, problem.text)):
        return "caught"
    if it.forked or any(frame.perhaps for frame in it.frames):
        return ""
    call.find(Report(problem), module.flavour or _package(module))
    return "found"


def _once_named(owner: Value, name: str) -> Lost | None:
    if not isinstance(owner, Namespace):
        return None
    names = REGISTRY.lost.get(_package(owner))
    return names.get(f"{owner.path}.{name}") if names is not None else None


def _package(module: Namespace) -> str:
    """How the package of a framework's module is spelled where that is known: "tensorflow.keras", "numpy"."""
    first = module.path.partition(".")[0]
    return module.root or ("" if module.flavour else PACKAGES.get(first, first))


def _file(module: Namespace) -> str:
    """Where a module of a framework stands, as far as that is the same everywhere."""
    first, *rest = module.path.split(".")
    package = "tf_keras" if module.root == "tf_keras" else PACKAGES.get(first, first)
    return "/".join(("?", package, *(["?"] if rest and package == "tensorflow" else []), *rest, "__init__.py"))


def _refuse_gone(it: Interpreter, node: ast.stmt, name: str) -> str:
    """Find the ModuleNotFoundError of a module that a framework had once; what stands below is read as it was meant."""
    importer = it.frame.scope.module
    parts = name.split(".")
    if it.get(("shadow", importer), parts[0]) is True or it.program.is_beside(importer, name):
        return ""
    for length in range(2, len(parts) + 1):
        spelling = ".".join(parts[:length])
        path, flavour = canonical(spelling, it.settings.legacy_keras, it.settings.version("keras"))
        module = Namespace(path, flavour, _root(spelling, path, flavour))
        package = _package(module)
        if path in REGISTRY.gone.get(package, ()) and (package != "tensorflow" or it.settings.version(package) >= (2,)):
            return refuse(it, node, module, PythonError("ModuleNotFoundError", f"No module named '{spelling}'"))
    return ""


def imports_of(body: Iterable[ast.stmt]) -> Iterator[tuple[str, int]]:
    """The modules of the user's that statements import, functions and classes left out: names and levels."""
    for node in body:
        if isinstance(node, ast.Import):
            names = [(alias.name, 0) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [(node.module or "", node.level)]
        else:
            for part in ("body", "orelse", "handlers", "finalbody"):
                inner = getattr(node, part, None)
                if isinstance(inner, list) and not hasattr(node, "name"):
                    yield from imports_of(inner)
            continue
        yield from ((name, level) for name, level in names if level or not _is_elsewhere(name.partition(".")[0]))


def ask_program(it: Interpreter, name: str, level: int = 0) -> Value:
    """A module of the user's.  Reading it from the store makes the answer part of what the unit read."""
    importer = it.frame.scope.module
    return it.get(("import", importer), f"{level}\n{importer}\n{name}")


def submodule(it: Interpreter, module: Module, name: str) -> Value:
    """A module inside a package of the user's."""
    if not module.package:
        return MISSING
    found = it.get(("import", module.uri), f"1\n{module.uri}\n{name}")
    return found if isinstance(found, (Module, Unknown)) else MISSING


def _is_elsewhere(root: str) -> bool:
    """Whether a module is a framework's or Python's own, unless a file of the user's has its name."""
    return root in FRAMEWORKS or (root in STANDARD and root != "test")


def _dotted(it: Interpreter, name: str) -> Value:
    """What ``import a.b.c as d`` binds: the attribute c of a.b, which need not be the module."""
    module = find_module(it, name)
    root, *rest = name.split(".")
    value = find_module(it, root) if rest and isinstance(module, Module) else module
    for part in rest:
        if not isinstance(value, Module):
            break
        value = _member(it, value, part, None)
    return module if isinstance(value, Unknown) else value


def canonical(name: str, legacy: bool, keras: tuple[int, ...]) -> tuple[str, str]:
    """The canonical dotted name for any spelling, and which Keras it is.

    >>> canonical("tensorflow.keras.layers.Conv2D", False, (3, 15))
    ('keras.layers.Conv2D', 'keras')
    >>> canonical("tf_keras.layers", False, (3, 15)), canonical("tensorflow.nn", False, (3, 15))
    (('keras.layers', 'tf_keras'), ('tf.nn', ''))
    """
    for root in KERAS_ROOTS:
        if name == root or name.startswith(root + "."):
            old = root.startswith("tf_keras") or (root.startswith("tensorflow") and legacy) or keras < (3,)
            return "keras" + name[len(root) :], "tf_keras" if old else "keras"
    root, dot, rest = name.partition(".")
    return OTHER_ROOTS.get(root, root) + dot + rest, ""


def _root(name: str, path: str, flavour: str) -> str:
    """The root of a namespace, for the spellings that say which package is meant."""
    for root, meant in (("keras", "keras"), ("tensorflow.keras", "keras"), ("tf_keras", "tf_keras")):
        if flavour == meant and name == root + path.removeprefix("keras"):
            return root
    return ""


def is_modelled(path: str) -> bool:
    """Whether rules exist for this name, or for names inside it."""
    return REGISTRY.find(path) is not None or path in namespaces()


def namespace_attribute(it: Interpreter, owner: Namespace | Known, name: str) -> Value:
    """``module.name`` for a module of a framework, or of the standard library."""
    path = owner.path if isinstance(owner, Namespace) else owner.target
    spelling = f"{path}.{name}"
    flavour = owner.flavour
    root = owner.root if isinstance(owner, Namespace) else ""
    if spelling == "tf.compat.v1.keras":
        spelling = "tf.keras"
    if spelling in KERAS_IN_TENSORFLOW or spelling.startswith("tf.python.keras"):
        inside = "" if spelling.endswith("keras") or "python" in spelling else ".keras"
        said = f"tensorflow{inside}{spelling[2:]}"
        spelling, flavour = canonical(said, it.settings.legacy_keras, it.settings.version("keras"))
        return Namespace(spelling, flavour, _root(said, spelling, flavour))
    lost = _once_named(owner, name)
    if lost is not None and isinstance(owner, Namespace):
        given = set_by_program(it, owner, name)
        if given is not MISSING:
            return given
        parent, _, last = lost.now.rpartition(".")
        if last and lost_name(it, owner, name) is not None:
            return namespace_attribute(it, Namespace(parent), last) if parent else Known(last)
    if spelling in REGISTRY.absent.get(flavour, ()):
        return Unknown(f"{flavour} has no {name}")
    constant = REGISTRY.attributes.get(spelling)
    if constant is not None:
        from .calls import context, guarded

        call = context(it, None)
        call.flavour = flavour
        return guarded(it, spelling, None, lambda: constant(call, None), ())
    rule = REGISTRY.find(spelling)
    if rule is not None:
        return Known(rule.target, flavour)
    if isinstance(owner, Known) and name in getattr(REGISTRY.find(owner.target), "class_methods", ()):
        from .objects import UnboundOf

        return BoundMethod(UnboundOf(owner, name), owner)
    if spelling in namespaces():
        return Namespace(spelling, flavour, root)
    internal = _internal_class(path, name)
    if internal is not None:
        return Known(internal, flavour)
    first = path.partition(".")[0]
    if first in FRAMEWORKS and isinstance(owner, Namespace):  # its sources may be what is read
        around = f"{first}.src{path[len(first) :]}"
        for private in (f"{around}.{name}", around):
            found = ask_program(it, private) if it.program.is_beside(it.frame.scope.module, private) else None
            if isinstance(found, Module):
                return _member(it, found, name, None) if private == around else found
    return (
        Namespace(spelling, flavour, root)
        if isinstance(owner, Namespace) and name.islower()
        else Known(spelling, flavour)
    )


_namespaces: tuple[int, set[str]] = (-1, set())


def namespaces() -> set[str]:
    """The modules of frameworks that hold something modelled (computed again when rules were added)."""
    global _namespaces
    size = len(REGISTRY.rules) + len(REGISTRY.aliases)
    if _namespaces[0] != size:
        _namespaces = (size, REGISTRY.namespaces())
    return _namespaces[1]


def _internal_class(path: str, name: str) -> str | None:
    """A public class found under a private module: keras.layers.convolutional.conv2d.Conv2D."""
    if path.startswith("keras.layers.") and REGISTRY.find(f"keras.layers.{name}") is not None:
        return f"keras.layers.{name}"
    if path.startswith("keras.models.") and REGISTRY.find(f"keras.{name}") is not None:
        return f"keras.{name}"
    if path.startswith("torch.nn.modules.") and REGISTRY.find(f"torch.nn.{name}") is not None:
        return f"torch.nn.{name}"
    return None


def _member(it: Interpreter, module: Value, name: str, node: Any) -> Value:
    if isinstance(module, Namespace):
        value = namespace_attribute(it, module, name)
        return value
    if isinstance(module, Module):
        from .objects import module_attribute

        value = module_attribute(it, module, name)
        return Unknown(f"{module.name} has no {name}") if value is MISSING else value
    return module if isinstance(module, Unknown) else Unknown(f"{name} of an unknown module")


def _star(it: Interpreter, module: Value, name: str) -> None:
    from .rebinding import is_open, rebind_perhaps

    scope = it.frame.scope
    is_read = isinstance(module, Module) and not is_open(it, module.uri)
    if not is_read and not _tells_all(module):
        rebind_perhaps(it, scope, f"from {name} import * may have bound it anew")
    if isinstance(module, Namespace):
        prefix = module.path + "."
        for target in (*REGISTRY.rules, *REGISTRY.aliases, *REGISTRY.attributes, *namespaces()):
            rest = target[len(prefix) :] if target.startswith(prefix) else ""
            if rest and "." not in rest and not rest.startswith("_"):
                scopes.assign(it, rest, namespace_attribute(it, module, rest))
    elif isinstance(module, Module):
        names = it.get(("names", module.uri), "")
        for name in names if isinstance(names, tuple) else ():
            scopes.assign(it, name, _member(it, module, name, None))


def _tells_all(module: Value) -> bool:
    """Whether a module is a framework's: of its names those that matter are known."""
    first = module.path.partition(".")[0] if isinstance(module, Namespace) else ""
    return first in FRAMEWORKS or first in PACKAGES
