"""Laws of dims: an expression over symbols means what it would mean with numbers, and doubt is silence."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from shape_engine.dim import (
    Expr,
    Operation,
    Symbol,
    bounds,
    is_symbolic,
    maximum,
    minimum,
    substitute,
    surely_differ,
    surely_equal,
    surely_less,
    surely_no_multiple,
)
from shape_engine.formulas.window import too_big, windows

NAMES = ("h", "w", "n")
SYMBOLS = {name: Symbol(name) for name in NAMES}
numbers = st.fixed_dictionaries({name: st.integers(0, 300) for name in NAMES})
small = st.integers(1, 5)

leaves = st.one_of(
    st.integers(-7, 12).map(lambda value: ("int", value)), st.sampled_from(NAMES).map(lambda name: ("symbol", name))
)


def whole(children):
    """Trees of operations that divide nothing."""
    return st.tuples(st.sampled_from(["+", "-", "*", "max", "min"]), children, children)


def grown(children):
    """Trees of operations; divisors are positive numbers, as they are in shapes."""
    return st.one_of(
        whole(children),
        st.tuples(st.sampled_from(["//", "%"]), children, st.integers(1, 6).map(lambda value: ("int", value))),
    )


trees = st.recursive(leaves, grown, max_leaves=8)
undivided = st.recursive(leaves, whole, max_leaves=8)


def evaluate(tree, symbols):
    """What the tree means, with symbols or with numbers for the names."""
    match tree:
        case ("int", value):
            return value
        case ("symbol", name):
            return symbols[name]
        case (sign, left, right):
            a, b = evaluate(left, symbols), evaluate(right, symbols)
            return {
                "+": lambda: a + b,
                "-": lambda: a - b,
                "*": lambda: a * b,
                "//": lambda: a // b,
                "%": lambda: a % b,
                "max": lambda: maximum(a, b),
                "min": lambda: minimum(a, b),
            }[sign]()
    raise AssertionError(tree)


def is_normal(dim) -> bool:
    """An int where it can be, no zero terms, no product of one, no sum of one."""
    match dim:
        case Expr(terms, constant):
            return (
                bool(terms)
                and all(coefficient for _, coefficient in terms)
                and len({atoms for atoms, _ in terms}) == len(terms)
                and (len(terms) > 1 or constant != 0 or terms[0][1] != 1 or len(terms[0][0]) > 1)
                and all(
                    isinstance(atom, (Symbol, Operation)) and is_normal(atom) for atoms, _ in terms for atom in atoms
                )
            )
        case Operation(_, left, right):
            return is_normal(left) and is_normal(right) and (is_symbolic(left) or is_symbolic(right))
    return isinstance(dim, (int, Symbol))


@given(trees, numbers)
def test_symbols_stand_for_every_number(tree, values):
    symbolic = evaluate(tree, SYMBOLS)
    assert substitute(symbolic, values) == evaluate(tree, values)


@given(trees)
def test_every_result_is_in_normal_form(tree):
    assert is_normal(evaluate(tree, SYMBOLS))


@given(trees, trees, trees)
def test_sums_and_products_of_equals_are_equal(x, y, z):
    """Commutative, associative, distributive: one normal form for one polynomial, and one hash."""
    a, b, c = (evaluate(tree, SYMBOLS) for tree in (x, y, z))
    for left, right in [
        (a + b, b + a),
        (a * b, b * a),
        ((a + b) + c, a + (b + c)),
        ((a * b) * c, a * (b * c)),
        (a * (b + c), a * b + a * c),
        (a - a, 0),
        (a + b - b, a),
        (0 - (0 - a), a),
        (-a, -1 * a),
        (2 * a, a + a),
    ]:
        assert left == right
        assert hash(left) == hash(right)


@given(undivided, small, small, small)
def test_a_nested_division_is_one_division(x, m, k, j):
    """Strides in a row are one stride.  Sums of several divisions have no single normal form: they may compare unequal."""
    a = evaluate(x, SYMBOLS)
    assert (a // m) // k == a // (m * k)
    assert ((a // m) // k) // j == a // (m * k * j)


@given(trees, trees, numbers)
def test_what_is_sure_holds_for_every_number(x, y, values):
    a, b = evaluate(x, SYMBOLS), evaluate(y, SYMBOLS)
    one, other = evaluate(x, values), evaluate(y, values)
    assert not (surely_equal(a, b) and one != other)
    assert not (surely_differ(a, b) and one == other)
    assert not (surely_less(a, b) and one >= other)


@given(trees, small, numbers)
def test_surely_no_multiple(x, k, values):
    if surely_no_multiple(evaluate(x, SYMBOLS), k):
        assert evaluate(x, values) % k != 0


@given(trees, numbers)
def test_bounds_hold(tree, values):
    least, greatest = bounds(evaluate(tree, SYMBOLS))
    value = evaluate(tree, values)
    assert least is None or least <= value
    assert greatest is None or value <= greatest


@given(st.integers(-20, 20), st.integers(-20, 20))
def test_numbers_are_always_sure(a, b):
    assert surely_equal(a, b) == (a == b)
    assert surely_differ(a, b) == (a != b)
    assert surely_less(a, b) == (a < b)


@given(st.sampled_from([None, "3", (3,), [], object()]), st.one_of(st.integers(), st.just(SYMBOLS["h"])))
def test_doubt_answers_false_to_every_question(odd, dim):
    for question in (surely_equal, surely_differ, surely_less, surely_no_multiple):
        assert not question(odd, dim)
        assert not question(dim, odd)


@given(st.integers(0, 50), st.integers(0, 80))
def test_a_symbol_is_at_least_its_least(least, number):
    n = Symbol("n", least=least)
    assert surely_less(number, n) == (number < least)
    assert not surely_less(n, number)
    assert surely_differ(n, number) == (number < least)


@given(trees, numbers, numbers)
def test_substituting_in_two_steps_is_substituting(tree, values, others):
    """First some names for other expressions, then numbers."""
    symbolic = evaluate(tree, SYMBOLS)
    moved = substitute(symbolic, {"h": SYMBOLS["w"] + values["n"]})
    assert substitute(moved, others) == substitute(symbolic, {**others, "h": others["w"] + values["n"]})


paddings = st.one_of(st.sampled_from(["same", "valid", "causal"]), st.integers(0, 6))
sizes = st.integers(0, 400)


@given(sizes, sizes, st.tuples(small, small), st.tuples(small, small), paddings, st.tuples(small, small))
def test_windows_of_symbols_stand_for_windows_of_numbers(h, w, kernel, stride, padding, dilation):
    settings = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    symbolic = windows((SYMBOLS["h"], SYMBOLS["w"]), **settings)
    numbers = windows((h, w), **settings)
    assert tuple(substitute(dim, {"h": h, "w": w}) for dim in symbolic) == numbers


@given(sizes, small, small, st.integers(0, 6), small)
def test_windows_are_counted(size, kernel, stride, padding, dilation):
    """The formula against the definition: slide the kernel and count."""
    span = dilation * (kernel - 1)
    assume(size + padding > span)
    count = sum(1 for start in range(0, size + padding, stride) if start + span < size + padding)
    assert windows((size,), kernel, stride, padding, dilation) == (count,)
    assert not too_big((size,), kernel, padding, dilation)


@given(sizes, small, paddings, small)
def test_too_big_is_where_no_window_fits(size, kernel, padding, dilation):
    (count,) = windows((size,), kernel, 1, padding, dilation)
    if isinstance(padding, str) and padding != "valid":
        assert not too_big((size,), kernel, padding, dilation)
    else:
        assert too_big((size,), kernel, padding, dilation) == (count <= 0)
    assert not too_big((SYMBOLS["h"],), kernel, padding, dilation) or kernel * dilation > 400
