"""match statements, walrus, conditional expressions, string formatting, isinstance."""
from tensorflow import keras
from tensorflow.keras import layers


def make(spec, x):
    match spec:
        case int() | float():
            return layers.Dense(int(spec))(x)
        case ("conv", filters, *rest):
            kernel = rest[0] if rest else 3
            return layers.Conv1D(filters, kernel)(x)
        case {"kind": "pool", "size": size}:
            return layers.MaxPooling1D(size)(x)
        case {"kind": kind, **options} if kind in ("conv1D", "separableConv1D"):
            cell = getattr(layers, kind[0].upper() + kind[1:])
            return cell(**options)(x)
        case "flatten":
            return layers.Flatten()(x)
        case None:
            return x
        case _:
            raise ValueError(f"unknown: {spec!r}")


inputs = x = keras.Input((50, 6))
for spec in [
    ("conv", 12),
    None,
    ("conv", 24, 5),
    {"kind": "pool", "size": 2},
    {"kind": "separableConv1D", "filters": 20, "kernel_size": 3, "padding": "same"},
    "flatten",
    32.0,
]:
    if (y := make(spec, x)) is not x:
        x = y
    rank = len(x.shape)
    label = "{0}_{1:02d}".format("layer" if isinstance(spec, (tuple, dict)) else "op", rank)

model = keras.Model(inputs, x)
if (n := model.output_shape[-1]) > 10 and not isinstance(n, str):
    x = layers.Dense(n // 2 if n % 2 == 0 else n)(x)
logits = layers.Dense(n, name=f"{label}_{n:>3}".replace(" ", "x"))(x)
pair = (logits, x) if n else x
left, right = pair
joined = layers.concatenate([left, right])
