"""Three well-known examples of "wrong input for Conv2D", and their nearest variants that really raise.

Told as three errors, the first two run: `input_shape=` on a layer of its own builds nothing, and a
15-cell kernel fits into 32 cells.  Here each program is judged by the framework itself.
"""

from __future__ import annotations

import ast
import textwrap

import pytest
from judges import UNKNOWN, apply, at, believe, same_text
from oracle.process import plain as outcome_value

from shape_engine import Engine

CHANNELS = """
    import tensorflow as tf

    image = tf.random.normal([1, 28, 28, 1])
    conv_layer = tf.keras.layers.Conv2D(filters=32, kernel_size=3, input_shape=(28, 28, 3))
    try:
        output = conv_layer(image)
    except tf.errors.InvalidArgumentError as error:
        print(error)
    output
"""
SIZE = """
    import tensorflow as tf

    image = tf.random.normal([1, 32, 32, 3])
    conv_layer = tf.keras.layers.Conv2D(filters=32, kernel_size=15, strides=3, padding='valid')
    output = conv_layer(image)
    output
"""
RANK = """
    import tensorflow as tf

    image = tf.random.normal([28, 28, 3])
    conv_layer = tf.keras.layers.Conv2D(filters=32, kernel_size=3)
    output = conv_layer(image)
"""

RAISES = {
    "a built layer": """
        import tensorflow as tf

        conv_layer = tf.keras.layers.Conv2D(32, 3, input_shape=(28, 28, 3))
        conv_layer.build((None, 28, 28, 3))
        output = conv_layer(tf.random.normal([1, 28, 28, 1]))
    """,
    "a layer called before": """
        import tensorflow as tf

        conv_layer = tf.keras.layers.Conv2D(32, 3)
        conv_layer(tf.random.normal([1, 28, 28, 3]))
        output = conv_layer(tf.random.normal([1, 28, 28, 1]))
    """,
    "a Sequential whose first layer has input_shape": """
        import tensorflow as tf

        model = tf.keras.Sequential([tf.keras.layers.Conv2D(32, 3, input_shape=(28, 28, 3))])
        output = model(tf.random.normal([1, 28, 28, 1]))
    """,
    "a Sequential with an Input": """
        import keras
        import tensorflow as tf

        model = keras.Sequential([keras.Input((28, 28, 3)), keras.layers.Conv2D(32, 3)])
        output = model(tf.random.normal([1, 28, 28, 1]))
    """,
    "a functional model, one channel": """
        import keras
        import tensorflow as tf

        inputs = keras.Input((28, 28, 3))
        model = keras.Model(inputs, keras.layers.Conv2D(32, 3)(inputs))
        output = model(tf.random.normal([1, 28, 28, 1]))
    """,
    "a functional model, two channels": """
        import keras
        import tensorflow as tf

        inputs = keras.Input((28, 28, 3))
        model = keras.Model(inputs, keras.layers.Conv2D(32, 3)(inputs))
        output = model(tf.random.normal([1, 28, 28, 2]))
    """,
    "a layer on two symbolic inputs": """
        import keras

        conv_layer = keras.layers.Conv2D(32, 3)
        conv_layer(keras.Input((28, 28, 3)))
        output = conv_layer(keras.Input((28, 28, 1)))
    """,
    "a kernel of 33": """
        import tensorflow as tf

        conv_layer = tf.keras.layers.Conv2D(filters=32, kernel_size=33, strides=3, padding='valid')
        output = conv_layer(tf.random.normal([1, 32, 32, 3]))
    """,
    "an image of 14 x 14": """
        import tensorflow as tf

        conv_layer = tf.keras.layers.Conv2D(filters=32, kernel_size=15, strides=3, padding='valid')
        output = conv_layer(tf.random.normal([1, 14, 14, 3]))
    """,
    "a build for 14 x 14": """
        import keras

        conv_layer = keras.layers.Conv2D(32, 15, strides=3)
        conv_layer.build((None, 14, 14, 3))
    """,
    "a Sequential for 14 x 14": """
        import keras

        model = keras.Sequential([keras.Input((14, 14, 3)), keras.layers.Conv2D(32, 15, strides=3)])
    """,
    "no batch axis": RANK,
    "no channel axis": """
        import keras

        output = keras.layers.Conv2D(32, 3)(keras.Input((28, 28)))
    """,
    "a functional model without batch axis": """
        import keras
        import tensorflow as tf

        inputs = keras.Input((28, 28, 3))
        model = keras.Model(inputs, keras.layers.Conv2D(32, 3)(inputs))
        output = model(tf.random.normal([28, 28, 3]))
    """,
    "a Sequential without batch axis": """
        import keras
        import tensorflow as tf

        model = keras.Sequential([keras.Input((28, 28, 3)), keras.layers.Conv2D(32, 3)])
        output = model(tf.random.normal([28, 28, 3]))
    """,
}
RUNS = {
    "channels": CHANNELS,
    "size": SIZE,
    "a kernel of 32": SIZE.replace("kernel_size=15", "kernel_size=32"),
    "an image of 14 x 14, padded": SIZE.replace("32, 32, 3", "14, 14, 3").replace("'valid'", "'same'"),
    "a Sequential without an Input": """
        import keras
        import tensorflow as tf

        model = keras.Sequential([keras.layers.Conv2D(32, 3)])
        output = model(tf.random.normal([1, 28, 28, 1]))
        output
    """,
    "a batch axis added": RANK.replace("conv_layer(image)", "conv_layer(tf.expand_dims(image, axis=0))")
    + "    output\n",
    "a batch axis by index": RANK.replace("conv_layer(image)", "conv_layer(image[None, ...])") + "    output\n",
}
SHAPES = {"channels": (1, 26, 26, 32), "size": (1, 6, 6, 32)}


def in_keras_2(program: str) -> str:
    """The same program on tf_keras."""
    text = textwrap.dedent(program).lstrip()
    return (
        text.replace("import keras\n", "import tf_keras as keras\n")
        .replace("import tensorflow as tf\n", "import tensorflow as tf\nimport tf_keras\n")
        .replace("tf.keras.", "tf_keras.")
    )


def in_keras_3(program: str) -> str:
    return textwrap.dedent(program).lstrip()


@pytest.mark.parametrize("spell", [in_keras_3, in_keras_2], ids=["keras", "tf_keras"])
@pytest.mark.parametrize("name", RUNS)
def test_it_runs(name, spell, judge):
    text = spell(RUNS[name])
    *_, outcome = judge("keras" if spell is in_keras_3 else "tf_keras").run(text)
    belief = believe(text)
    assert not belief.snapshot.findings
    believed = at(belief.value(ast.parse(text).body[-1]), {})
    assert believed == outcome_value(outcome) == SHAPES.get(name, believed)
    assert believed != UNKNOWN


@pytest.mark.parametrize("spell", [in_keras_3, in_keras_2], ids=["keras", "tf_keras"])
@pytest.mark.parametrize("name", RAISES)
def test_it_raises(name, spell, judge):
    text = spell(RAISES[name])
    *_, outcome = judge("keras" if spell is in_keras_3 else "tf_keras").run(text)
    findings = believe(text).snapshot.findings
    if outcome["kind"] != "raise":  # Keras 2 builds a convolution whose output has no cell
        assert not findings
        return
    assert len(findings) == 1, findings
    predicted = findings[0].raised
    assert findings[0].span.line == outcome["line"]
    if spell is in_keras_2 and findings[0].code == "undefined-result":
        assert predicted.type is None, "eager Keras 2 gives garbage first; what then becomes of it is not promised"
        return
    assert predicted.type == outcome["type"]
    assert same_text(predicted, outcome["text"]), f"{predicted.text}\n{outcome['text']}"


def test_the_exact_text_of_the_third():
    """As Keras 3.15 prints it, letter by letter."""
    (finding,) = believe(in_keras_3(RANK)).snapshot.findings
    assert finding.code == "missing-batch-axis"
    assert finding.raised.type == "ValueError"
    assert finding.raised.text == (
        "Input 0 with name 'None' of layer 'conv2d' is incompatible with the layer: "
        "expected min_ndim=4, found ndim=3. Full shape received: (28, 28, 3)"
    )
    assert finding.raised.exact


@pytest.mark.parametrize("name", RAISES)
def test_every_fix_that_is_offered_works(name, judge):
    """The repaired text runs for real, and the framework gives the shape that the engine expects."""
    text = in_keras_3(RAISES[name])
    engine = Engine()
    (finding,) = engine.update("file:///article.py", 1, text).findings
    for fix in engine.fixes("file:///article.py", finding):
        repaired = apply(text, fix.edits) + ("output\n" if "output =" in text else "None\n")
        *_, outcome = judge("keras").run(repaired)
        assert outcome["kind"] != "raise", f"{fix.title}\n{repaired}\n{outcome}"
        belief = believe(repaired)
        assert not belief.snapshot.findings, fix.title
        believed = at(belief.value(ast.parse(repaired).body[-1]), {})
        assert believed == outcome_value(outcome), f"{fix.title}\n{repaired}"


def test_the_third_has_a_fix():
    engine = Engine()
    (finding,) = engine.update("file:///article.py", 1, in_keras_3(RANK)).findings
    fixed = [apply(in_keras_3(RANK), fix.edits) for fix in engine.fixes("file:///article.py", finding)]
    assert any("tf.expand_dims(image, axis=0)" in text or "image[None, ...]" in text for text in fixed), fixed
