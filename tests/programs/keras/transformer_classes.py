"""A transformer encoder of custom layers: build, call, compute_output_shape, get_config."""
import keras
from keras import layers, ops


class SelfAttention(layers.Layer):
    def __init__(self, num_heads, head_dim, **kwargs):
        super().__init__(**kwargs)
        self.num_heads, self.head_dim = num_heads, head_dim
        self.qkv = layers.Dense(3 * num_heads * head_dim, use_bias=False)

    def build(self, input_shape):
        *_, width = input_shape
        self.out = layers.Dense(width)

    def call(self, x):
        length = x.shape[1]
        qkv = ops.reshape(self.qkv(x), (-1, length, 3, self.num_heads, self.head_dim))
        q, k, v = [ops.transpose(qkv[:, :, i], (0, 2, 1, 3)) for i in range(3)]
        scores = ops.matmul(q, ops.swapaxes(k, -1, -2)) * self.head_dim**-0.5
        mixed = ops.einsum("bhqk,bhkd->bqhd", ops.softmax(scores, axis=-1), v)
        return self.out(ops.reshape(mixed, (-1, length, self.num_heads * self.head_dim)))


@keras.saving.register_keras_serializable(package="text")
class TransformerBlock(layers.Layer):
    def __init__(self, embed_dim, num_heads, ff_dim, rate=0.1, **kwargs):
        super().__init__(**kwargs)
        self.embed_dim, self.num_heads, self.ff_dim, self.rate = embed_dim, num_heads, ff_dim, rate
        self.att = SelfAttention(num_heads, embed_dim // num_heads)
        self.ffn = keras.Sequential([layers.Dense(ff_dim, activation="relu"), layers.Dense(embed_dim)])
        self.norms = [layers.LayerNormalization(epsilon=1e-6) for _ in range(2)]
        self.drops = [layers.Dropout(rate) for _ in range(2)]

    def call(self, inputs, training=False):
        attn = self.drops[0](self.att(inputs), training=training)
        out1 = self.norms[0](inputs + attn)
        ffn = self.drops[1](self.ffn(out1), training=training)
        return self.norms[1](out1 + ffn)

    def get_config(self):
        config = super().get_config()
        config.update({"embed_dim": self.embed_dim, "num_heads": self.num_heads, "ff_dim": self.ff_dim})
        return config


class TokenAndPositionEmbedding(layers.Layer):
    def __init__(self, maxlen, vocab_size, embed_dim):
        super().__init__()
        self.token_emb = layers.Embedding(input_dim=vocab_size, output_dim=embed_dim)
        self.pos_emb = layers.Embedding(input_dim=maxlen, output_dim=embed_dim)

    def call(self, x):
        positions = ops.arange(0, x.shape[-1], 1)
        positions = self.pos_emb(positions)
        x = self.token_emb(x)
        return x + positions


maxlen, vocab_size, embed_dim = 200, 20000, 32
inputs = layers.Input(shape=(maxlen,), dtype="int32")
x = TokenAndPositionEmbedding(maxlen, vocab_size, embed_dim)(inputs)
for heads, width in zip((2, 4), (32, 64)):
    block = TransformerBlock(embed_dim, heads, ff_dim=width, name=f"block_{heads}")
    x = block(x)
clone = TransformerBlock.from_config({"embed_dim": embed_dim, "num_heads": 2, "ff_dim": 16})
x = clone(x)
pooled = layers.GlobalAveragePooling1D()(x)
outputs = layers.Dense(2, activation="softmax")(layers.Dropout(0.1)(pooled))
model = keras.Model(inputs=inputs, outputs=outputs)
