"""Random graphs of layers: branches that meet again, layers that are shared, models in models, several inputs and outputs.

Shapes are followed roughly, so that most of what is drawn fits; what does not is as welcome.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from .configurations import Program

Shape = tuple[int, ...]
"""Without the batch."""

LENGTHS = (3, 4, 5, 6, 8)
ROWS = 6


def channels(shape: Shape, n: int) -> Shape:
    """Another number of channels."""
    return (*shape[:-1], n)


def smaller(shape: Shape, n: int) -> Shape:
    """Half of it along all axes but the channels."""
    return (*(length // 2 for length in shape[:-1]), shape[-1])


LAYERS: dict[int, list[tuple[str, Callable[[Shape, int], Shape]]]] = {
    1: [
        ("Dense({n})", channels),
        ("Dense({n}, activation='relu')", channels),
        ("Dropout(0.2)", lambda s, n: s),
        ("BatchNormalization()", lambda s, n: s),
        ("RepeatVector({n})", lambda s, n: (n, *s)),
        ("Reshape(({n}, -1))", lambda s, n: (n, max(s[0] // n, 1))),
        ("LayerNormalization()", lambda s, n: s),
    ],
    2: [
        ("Dense({n})", channels),
        ("LSTM({n})", lambda s, n: (n,)),
        ("GRU({n}, return_sequences=True)", channels),
        ("Bidirectional(layers.LSTM({n}))", lambda s, n: (2 * n,)),
        ("TimeDistributed(layers.Dense({n}))", channels),
        ("Conv1D({n}, 3, padding='same')", channels),
        ("Conv1D({n}, 2)", lambda s, n: (s[0] - 1, n)),
        ("MaxPooling1D(2)", smaller),
        ("UpSampling1D(2)", lambda s, n: (2 * s[0], s[1])),
        ("GlobalAveragePooling1D()", lambda s, n: s[-1:]),
        ("Flatten()", lambda s, n: (s[0] * s[1],)),
        ("Permute((2, 1))", lambda s, n: s[::-1]),
        ("LayerNormalization()", lambda s, n: s),
        ("SpatialDropout1D(0.1)", lambda s, n: s),
    ],
    3: [
        ("Conv2D({n}, 3, padding='same')", channels),
        ("Conv2D({n}, 2, strides=2, padding='same')", lambda s, n: (-(-s[0] // 2), -(-s[1] // 2), n)),
        ("Conv2D({n}, 2)", lambda s, n: (s[0] - 1, s[1] - 1, n)),
        ("DepthwiseConv2D(3, padding='same')", lambda s, n: s),
        ("Conv2DTranspose({n}, 2, strides=2)", lambda s, n: (2 * s[0], 2 * s[1], n)),
        ("MaxPooling2D(2)", smaller),
        ("AveragePooling2D(2)", smaller),
        ("UpSampling2D(2)", lambda s, n: (2 * s[0], 2 * s[1], s[2])),
        ("ZeroPadding2D(1)", lambda s, n: (s[0] + 2, s[1] + 2, s[2])),
        ("BatchNormalization()", lambda s, n: s),
        ("GlobalMaxPooling2D()", lambda s, n: s[-1:]),
        ("Flatten()", lambda s, n: (s[0] * s[1] * s[2],)),
        ("Reshape((-1, {n}))", lambda s, n: (s[0] * s[1] * s[2] // n, n)),
        ("Dense({n})", channels),
    ],
}
MERGING = ("Add", "Multiply", "Average", "Maximum", "Subtract", "Concatenate", "Concatenate", "add", "+", "*")


@dataclass
class Graph:
    """A program while it is drawn: its lines, and the tensors that it has so far."""

    rng: Random
    lines: list[str] = field(default_factory=list)
    nodes: list[tuple[str, Shape]] = field(default_factory=list)
    shared: list[tuple[str, Shape, Callable[[Shape], Shape]]] = field(default_factory=list)

    def name(self, stem: str) -> str:
        """A name for the next line."""
        return f"{stem}{len(self.lines)}"

    def node(self) -> tuple[str, Shape]:
        """A tensor to go on with, mostly one of the last."""
        return self.nodes[-1] if self.rng.random() < 0.6 else self.rng.choice(self.nodes)

    def step(self) -> None:
        """One more tensor."""
        makes = [self.layer, self.merge, self.share, self.again, self.model, self.attention]
        self.rng.choices(makes, [10, 5, 1.5, 2, 1.5, 1])[0]()

    def layer(self) -> None:
        """A layer on one tensor."""
        source, shape = self.node()
        text, after = self.drawn(shape)
        self.give(f"layers.{text}({source})", after(shape))

    def merge(self) -> None:
        """Two or three tensors, mostly of one shape, as one."""
        first, shape = self.node()
        kind = self.rng.choice(MERGING)
        alike = [name for name, other in self.nodes if other == shape]
        if kind == "Concatenate":
            alike = [name for name, other in self.nodes if other[:-1] == shape[:-1]]
        if self.rng.random() < 0.12:
            alike = [name for name, other in self.nodes if len(other) == len(shape)]
        others = self.rng.sample(alike, min(len(alike), self.rng.choice([1, 1, 1, 2])))
        if kind in ("+", "*"):
            self.give(f"{first} {kind} {others[0]}", shape)
            return
        if kind == "Subtract":
            others = others[:1]
        known = dict(self.nodes)
        if kind == "Concatenate":
            shape = channels(shape, sum(known[name][-1] for name in (first, *others)))
            kind = self.rng.choice(
                ["Concatenate()", "Concatenate(axis=-1)", "concatenate", f"Concatenate(axis={len(shape)})"]
            )
        elif kind != "add":
            kind = f"{kind}()"
        self.give(f"layers.{kind}([{', '.join((first, *others))}])", shape)

    def share(self) -> None:
        """A layer that is kept, to be called again."""
        source, shape = self.node()
        text, after = self.drawn(shape)
        name = self.name("layer")
        self.lines.append(f"{name} = layers.{text}")
        self.give(f"{name}({source})", after(shape))
        self.shared.append((name, shape, after))

    def again(self) -> None:
        """A layer or model that was called before."""
        if not self.shared:
            return self.layer()
        name, built, after = self.rng.choice(self.shared)
        fitting = [node for node in self.nodes if len(node[1]) == len(built) and node[1][-1] == built[-1]]
        source, shape = self.rng.choice(fitting if self.rng.random() < 0.9 else self.nodes)
        self.give(f"{name}({source})", after(shape) if len(shape) == len(built) else shape)
        return None

    def model(self) -> None:
        """A model inside."""
        source, shape = self.node()
        name, inner, texts = self.name("block"), shape, []
        for _ in range(self.rng.randint(1, 3)):
            text, after = self.drawn(inner)
            texts.append(f"layers.{text}")
            inner = after(inner)
        if self.rng.random() < 0.5:
            start = [f"keras.Input({shape})"] if self.rng.random() < 0.6 else []
            self.lines.append(f"{name} = keras.Sequential([{', '.join([*start, *texts])}])")
        else:
            self.lines.append(f"{name}_in = {name}_out = keras.Input({shape})")
            self.lines += [f"{name}_out = {text}({name}_out)" for text in texts]
            self.lines.append(f"{name} = keras.Model({name}_in, {name}_out)")
        self.give(f"{name}({source})", inner)
        self.shared.append((name, shape, lambda s: inner if s == shape else s))

    def attention(self) -> None:
        """Two sequences, one of which attends to the other."""
        sequences = [node for node in self.nodes if len(node[1]) == 2]
        if not sequences:
            return self.layer()
        (query, shape), (value, _) = self.rng.choice(sequences), self.rng.choice(sequences)
        self.give(f"layers.MultiHeadAttention(2, {self.rng.choice([2, 3])})({query}, {value})", shape)
        return None

    def drawn(self, shape: Shape) -> tuple[str, Callable[[Shape], Shape]]:
        """A layer for a shape, rarely for another rank, and what it makes of the shape."""
        rank = len(shape) if self.rng.random() < 0.97 and len(shape) in LAYERS else self.rng.choice([1, 2, 3])
        text, after = self.rng.choice(LAYERS[rank])
        n = self.rng.choice([2, 3, 4, 4, 4])
        return text.format(n=n), lambda s: after(s, n) if len(s) == rank else s

    def give(self, text: str, shape: Shape) -> None:
        """A new tensor."""
        name = self.name("x")
        self.lines.append(f"{name} = {text}")
        self.nodes.append((name, tuple(max(length, 1) for length in shape)))


def draw(seed: int, count: int) -> Iterator[Program]:
    """So many programs, reproducible from the seed."""
    rng = Random(f"graphs {seed}")
    for _ in range(count):
        yield Program("keras eager", "graph", _program(rng))


def _program(rng: Random) -> str:
    graph = Graph(rng)
    inputs = _inputs(graph)
    for _ in range(rng.randint(2, 9)):
        graph.step()
    outputs = _outputs(graph)
    given = f"[{', '.join(name for name, _ in inputs)}]" if len(inputs) > 1 or rng.random() < 0.1 else inputs[0][0]
    results = f"[{', '.join(name for name, _ in outputs)}]" if len(outputs) > 1 else outputs[0][0]
    losses = [_loss(rng) for _ in outputs]
    loss = repr(losses[0]) if len(set(losses)) == 1 and rng.random() < 0.7 else repr(losses)
    metrics = rng.choice(["", "", "", ", metrics=['accuracy']", ", metrics=['mae']"]) if len(outputs) == 1 else ""
    data = [_array(rng, shape, 0.92) for _, shape in inputs]
    x = f"[{', '.join(data)}]" if len(data) > 1 else data[0]
    if len(data) > 1 and rng.random() < 0.25:
        x = "{" + ", ".join(f"'{name}': {array}" for (name, _), array in zip(inputs, data, strict=True)) + "}"
    labels = [_labels(rng, shape, one) for (_, shape), one in zip(outputs, losses, strict=True)]
    y = f"[{', '.join(labels)}]" if len(labels) > 1 else labels[0]
    graph.lines += [
        f"model = keras.Model({given}, {results})",
        f"model.compile('sgd', {loss}{metrics})",
        f"x, y = {x}, {y}",
        f"z = {rng.choice(['model.predict(x, verbose=0)', 'model.predict(x, verbose=0)', 'model(x)'])}",
        rng.choice(
            ["model.fit(x, y, verbose=0)"] * 3 + ["model.train_on_batch(x, y)", "model.evaluate(x, y, verbose=0)"]
        ),
    ]
    return "\n".join(["import keras", "import numpy as np", "from keras import layers", *graph.lines, "z", ""])


def _inputs(graph: Graph) -> list[tuple[str, Shape]]:
    rng, found = graph.rng, []
    rank = rng.choice([1, 2, 2, 3, 3])
    for name in ("a", "b", "c")[: rng.choice([1, 1, 1, 2, 2, 3])]:
        shape = tuple(rng.choice(LENGTHS) for _ in range(rank if rng.random() < 0.7 else rng.choice([1, 2, 3])))
        if found and rng.random() < 0.6:
            shape = found[0][1]
        graph.lines.append(f"{name} = keras.Input({shape}, name='{name}')")
        found.append((name, shape))
    graph.nodes += found
    return found


def _outputs(graph: Graph) -> list[tuple[str, Shape]]:
    rng = graph.rng
    sources = [graph.nodes[-1], *([graph.node()] if rng.random() < 0.3 else [])]
    found = []
    for source, shape in sources:
        if len(shape) > 1 and rng.random() < 0.8:
            graph.give(f"layers.Flatten()({source})", (_size(shape),))
            source, shape = graph.nodes[-1]
        if rng.random() < 0.85:
            n = rng.choice([1, 1, 3, 5])
            graph.give(f"layers.Dense({n})({source})", channels(shape, n))
        found.append(graph.nodes[-1])
    return found


def _size(shape: Shape) -> int:
    size = 1
    for length in shape:
        size *= length
    return size


def _array(rng: Random, shape: Shape, right: float) -> str:
    if rng.random() > right:
        shape = rng.choice([shape[:-1], (*shape, 1), tuple(rng.choice(LENGTHS) for _ in shape), shape[1:]])
    rows = ROWS if rng.random() < 0.98 else rng.choice([5, 1])
    return f"np.zeros({(rows, *shape)}, 'float32')"


def _loss(rng: Random) -> str:
    usual = ["mse", "mse", "mae", "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"]
    return rng.choice([*usual, "huber", "kl_divergence", "hinge"])


def _labels(rng: Random, shape: Shape, loss: str) -> str:
    if loss.startswith("sparse"):
        shape = rng.choice([shape[:-1], (*shape[:-1], 1)])
    return _array(rng, shape, 0.85)
