known = ["a", "b", "c", "d", "e", "f", "g", "h", "total", "m", "wrapped_name", "wrapped_parameters", "wrapped_default", "wrapped_kinds", "wrapped_inner"]


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

import functools
import inspect


def keyword_only_by_place(function):
    parameters = inspect.signature(function).parameters
    first = next(i for i, p in enumerate(parameters.values()) if p.kind == p.KEYWORD_ONLY)
    names = tuple(inspect.signature(function).parameters)[first:]

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        kwargs.update(dict(zip(names, args[first:])))
        return function(*args[:first], **kwargs)

    return wrapper


@keyword_only_by_place
def scaled(width, *more, factor=2, bias=0):
    return width * factor + bias


wrapped_name = scaled.__name__
wrapped_parameters = list(inspect.signature(scaled).parameters)
wrapped_default = inspect.signature(scaled).parameters["bias"].default
wrapped_kinds = [p.kind == inspect.Parameter.KEYWORD_ONLY for p in inspect.signature(scaled).parameters.values()]
wrapped_inner = scaled.__wrapped__(3)
