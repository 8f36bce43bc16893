"""A Dim is the length of one axis: an int, or an expression over symbols in a normal form.

The normal form is a polynomial with integer coefficients over *atoms*: symbols, and the operations
that are not polynomial (floor division, remainder, maximum, minimum) applied to dims.  Two dims that
are equal for every value of their symbols and have the same normal form compare equal with ``==``.

Questions about dims are positive: doubt answers False to all of them, so silence is the default.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from math import gcd
from typing import Any, ClassVar, TypeAlias

Dim: TypeAlias = "int | Symbol | Expr"
MAX_WEIGHT = 128  # symbols and operations in a dim: beyond, a symbol stands for it
MAX_TERMS = 64  # of a product
ANY_SIGN = -(2**62)  # the least of a symbol that may be negative


class _Arithmetic:
    """Operators that dims share; every result is in normal form, and an int where it can be.

    Dims never change, and those inside a larger one are asked again and again: what takes a walk is kept.
    """

    __slots__ = ("_bounds", "_dynamic", "_hash", "_key", "_weight")
    _bounds: tuple[int | None, int | None]
    _dynamic: bool
    _hash: int
    _key: str
    _weight: int
    __match_args__: ClassVar[tuple[str, ...]]

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            facts = tuple([getattr(self, name) for name in self.__match_args__])
            return int(_keep(self, "_hash", hash(facts)))

    def __add__(self, other: Any) -> Any:
        return _sum(self, other, 1) if _is_dim(other) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return _sum(self, other, -1) if _is_dim(other) else NotImplemented

    def __rsub__(self, other: Any) -> Any:
        return _sum(other, self, -1) if _is_dim(other) else NotImplemented

    def __mul__(self, other: Any) -> Any:
        return _product(self, other) if _is_dim(other) else NotImplemented

    __rmul__ = __mul__

    def __neg__(self) -> Any:
        return _product(self, -1)

    def __pos__(self) -> Any:
        return self

    def __floordiv__(self, other: Any) -> Any:
        return _floordiv(self, other) if _is_dim(other) else NotImplemented

    def __rfloordiv__(self, other: Any) -> Any:
        return _floordiv(other, self) if _is_dim(other) else NotImplemented

    def __mod__(self, other: Any) -> Any:
        return _mod(self, other) if _is_dim(other) else NotImplemented

    def __rmod__(self, other: Any) -> Any:
        return _mod(other, self) if _is_dim(other) else NotImplemented

    def __pow__(self, power: Any) -> Any:
        if not isinstance(power, int) or not 0 <= power <= 8:
            return NotImplemented
        result: Any = 1
        for _ in range(power):
            result = result * self
        return result


@dataclass(frozen=True, slots=True)
class Symbol(_Arithmetic):
    """A length that the text does not fix.

    ``name`` is what people call it (``None``: nobody named it), ``origin`` tells two symbols of the
    same name apart and remembers where the symbol came from, ``least`` is the smallest value it can
    have.  ``dynamic`` marks a length that the framework leaves open too: Keras and TensorFlow print
    ``None`` for it and for everything computed from it.
    """

    name: str | None
    origin: Hashable = None
    least: int = 0
    dynamic: bool = False

    __hash__ = _Arithmetic.__hash__

    def __str__(self) -> str:
        return self.name or ("None" if self.dynamic else "?")


@dataclass(frozen=True, slots=True)
class Operation(_Arithmetic):
    """An atom of the normal form that is no symbol: ``//``, ``%``, ``max`` or ``min`` of two dims."""

    sign: str
    left: Dim
    right: Dim

    __hash__ = _Arithmetic.__hash__

    def __str__(self) -> str:
        left, right = str(self.left), str(self.right)
        if self.sign in ("max", "min"):
            return f"{self.sign}({left}, {right})"
        left = f"({left})" if isinstance(self.left, Expr) else left
        right = f"({right})" if isinstance(self.right, Expr) else right
        return f"{left} {self.sign} {right}"


Atom: TypeAlias = "Symbol | Operation"
Monomial: TypeAlias = "tuple[Atom, ...]"


@dataclass(frozen=True, slots=True)
class Expr(_Arithmetic):
    """``constant`` + the sum of ``coefficient * product of atoms``; built by the operators only."""

    terms: tuple[tuple[Monomial, int], ...]
    constant: int

    __hash__ = _Arithmetic.__hash__

    def __str__(self) -> str:
        parts = []
        for atoms, coefficient in self.terms:
            factors = [
                f"({atom})" if _needs_brackets(atom, len(atoms) > 1 or abs(coefficient) != 1) else str(atom)
                for atom in atoms
            ]
            if abs(coefficient) != 1:
                factors.insert(0, str(abs(coefficient)))
            parts.append(("-" if coefficient < 0 else "+", "*".join(factors)))
        if self.constant:
            parts.append(("-" if self.constant < 0 else "+", str(abs(self.constant))))
        parts.sort(key=lambda part: part[0] == "-")
        first, *rest = parts
        text = ("-" if first[0] == "-" else "") + first[1]
        return text + "".join(f" {sign} {part}" for sign, part in rest)


def derived(kind: str, *parts: Hashable, dynamic: bool = False) -> Symbol:
    """A length that nobody can compute from ``parts``: the same symbol for the same parts, another for others.

    The parts are not kept, so that a length derived from a derived one costs no more than the first.
    """
    return Symbol(None, (kind, hash(parts)), dynamic=dynamic)


def is_dim(value: object) -> bool:
    """Whether ``value`` can be the length of an axis (bools are no lengths)."""
    return _is_dim(value) and not isinstance(value, bool)


def is_symbolic(value: object) -> bool:
    """Whether ``value`` is a dim that is not a number."""
    return isinstance(value, (Symbol, Expr, Operation))


def is_named(dim: object) -> bool:
    """Whether a reader can make sense of the dim's text: every symbol in it has a name."""
    return all(symbol.name is not None for symbol in symbols(dim))


def is_dynamic(dim: object) -> bool:
    """Whether the framework itself does not know this length: it prints ``None``."""
    if not isinstance(dim, _Arithmetic):
        return False
    if isinstance(dim, Symbol):
        return dim.dynamic
    try:
        return dim._dynamic
    except AttributeError:
        parts = (dim.left, dim.right) if isinstance(dim, Operation) else _atoms(dim)
        return bool(_keep(dim, "_dynamic", any(map(is_dynamic, parts))))


def symbols(dim: object) -> Iterator[Symbol]:
    """The symbols that the dim is made of."""
    match dim:
        case Symbol():
            yield dim
        case Operation(_, left, right):
            yield from symbols(left)
            yield from symbols(right)
        case Expr(terms, _):
            for atoms, _coefficient in terms:
                for atom in atoms:
                    yield from symbols(atom)


def substitute(dim: Dim | Operation, values: dict[Any, Dim]) -> Dim:
    """The dim with other dims for its symbols; ``values`` is keyed by Symbol or by name."""
    match dim:
        case Symbol(name):
            return values.get(dim, values.get(name, dim))
        case Operation(sign, left, right):
            return _SIGNS[sign](substitute(left, values), substitute(right, values))
        case Expr(terms, constant):
            total: Any = constant
            for atoms, coefficient in terms:
                term: Any = coefficient
                for atom in atoms:
                    term = term * substitute(atom, values)
                total = total + term
            return total
    return dim


def maximum(a: Dim, b: Dim) -> Dim:
    """The larger of two dims.

    >>> maximum(3, 4), str(maximum(Symbol("n"), 4))
    (4, 'max(n, 4)')
    """
    return _choose("max", a, b)


def minimum(a: Dim, b: Dim) -> Dim:
    """The smaller of two dims."""
    return _choose("min", a, b)


def surely_equal(a: object, b: object) -> bool:
    """Whether both are the same length for every value of their symbols."""
    return _is_number(a) and _is_number(b) and bool(a == b)


def surely_differ(a: object, b: object) -> bool:
    """Whether no value of the symbols makes the two equal.

    >>> n = Symbol("n")
    >>> surely_differ(n, n + 1), surely_differ(n, 3), surely_differ(n, -1)
    (True, False, True)
    """
    if type(a) is int and type(b) is int:
        return a != b
    return surely_less(a, b) or surely_less(b, a)


def surely_less(a: object, b: object) -> bool:
    """Whether ``a < b`` for every value of the symbols, all of which are at least their ``least``."""
    if type(a) is int and type(b) is int:
        return a < b
    if not (_is_number(a) and _is_number(b)):
        return False
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a < b
    if isinstance(a, float) or isinstance(b, float):
        return False
    if not all(is_one_length(symbol) for dim in (a, b) for symbol in symbols(dim)):
        return False
    least, _ = bounds(_sum(b, a, -1))
    return least is not None and least > 0


def surely_no_multiple(a: object, b: object) -> bool:
    """Whether ``a`` is no multiple of the number ``b``, for every value of the symbols.

    >>> surely_no_multiple(9, 2), surely_no_multiple(2 * Symbol("n") + 1, 2)
    (True, True)
    """
    if not isinstance(b, (int, float)) or not b or not _is_number(a):
        return False
    if isinstance(a, Expr) and isinstance(b, int):
        return all(coefficient % b == 0 for _, coefficient in a.terms) and a.constant % b != 0
    return isinstance(a, (int, float)) and a % b != 0


def bounds(dim: object) -> tuple[int | None, int | None]:
    """The least and the greatest value that the dim can have; None where there is no bound."""
    if isinstance(dim, int):
        return dim, dim
    if isinstance(dim, Symbol):
        return dim.least, None
    if not isinstance(dim, (Operation, Expr)):
        return None, None
    try:
        return dim._bounds
    except AttributeError:
        found: tuple[int | None, int | None] = _keep(dim, "_bounds", _bounds_of(dim))
        return found


def is_one_length(symbol: Symbol) -> bool:
    """Whether the symbol stands for one and the same length wherever it appears.

    A name, or a place in a program and a running number there, make it so.  Lengths that are merely
    unknown may share a symbol, and the framework does not compare what it leaves open itself.
    """
    if symbol.dynamic:
        return False
    origin = symbol.origin
    counted = isinstance(origin, tuple) and len(origin) == 2 and isinstance(origin[1], int)
    return symbol.name is not None or (counted and isinstance(origin[0], str) and "\n" in origin[0])  # type: ignore[index]


def _is_dim(value: object) -> bool:
    return isinstance(value, (int, Symbol, Expr, Operation))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, Symbol, Expr, Operation))


def _needs_brackets(atom: Atom, in_product: bool) -> bool:
    return isinstance(atom, Operation) and atom.sign in ("//", "%") and in_product


def _parts(dim: Dim | Operation) -> tuple[dict[Monomial, int], int]:
    if isinstance(dim, Expr):
        return dict(dim.terms), dim.constant
    if isinstance(dim, int):
        return {}, int(dim)
    return {(dim,): 1}, 0


def _normal(terms: dict[Monomial, int], constant: int) -> Dim:
    kept = [(atoms, coefficient) for atoms, coefficient in terms.items() if coefficient]
    if not kept:
        return constant
    if len(kept) == 1 and not constant:
        (atoms, coefficient), *_ = kept
        if coefficient == 1 and len(atoms) == 1:
            return atoms[0]  # type: ignore[return-value]
    kept.sort(key=lambda term: _order(term[0]))
    return _manageable(Expr(tuple(kept), constant))


def _order(atoms: Iterable[Atom]) -> list[str]:
    return [_key(atom) for atom in atoms]


def _key(dim: Any) -> str:
    """A text that tells a dim from all others, to sort by."""
    try:
        found: str = dim._key
    except AttributeError:
        match dim:
            case Operation(sign, left, right):
                found = f"Operation({sign}, {_key(left)}, {_key(right)})"
            case Expr(terms, constant):
                products = (f"{coefficient}*{'*'.join(_order(atoms))}" for atoms, coefficient in terms)
                found = f"Expr({', '.join(products)}, {constant})"
            case _:
                found = repr(dim)
        if not isinstance(dim, int):
            _keep(dim, "_key", found)
    return found


def _atoms(dim: Any) -> Iterator[Atom]:
    return (atom for atoms, _ in dim.terms for atom in atoms)


def _keep(dim: Any, name: str, value: Any) -> Any:
    object.__setattr__(dim, name, value)
    return value


def _manageable(dim: Any) -> Any:
    """The expression, or a symbol that stands for it: what has grown too big is not computed with."""
    if _weight(dim) <= MAX_WEIGHT:
        return dim
    return _opaque("expression", dim, bounds(dim)[0])


def _opaque(kind: str, of: Any, least: int | None) -> Symbol:
    dims = of if isinstance(of, frozenset) else (of,)
    hidden = derived(kind, of, dynamic=any(map(is_dynamic, dims)))
    return replace(hidden, least=ANY_SIGN if least is None else least)


def _weight(dim: Any) -> int:
    """How many symbols and operations a dim is made of; a coefficient counts as many as it is long."""
    if not isinstance(dim, (Expr, Operation)):
        return 1
    try:
        weight: int = dim._weight
    except AttributeError:
        if isinstance(dim, Operation):
            weight = 1 + _weight(dim.left) + _weight(dim.right)
        else:
            weight = abs(dim.constant).bit_length() // 64
            for atoms, coefficient in dim.terms:
                weight += abs(coefficient).bit_length() // 64
                for atom in atoms:
                    weight += 1 if type(atom) is Symbol else _weight(atom)
        _keep(dim, "_weight", weight)
    return weight


def _sum(a: Any, b: Any, sign: int) -> Dim:
    terms, constant = _parts(a)
    more, extra = _parts(b)
    for atoms, coefficient in more.items():
        terms[atoms] = terms.get(atoms, 0) + sign * coefficient
    return _normal(terms, constant + sign * extra)


def _product(a: Any, b: Any) -> Dim:
    (terms_a, constant_a), (terms_b, constant_b) = _parts(a), _parts(b)
    if len(terms_a) * len(terms_b) > MAX_TERMS:
        return _opaque("*", frozenset((a, b)), _bounds_of_product((a, b))[0])
    result: dict[Monomial, int] = {}
    for atoms_a, coefficient_a in [*terms_a.items(), ((), constant_a)]:
        for atoms_b, coefficient_b in [*terms_b.items(), ((), constant_b)]:
            atoms = tuple(sorted(atoms_a + atoms_b, key=_key))
            result[atoms] = result.get(atoms, 0) + coefficient_a * coefficient_b
    constant = result.pop((), 0)
    return _normal(result, constant)


def _floordiv(a: Any, b: Any) -> Any:
    if isinstance(a, int) and isinstance(b, int):
        return a // b
    if b == 1:
        return a
    if a == b:
        return 1
    if isinstance(b, int) and b > 0:
        terms, constant = _parts(a)
        whole = {atoms: c // b for atoms, c in terms.items()}
        rest = {atoms: c % b for atoms, c in terms.items()}
        remainder = _normal(rest, constant % b)
        quotient = _normal(whole, constant // b)
        if isinstance(remainder, int):
            return quotient
        return _sum(quotient, _nested_floordiv(remainder, b), 1)
    terms, constant = _parts(a)
    if not constant and len(terms) == 1 and not isinstance(b, int):
        ((atoms, coefficient),) = terms.items()
        if b in atoms:
            rest_atoms = list(atoms)
            rest_atoms.remove(b)
            return _normal({tuple(rest_atoms): coefficient} if rest_atoms else {}, 0 if rest_atoms else coefficient)
    return _manageable(Operation("//", a, b))


def _nested_floordiv(a: Any, b: int) -> Any:
    """``(x // m + y) // b`` is ``(x + m * y) // (m * b)``: two strides in a row are one."""
    terms, constant = _parts(a)
    common = gcd(b, *terms.values())
    if common > 1:  # (4 * x + 3) // 6 is (2 * x + 1) // 3
        return _floordiv(_normal({atoms: c // common for atoms, c in terms.items()}, constant // common), b // common)
    for atoms, coefficient in terms.items():
        match atoms:
            case (Operation("//", x, int(m)),) if coefficient == 1 and m > 0:
                return _floordiv(_sum(x, _product(m, _sum(a, atoms[0], -1)), 1), m * b)
    return _manageable(Operation("//", a, b))


def _mod(a: Any, b: Any) -> Any:
    if isinstance(a, int) and isinstance(b, int):
        return a % b
    if b == 1 or a == b:
        return 0
    if isinstance(b, int) and b > 0:
        terms, constant = _parts(a)
        rest = _normal({atoms: c % b for atoms, c in terms.items()}, constant % b)
        return rest if isinstance(rest, int) else _manageable(Operation("%", rest, b))
    return _manageable(Operation("%", a, b))


def _choose(sign: str, a: Any, b: Any) -> Any:
    if isinstance(a, int) and isinstance(b, int):
        return max(a, b) if sign == "max" else min(a, b)
    least, greatest = bounds(_sum(a, b, -1))
    if least is not None and least >= 0:
        return a if sign == "max" else b
    if greatest is not None and greatest <= 0:
        return b if sign == "max" else a
    return _manageable(Operation(sign, *sorted((a, b), key=lambda dim: (isinstance(dim, int), _key(dim)))))


def _bounds_of(dim: Operation | Expr) -> tuple[int | None, int | None]:
    if isinstance(dim, Operation):
        return _bounds_of_operation(dim.sign, bounds(dim.left), bounds(dim.right))
    least: int | None = dim.constant
    greatest: int | None = dim.constant
    for atoms, coefficient in dim.terms:
        low, high = _bounds_of_product(atoms)
        if coefficient < 0:
            low, high = high, low
        least = None if least is None or low is None else least + coefficient * low
        greatest = None if greatest is None or high is None else greatest + coefficient * high
    return least, greatest


def _bounds_of_product(atoms: Monomial) -> tuple[int | None, int | None]:
    least: int | None = 1
    greatest: int | None = 1
    for atom in atoms:
        low, high = bounds(atom)
        if low is None or low < 0:
            return None, None
        least = None if least is None else least * low
        greatest = None if greatest is None or high is None else greatest * high
    return least, greatest


def _bounds_of_operation(
    sign: str, left: tuple[int | None, int | None], right: tuple[int | None, int | None]
) -> tuple[int | None, int | None]:
    (low, high), (low_b, high_b) = left, right
    if sign == "//" and low_b is not None and low_b > 0:
        if low_b == high_b:
            return None if low is None else low // low_b, None if high is None else high // low_b
        return (0 if low is not None and low >= 0 else None), (high if high is not None and high >= 0 else None)
    if sign == "%" and low_b is not None and low_b > 0:
        return 0, None if high_b is None else high_b - 1
    if sign == "max":
        lows = [bound for bound in (low, low_b) if bound is not None]
        return max(lows, default=None), None if high is None or high_b is None else max(high, high_b)
    if sign == "min":
        highs = [bound for bound in (high, high_b) if bound is not None]
        return None if low is None or low_b is None else min(low, low_b), min(highs, default=None)
    return None, None


_SIGNS: dict[str, Any] = {"//": _floordiv, "%": _mod, "max": maximum, "min": minimum}
