"""Callbacks of the user's: what their hooks do while a model trains, and what they hold afterwards.

Follows keras/src/callbacks/callback.py and callback_list.py, and the order in keras/src/backend/tensorflow/trainer.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ...rule import Call, ClassRule, alias, class_rule
from ...value import Class, Instance, Known, Unknown, Value
from .inputs import leaves
from .user_layers import user_method

LAMBDAS = (
    *("on_epoch_begin", "on_epoch_end", "on_train_begin", "on_train_end"),
    *("on_train_batch_begin", "on_train_batch_end"),
)
HOOKS = {
    "train": ("on_train_batch_begin", "on_batch_begin", "on_train_batch_end", "on_batch_end"),
    "test": ("on_test_batch_begin", "on_test_batch_end"),
    "predict": ("on_predict_batch_begin", "on_predict_batch_end"),
}
"""The hooks of one batch; ``on_train_batch_begin`` as Keras has it calls ``on_batch_begin``."""

UNROLLED = 8


@class_rule("keras.callbacks.Callback")
class Callback(ClassRule):
    """The base class of callbacks: it holds the model that trains, and what it is told of the training."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """Nothing is known before a model trains."""

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """What no method of the user's has set."""
        return Unknown(f"{name} of a callback")


@class_rule("keras.callbacks.LambdaCallback")
class LambdaCallback(Callback):
    """``LambdaCallback(on_epoch_end=lambda epoch, logs: ...)``."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """Functions in place of methods, and other attributes."""
        for name, value in (*zip(LAMBDAS, args, strict=False), *kwargs.items()):
            call.set(obj, name, value)


alias("keras.callbacks.Callback", "keras.src.callbacks.callback.Callback")


def run_callbacks(call: Call, model: Instance, given: Mapping[str, Any], kind: str) -> None:
    """All hooks of the callbacks that ``fit``, ``evaluate`` or ``predict`` is given: "train", "test", "predict"."""
    callbacks = [one for one in leaves(given.get("callbacks")) if isinstance(one, Instance)]
    if not callbacks:
        return
    for callback in callbacks:
        call.set(callback, "model", model)
    logs = Unknown("numbers of a training")
    tell = partial(_tell, call, callbacks)
    tell(f"on_{kind}_begin", logs)
    if kind == "train":
        _epochs(call, model, callbacks, given, logs)
    else:
        _batches(call, callbacks, kind, logs)
    tell(f"on_{kind}_end", logs)


def _epochs(call: Call, model: Instance, callbacks: list[Instance], given: Mapping[str, Any], logs: Value) -> None:
    """Each epoch, where they are few and no callback can stop the training; else any number of them."""
    epochs, start = given.get("epochs", 1), given.get("initial_epoch", 0)
    known = isinstance(epochs, int) and isinstance(start, int)
    own = len(callbacks) == len(leaves(given.get("callbacks"))) and all(_plain(one.cls) for one in callbacks)
    call.set(model, "stop_training", False)
    if known and (epochs - start == 1 or (own and epochs - start <= UNROLLED)):
        for epoch in range(start, epochs):
            _epoch(call, callbacks, epoch, logs)
            if call.get(model, "stop_training") is not False:
                break
        else:
            return
    call.repeat(lambda: _epoch(call, callbacks, Unknown("the number of an epoch"), logs))


def _plain(cls: Value) -> bool:
    """Whether all that a callback does is in the program: what Keras' own do may end the training."""
    if isinstance(cls, Class):
        return all(_plain(base) for base in cls.bases)
    return isinstance(cls, Known) and cls.target in ("keras.callbacks.Callback", "keras.callbacks.LambdaCallback")


def _epoch(call: Call, callbacks: list[Instance], epoch: Value, logs: Value) -> None:
    _tell(call, callbacks, "on_epoch_begin", epoch, logs)
    _batches(call, callbacks, "train", logs)
    if _any(call, callbacks, "on_test_begin", *HOOKS["test"], "on_test_end"):

        def validate() -> None:
            _tell(call, callbacks, "on_test_begin", logs)
            _batches(call, callbacks, "test", logs)
            _tell(call, callbacks, "on_test_end", logs)

        call.repeat(validate)
    _tell(call, callbacks, "on_epoch_end", epoch, logs)


def _batches(call: Call, callbacks: list[Instance], kind: str, logs: Value) -> None:
    if _any(call, callbacks, *HOOKS[kind]):

        def batch() -> None:
            for name in HOOKS[kind]:
                _tell(call, callbacks, name, Unknown("the number of a batch"), logs)

        call.repeat(batch)


def _tell(call: Call, callbacks: list[Instance], name: str, *args: Value) -> None:
    """Call the hook of each callback that has it."""
    for callback in callbacks:
        hook = _hook(call, callback, name)
        if hook is not None:
            with call.caught():
                call.invoke(hook, args)


def _any(call: Call, callbacks: list[Instance], *names: str) -> bool:
    return any(_hook(call, callback, name) is not None for callback in callbacks for name in names)


def _hook(call: Call, callback: Instance, name: str) -> Value | None:
    own = user_method(call, callback, name)
    return call.get(callback, name) if own is None else own


__all__ = ["run_callbacks"]
