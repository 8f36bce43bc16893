"""Recurrent modules and attention (torch/nn/modules/rnn.py, activation.py)."""

from __future__ import annotations

from typing import Any

from ...dim import Dim, is_dim, surely_differ, surely_no_multiple
from ...evidence import formula
from ...problems import TorchRefusal, TorchShapeMismatch, TorchWrongRank
from ...rule import Call, function, phase
from ...shape import Shape, Unranked, surely_other
from ...value import Tensor, Value
from .checks import dim_of, dims_of, is_int, like, ranked, refuse, tensor_of, unranked
from .machine import UNTOLD, module


@module("torch.nn.LSTM", init="RNNBase", name="LSTM", cells=2)
@module("torch.nn.GRU", init="RNNBase", name="GRU", cells=1)
def recurrent(
    input: Tensor, hx: Any = None, *, input_size: Dim, hidden_size: Dim, num_layers: Any = 1, bias: Any = True,
    batch_first: Any = False, dropout: Any = 0.0, bidirectional: Any = False, proj_size: Any = 0, device: Any = None,
    dtype: Any = None, name: str, cells: int,
) -> Any:  # fmt: skip
    """(L, N, input) or (L, input), batch first if asked: the output of every step, and the last state."""
    unknown = Tensor(Unranked("the input of a recurrent module is not known"), input.dtype, "torch")
    state: Any = unknown if cells == 1 else (unknown, unknown)
    if isinstance(input.shape, Unranked) or not isinstance(batch_first, bool) or not isinstance(bidirectional, bool):
        return unknown, state
    rank = len(input.shape)
    if rank not in (2, 3):
        refuse(
            TorchWrongRank,
            "recurrent-rank",
            ("input",),
            name=name,
            got=f"got {rank}D{' tensor' if name == 'RNN' else ''} instead",
        )
        return unknown, state
    if surely_differ(input.shape[-1], input_size):
        facts = {"expected": input_size, "actual": input.shape[-1]}
        refuse(TorchShapeMismatch, "recurrent-size", ("input", "input_size"), **facts)
    ways = 2 if bidirectional else 1
    width = proj_size if is_int(proj_size) and proj_size > 0 else dim_of(hidden_size)
    output = like(input, (*input.shape[:-1], directions(width, ways)))
    if hx is not None and not _is_state(hx, cells):
        return unknown, state
    batch = () if rank == 2 else (input.shape[0 if batch_first else 1],)
    if not is_dim(num_layers):
        return output, state
    last = like(input, (directions(num_layers, ways), *batch, width))
    for given in (hx if isinstance(hx, (tuple, list)) else (hx,))[:1]:
        if isinstance(given, Tensor) and surely_other(given.shape, last.shape) and isinstance(given.shape, Shape):
            if name == "LSTM" and rank == 3 and len(given.shape) == 3:
                refuse(TorchShapeMismatch, "hidden-size", ("hx", "input"), wanted=last.shape, got=given.shape)
            return unknown, state
    cell = like(input, (directions(num_layers, ways), *batch, dim_of(hidden_size)))
    return output, last if cells == 1 else (last, cell)


@module("torch.nn.RNN", init="RNNBase", popped=("nonlinearity", 3))
def plain_recurrent(
    input: Tensor, hx: Any = None, *, input_size: Dim, hidden_size: Dim, num_layers: Any = 1,
    bias: Any = True, batch_first: Any = False, dropout: Any = 0.0, bidirectional: Any = False, device: Any = None,
    dtype: Any = None,
) -> Any:  # fmt: skip
    """As :func:`recurrent`, without gates."""
    settings = {"input_size": input_size, "hidden_size": hidden_size, "num_layers": num_layers}
    ways = {"batch_first": batch_first, "bidirectional": bidirectional}
    return recurrent(input, hx, **settings, **ways, name="RNN", cells=1)


@phase(plain_recurrent, "constructor")
@phase(recurrent, "constructor")
def check_sizes(*, input_size: Dim, hidden_size: Dim, num_layers: Any = 1) -> dict[str, Any]:
    """ValueError for sizes that are not positive."""
    sizes: dict[str, Any] = {"input_size": input_size, "hidden_size": hidden_size, "num_layers": num_layers}
    for what, size in sizes.items():
        if is_int(size) and size <= 0:
            refuse(TorchRefusal, "recurrent-positive", (what,), name=what)
    return {}


@phase(recurrent, "build")
def recurrent_weights(
    *, input_size: Dim, hidden_size: Dim, num_layers: Any = 1, bias: Any = True, bidirectional: Any = False,
    proj_size: Any = 0, name: str,
) -> dict[str, Shape]:  # fmt: skip
    """For each layer and direction the weights of the input, of the state, their biases, and of the projection."""
    if not is_int(num_layers) or not isinstance(bias, bool) or not isinstance(bidirectional, bool) or num_layers > 100:
        return {"": Shape(())}
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[name] * dim_of(hidden_size)
    width = proj_size if is_int(proj_size) and proj_size > 0 else dim_of(hidden_size)
    found: dict[str, Shape] = {}
    for layer in range(num_layers):
        for way in ("", "_reverse") if bidirectional else ("",):
            size = dim_of(input_size) if layer == 0 else width * (2 if bidirectional else 1)
            found[f"weight_ih_l{layer}{way}"] = Shape((gates, size))
            found[f"weight_hh_l{layer}{way}"] = Shape((gates, width))
            if bias:
                found[f"bias_ih_l{layer}{way}"] = found[f"bias_hh_l{layer}{way}"] = Shape((gates,))
            if width is proj_size:
                found[f"weight_hr_l{layer}{way}"] = Shape((width, dim_of(hidden_size)))
    return found


@phase(plain_recurrent, "build")
def plain_weights(
    *, input_size: Dim, hidden_size: Dim, num_layers: Any = 1, bias: Any = True, bidirectional: Any = False
) -> dict[str, Shape]:
    """As of the others, with one gate."""
    return recurrent_weights(
        input_size=input_size, hidden_size=hidden_size, num_layers=num_layers, bias=bias, bidirectional=bidirectional,
        name="RNN",
    )  # fmt: skip


@phase(plain_recurrent, "assume")
@phase(recurrent, "assume")
def assume_sequence(*, input_size: Dim, batch_first: Any = False) -> Any:
    """A batch of sequences."""
    if not isinstance(batch_first, bool):
        return None
    return ("N", "L", dim_of(input_size)) if batch_first else ("L", "N", dim_of(input_size))


def _is_state(hx: Any, cells: int) -> bool:
    """Whether the first state is a tensor, or a pair of them."""
    if cells == 1:
        return isinstance(hx, Tensor)
    return isinstance(hx, (tuple, list)) and len(hx) == 2 and all(isinstance(x, Tensor) for x in hx)


@formula
def directions(size: Dim, ways: int) -> Dim:
    """Both directions side by side."""
    return size * ways


@module("torch.nn.LSTMCell", neutral=("device", "dtype"), cells=2, gates=4)
@module("torch.nn.GRUCell", neutral=("device", "dtype"), cells=1, gates=3)
@module("torch.nn.RNNCell", neutral=("nonlinearity", "device", "dtype"), cells=1, gates=1)
def cell(input: Tensor, hx: Any = None, *, input_size: Dim, hidden_size: Dim, bias: Any = True, cells: int) -> Any:
    """(N, input) or (input,): the next state."""
    if isinstance(input.shape, Unranked) or len(input.shape) not in (1, 2):
        unknown = Tensor(Unranked("the input of a cell is not known"), input.dtype, "torch")
        return (unknown, unknown) if cells == 2 else unknown
    state = like(input, (*input.shape[:-1], dim_of(hidden_size)))
    return (state, state) if cells == 2 else state


@phase(cell, "build")
def cell_weights(*, input_size: Dim, hidden_size: Dim, bias: Any = True, gates: int) -> dict[str, Shape]:
    """The weights of the input and of the state, and their biases."""
    wide = dim_of(hidden_size) * gates
    found = {"weight_ih": Shape((wide, dim_of(input_size))), "weight_hh": Shape((wide, dim_of(hidden_size)))}
    return found if bias is False else {**found, "bias_ih": Shape((wide,)), "bias_hh": Shape((wide,))}


@module("torch.nn.MultiheadAttention")
def attention(
    query: Tensor, key: Any, value: Any, key_padding_mask: Any = None, need_weights: Any = True, attn_mask: Any = None,
    average_attn_weights: Any = True, is_causal: Any = False, *, embed_dim: Any, num_heads: Any, dropout: Any = 0.0,
    bias: Any = True, add_bias_kv: Any = False, add_zero_attn: Any = False, kdim: Any = None, vdim: Any = None,
    batch_first: Any = False, device: Any = None, dtype: Any = None,
) -> Any:  # fmt: skip
    """The shape of the query; the weights of each query over the keys."""
    nothing = Tensor(Unranked("the attention weights are not known"), query.dtype, "torch")
    if isinstance(query.shape, Unranked) or len(query.shape) not in (2, 3) or not isinstance(batch_first, bool):
        return Tensor(query.shape, query.dtype, "torch"), nothing
    keys = tensor_of(key)
    if surely_differ(query.shape[-1], embed_dim):
        facts = {"expected": embed_dim, "actual": query.shape[-1]}
        # (a key or value of another rank is refused before)
        others = [x for x in (keys, tensor_of(value)) if x is not None and isinstance(x.shape, Shape)]
        if len(others) == 2 and all(x.rank == len(query.shape) for x in others):
            refuse(TorchShapeMismatch, "attention-size", ("query", "embed_dim"), **facts)
    values = tensor_of(value)
    if (
        kdim is None
        and vdim is None
        and keys is not None
        and values is not None
        and surely_other(keys.shape, values.shape)
    ):
        if (
            isinstance(keys.shape, Shape)
            and isinstance(values.shape, Shape)
            and len(keys.shape) == len(values.shape) == 3
        ):
            refuse(TorchShapeMismatch, "attention-values", ("key", "value"), key=keys.shape, value=values.shape)
        return nothing, nothing
    if keys is not None and isinstance(keys.shape, Shape) and len(keys.shape) == len(query.shape) == 3:
        batch_axis = 0 if batch_first else 1
        if surely_differ(keys.shape[batch_axis], query.shape[batch_axis]):
            return nothing, nothing
    output = Tensor(query.shape, query.dtype, "torch")
    if need_weights is False:
        return output, None
    if need_weights is not True or average_attn_weights is not True or keys is None or isinstance(keys.shape, Unranked):
        return output, nothing
    if len(keys.shape) != len(query.shape) or add_bias_kv is not False or add_zero_attn is not False:
        return output, nothing
    steps = 1 if batch_first and len(query.shape) == 3 else 0
    batch = () if len(query.shape) == 2 else (query.shape[1 - steps],)
    return output, like(query, (*batch, query.shape[steps], keys.shape[steps]))


@phase(attention, "build")
def attention_weights(
    *, embed_dim: Any, bias: Any = True, add_bias_kv: Any = False, kdim: Any = None, vdim: Any = None
) -> dict[str, Shape]:
    """The projections of query, key and value, together if all are of one size, and of the result."""
    size, keys, values = dim_of(embed_dim), dim_of(kdim or embed_dim), dim_of(vdim or embed_dim)
    found: dict[str, Shape] = {}
    if keys == size and values == size:
        found["in_proj_weight"] = Shape((3 * size, size))
    else:
        wides = {"q": size, "k": keys, "v": values}
        found |= {f"{name}_proj_weight": Shape((size, wide)) for name, wide in wides.items()}
    if bias is not False:
        found["in_proj_bias"] = Shape((3 * size,))
    if add_bias_kv is not False:
        found["bias_k"] = found["bias_v"] = Shape((1, 1, size))
    found["out_proj.weight"] = Shape((size, size))
    return found if bias is False else {**found, "out_proj.bias": Shape((size,))}


@phase(attention, "constructor")
def check_heads(*, embed_dim: Any, num_heads: Any) -> dict[str, Any]:
    """AssertionError where the heads do not divide the size."""
    if (
        is_int(embed_dim)
        and is_int(num_heads)
        and embed_dim > 0
        and num_heads > 0
        and surely_no_multiple(embed_dim, num_heads)
    ):
        refuse(TorchRefusal, "attention-heads", ("embed_dim", "num_heads"))
    return {}


@module("torch.nn.TransformerEncoderLayer", neutral=(
    "dropout", "activation", "layer_norm_eps", "batch_first", "norm_first", "device", "dtype",
))  # fmt: skip
def encoder_layer(
    src: Tensor, src_mask: Any = None, src_key_padding_mask: Any = None, is_causal: Any = False, *, d_model: Any,
    nhead: Any, dim_feedforward: Any = 2048, bias: Any = True,
) -> Any:  # fmt: skip
    """The shape of its input."""
    return src.shape


@module("torch.nn.TransformerDecoderLayer", neutral=(
    "dropout", "activation", "layer_norm_eps", "batch_first", "norm_first", "device", "dtype",
))  # fmt: skip
def decoder_layer(
    tgt: Tensor, memory: Any, tgt_mask: Any = None, memory_mask: Any = None, tgt_key_padding_mask: Any = None,
    memory_key_padding_mask: Any = None, tgt_is_causal: Any = False, memory_is_causal: Any = False, *, d_model: Any,
    nhead: Any, dim_feedforward: Any = 2048, bias: Any = True,
) -> Any:  # fmt: skip
    """The shape of its input."""
    return tgt.shape


@module("torch.nn.TransformerEncoder", neutral=("norm", "enable_nested_tensor", "mask_check"))
def encoder(
    src: Tensor, mask: Any = None, src_key_padding_mask: Any = None, is_causal: Any = None, *, encoder_layer: Any,
    num_layers: Any,
) -> Any:  # fmt: skip
    """The shape of its input."""
    return src.shape


@module("torch.nn.TransformerDecoder", neutral=("norm",))
def decoder(
    tgt: Tensor, memory: Any, tgt_mask: Any = None, memory_mask: Any = None, tgt_key_padding_mask: Any = None,
    memory_key_padding_mask: Any = None, tgt_is_causal: Any = None, memory_is_causal: Any = False, *,
    decoder_layer: Any, num_layers: Any,
) -> Any:  # fmt: skip
    """The shape of its input."""
    return tgt.shape


@module("torch.nn.Transformer", neutral=(
    "num_encoder_layers", "num_decoder_layers", "dim_feedforward", "dropout", "activation", "custom_encoder",
    "custom_decoder", "layer_norm_eps", "batch_first", "norm_first", "bias", "device", "dtype",
))  # fmt: skip
def transformer(
    src: Tensor, tgt: Any, src_mask: Any = None, tgt_mask: Any = None, memory_mask: Any = None,
    src_key_padding_mask: Any = None, tgt_key_padding_mask: Any = None, memory_key_padding_mask: Any = None,
    src_is_causal: Any = None, tgt_is_causal: Any = None, memory_is_causal: Any = False, *, d_model: Any = 512,
    nhead: Any = 8,
) -> Any:  # fmt: skip
    """The shape of the target."""
    return tgt if isinstance(tgt, Tensor) else Unranked("the target is not known")


@phase(transformer, "build")
@phase(decoder, "build")
@phase(encoder, "build")
def many_weights() -> dict[str, Shape]:
    """Those of many layers, of which nothing is said here."""
    return {UNTOLD: Shape(())}


@function("torch.nn.Transformer.generate_square_subsequent_mask")
def square_mask(call: Call, sz: Value, *args: Value, **kwargs: Value) -> Value:
    """A square of numbers."""
    return Tensor(Shape((sz, sz)), None, "torch") if is_dim(sz) else unranked(None)


@phase(encoder_layer, "build")
def encoder_weights(*, d_model: Any, dim_feedforward: Any = 2048, bias: Any = True) -> dict[str, Shape]:
    """Attention, two linear modules, two norms."""
    return _weights_of_a_layer(d_model, dim_feedforward, bias, ("self_attn",))


@phase(decoder_layer, "build")
def decoder_weights(*, d_model: Any, dim_feedforward: Any = 2048, bias: Any = True) -> dict[str, Shape]:
    """The same with a second attention, and a norm for it."""
    return _weights_of_a_layer(d_model, dim_feedforward, bias, ("self_attn", "multihead_attn"))


def _weights_of_a_layer(d_model: Any, dim_feedforward: Any, bias: Any, attentions: tuple[str, ...]) -> dict[str, Shape]:
    size, wide = dim_of(d_model), dim_of(dim_feedforward)
    found = {
        f"{name}.{weight}": shape
        for name in attentions
        for weight, shape in attention_weights(embed_dim=d_model, bias=bias).items()
    }
    parts: dict[str, tuple[Dim, ...]] = {"linear1": (wide, size), "linear2": (size, wide)}
    parts |= {f"norm{number + 1}": (size,) for number in range(len(attentions) + 1)}
    for name, shape in parts.items():
        found[f"{name}.weight"] = Shape(shape)
        if bias is not False:
            found[f"{name}.bias"] = Shape(shape[:1])
    return found


@function("torch.nn.functional.scaled_dot_product_attention")
def scaled_dot_product_attention(
    call: Call, query: Value, key: Value, value: Value, *args: Value, **kwargs: Value
) -> Value:
    """(*, L, E), (*, S, E), (*, S, Ev) to (*, L, Ev)."""
    q, k, v = ranked(query), ranked(key), ranked(value)
    if q is None or k is None or v is None or len({q.rank, k.rank, v.rank}) != 1 or not q.rank or q.rank < 2:
        return unranked(query)
    same = all(not surely_differ(a, b) for a, b in zip(dims_of(q)[:-2], dims_of(v)[:-2], strict=True))
    fits = not surely_differ(dims_of(q)[-1], dims_of(k)[-1]) and not surely_differ(dims_of(k)[-2], dims_of(v)[-2])
    if not same or not fits or kwargs.get("enable_gqa") not in (None, False):
        return unranked(query)
    return like(q, (*dims_of(q)[:-1], dims_of(v)[-1]))
