known = ["a", "b", "c", "d", "e", "f", "g", "h", "total", "m"]


def power(base, exponent=2, *rest, scale=1, **options):
    if exponent == 0:
        return scale
    return base * power(base, exponent - 1, scale=scale) + len(rest) * 0 + len(options) * 0


a = power(3) + power(2, 5) + power(2, 3, 9, 9, scale=3, other=1)


def counter():
    count = 0

    def increment(by=1):
        nonlocal count
        count += by
        return count

    return increment


tick = counter()
tick()
tick(5)
b = tick()
total = 0


def add(n):
    global total
    total += n


for n in range(5):
    if n == 3:
        continue
    add(n)
compose = lambda *fs: lambda x: [x := f(x) for f in fs][-1]
c = compose(lambda x: x + 1, lambda x: x * 10)(4)


def gen(n):
    for i in range(n):
        yield i * i


d = list(gen(5))


def early(xs):
    for x in xs:
        if x > 2:
            return x
    else:
        return None


e = (early([1, 2, 3, 4]), early([1]), early([]))
from functools import partial, reduce, wraps

f = partial(power, exponent=3)(2)


def twice(fn):
    @wraps(fn)
    def inner(*args, **kwargs):
        return fn(*args, **kwargs) * 2

    return inner


@twice
def three():
    return 3


g = three()
h = reduce(lambda p, q: p * q, [1, 2, 3, 4])
i = 0
while True:
    i += 3
    if i > 10:
        break
m = i
