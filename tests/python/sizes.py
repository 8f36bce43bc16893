known = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "m", "n"]
import math
from functools import reduce
from operator import mul

import numpy as np

shape = (3, 28, 24)
y = [0, 2, 1, 2, 0, 5]
labels = np.array([3, 1, 3, 0])
a = (
    int(np.prod(shape)), int(np.prod(shape[1:])), int(np.sqrt(784)), int(np.sqrt(785)),
    int(np.ceil(7 / 2)), int(np.floor(7.9)), int(np.round(2.5)), int(np.round(3.5)), int(np.log2(64)), int(np.log2(65)),
    int(np.log10(1000)), int(np.abs(-3)), int(np.sum(shape)), int(np.max(shape)), int(np.min(shape)), int(np.mean([2, 4])),
)
b = (
    math.ceil(28 / 3), math.floor(-7 / 2), int(math.log2(1024)), int(math.log(8, 2)), math.prod(shape), math.gcd(12, 18, 30),
    math.sqrt(49), math.isqrt(50), int(math.pow(2, 5)), math.lcm(4, 6), math.comb(5, 2), math.hypot(3, 4), math.trunc(-2.7),
    math.ceil(np.float64(2.1)), int(math.exp(0)), math.fabs(-2), math.inf > 10**10,
)
c = (divmod(17, 5), divmod(-17, 5), 17 // -5, -17 % 5, 17.5 // 2, 2**-1, round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234, -2))
d = (len(set(y)), sorted(set(y)), max(y), min(y), sum(y), max(y) + 1, len(np.unique(y)), len(np.unique(labels)), int(labels.max()) + 1)
e = (np.unique([3, 1, 3]).tolist(), np.cumsum([1, 2, 3]).tolist(), np.arange(0, 10, 3).tolist(), np.diff([1, 4, 9]).tolist(), np.sort([3, 1, 2]).tolist())
f = (
    np.linspace(8, 64, 4).astype(int).tolist(), np.linspace(0, 1, 5).tolist(), np.linspace(1, 10, 4, dtype=int).tolist(),
    [int(x) for x in np.linspace(16, 128, 3)],
)
g = (int(np.argmax([1, 5, 2])), int(np.argmin([4, 1])), np.array([[1, 2, 3], [4, 5, 6]]).shape[0], np.zeros((4, 7)).shape, np.array([1, 2]).size, np.ones((2, 3)).ndim, len(np.zeros((5, 2))))
h = (int(32 * 1.5), int(0.25 * 30), int(3 * 0.1 * 10), int(1e3), int("16"), int(2.9999999999999996), float(3), int(-2.5), int(True))
i = (reduce(mul, shape), reduce(lambda p, q: p * q, shape, 1), sum(p * q for p, q in zip(shape, shape)), 2 ** int(np.ceil(np.log2(100))), 1 << (100 - 1).bit_length())
j = (list(np.array([2, 3]) * 2), tuple(np.array(shape) // 2), [int(n) for n in np.array([1.5, 2.5]) * 2], (np.array([4, 6]) / 2).tolist(), (np.array([7, 8]) % 3).tolist())
k = (int(np.prod(np.array(shape) // 4)), int(np.floor((28 + 2 * 1 - 3) / 2 + 1)), int((28 - 5 + 2 * 2) / 1) + 1, int(np.clip(70, 0, 64)), int(np.power(2, 3)), int(np.int32(5) // np.int32(2)))
rounded = (np.float32(0.1) == 0.1, int(np.float32(16777217)), float(np.float32(0.5)), int(np.float32(29) / 100 * 100), bool(np.all([1, 1])))
m = (np.float64(0.1) + 0.2 == 0.1 + 0.2, int(np.int64(7)), np.array([1, 2, 3])[-1] == 3, len(np.arange(6).reshape(2, 3)))
n = (min(max(int(57 / 8 + 0.5) * 8, 8), 64), max(8, int(18.9 + 8 / 2) // 8 * 8), [w * 2**s for s, w in enumerate((8, 4))], sum([3, 4, 6, 3][:2]), [sum((2, 2, 6)[:q]) for q in range(3)])
