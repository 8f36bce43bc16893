"""A registry filled by decorators, models looked up by name with globals() and getattr."""
import keras
from keras import layers

REGISTRY = {}


def register(name=None, **defaults):
    def decorator(fn):
        key = name or fn.__name__
        REGISTRY[key] = (fn, defaults)
        return fn

    return decorator


def create(key, *args, **overrides):
    fn, defaults = REGISTRY[key]
    return fn(*args, **{**defaults, **overrides})


@register(hidden=16)
def mlp(shape, hidden, depth=2):
    x = inputs = keras.Input(shape)
    for _ in range(depth):
        x = layers.Dense(hidden, activation="relu")(x)
    return keras.Model(inputs, x)


@register("convnet", filters=(8, 16))
def conv(shape, filters, kernel_size=3):
    x = inputs = keras.Input(shape)
    for f in filters:
        x = layers.Conv2D(f, kernel_size)(x)
    return keras.Model(inputs, layers.GlobalMaxPooling2D()(x))


def tiny(shape=(10,)):
    x = keras.Input(shape)
    return keras.Model(x, layers.Dense(1)(x))


outputs = {}
for key, shape in {"mlp": (20,), "convnet": (17, 19, 2)}.items():
    outputs[key] = create(key, shape).output
deep = create("mlp", (5,), depth=4, hidden=6).output
wide = create("convnet", (17, 19, 2), filters=[4] * 3 + [32], kernel_size=(3, 2)).output
found = globals()["tiny"]().output
layer_class = getattr(layers, "Dense" if "mlp" in REGISTRY else "Conv1D")
last = layer_class(3)(layers.Concatenate()([*outputs.values(), deep]))
