"""What two texts of one exception have in common: everything that process, machine and data do not decide."""

from __future__ import annotations

import re


def normalise(text: str, *, names: bool = False) -> str:
    """The text without what varies between two runs of the same line.

    Gone are bold codes, addresses, install paths, frames of user code, tensor values, the names of
    graph and kernel nodes, and the order of a printed set.  With ``names`` the counters of automatic
    layer names go too, for texts that were recorded in another order.

    >>> normalise("one of {'valid', 'same'}. Received: foo")
    "one of {'same', 'valid'}. Received: foo"
    >>> normalise("of layer 'conv2d_3' is incompatible", names=True)
    "of layer 'conv2d' is incompatible"
    """
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    text = re.sub(r"0x(?:<address>|[0-9a-f]{6,})", "0x", text)
    text = _without_frames(text)
    text = re.sub(r"[^\s'\"(]*site-packages>?/", "<site-packages>/", text)
    text = _without_nodes(text)
    text = _without_values(text)
    text = re.sub(r"\{('[^{}:]*'(?:, '[^{}:]*')+)\}", _sorted_set, text)
    if names:
        text = re.sub(r"\b([a-z](?:[a-z]|\dd)*(?:_[a-z]+(?:\dd)?)*)_\d+\b", r"\1", text)
    return text


def core(text: str) -> str:
    """What is inside Keras' wrapping, and the last error inside "in user code:".

    >>> core("Exception encountered when calling Conv2D.call().\\n\\nbad\\n\\nArguments received by Conv2D.call():\\n  x")
    'bad'
    """
    text = normalise(text)
    found = re.search(
        r"Exception encountered when calling [^\n]*\n\n(.*?)\n\n(?:Call arguments|Arguments) received by ", text, re.S
    )
    return found[1] if found else text


def _sorted_set(found: re.Match[str]) -> str:
    return "{" + ", ".join(sorted(found[1].split(", "))) + "}"


def _without_frames(text: str) -> str:
    """TensorFlow quotes the frames of user code under "in user code:"; they hold paths."""
    text = re.sub(r'    File "[^\n]*\n(?:        [^\n]*\n)?', "", text)
    text = re.sub(r"\s*<frames>\s*", "\n\n", text)
    return re.sub(r"in user code:\s*", "in user code:\n\n", text)


def _without_nodes(text: str) -> str:
    """Names of graph nodes and kernels depend on the machine (oneDNN) and on attributes nobody sees."""
    text = re.sub(r"'\{\{node [^}]*\}\} = (\w+)\[.*?\](?:\([^)]*\))?'", r"<node \1>", text, flags=re.S)
    text = re.sub(r"\{\{(?:function_node|node) [^}]*\}\}\s*", "", text)
    return re.sub(r"\s*\[Op:\w+\](?: name: *[\w/]*)?", "", text)


def _without_values(text: str) -> str:
    """The numbers in a printed array."""
    text = _blank(text, r"numpy=\s*array\((?=\[)", "numpy=<values>", depth=1)
    text = _blank(text, r"\b[aA]rray\((?=\[)", "array(<values>)", depth=1)
    text = re.sub(r"numpy=[-\d.e+]+(?=>)", "numpy=<values>", text)
    text = _blank(text, r"tf\.Tensor\((?=\[)", "tf.Tensor(<values>", depth=0)
    text = _blank(text, r"(?<=Invalid input shape for input )(?=\[)", "<values>", depth=0)
    return text.replace("<all values>", "<values>")


def _blank(text: str, opening: str, instead: str, depth: int) -> str:
    """Replace what ``opening`` matches up to the bracket that brings the depth back to zero."""
    result, position = [], 0
    for found in re.finditer(opening, text):
        if found.start() < position:
            continue
        end = _closing(text, found.end(), depth)
        result += [text[position : found.start()], instead]
        position = end
    return "".join(result) + text[position:]


def _closing(text: str, start: int, depth: int) -> int:
    for index in range(start, len(text)):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(text[index], 0)
        if depth <= 0:
            return index + 1
    return len(text)
