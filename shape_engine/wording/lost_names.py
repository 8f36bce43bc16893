"""What Python and NumPy print of names that a framework has no more."""

from __future__ import annotations

from ..problems import PythonError
from . import Raised, Version, words

RELEASE_NOTE = (
    "The aliases was originally deprecated in NumPy 1.20; for more details and guidance see the original release note at:\n"
    "    https://numpy.org/devdocs/release/1.20.0-notes.html#deprecations"
)
SCALAR = "If you specifically wanted the numpy scalar type, use `np.{}` here."
INTEGER = (
    "When replacing `np.int`, you may wish to use e.g. `np.int64` or `np.int32` to specify the precision. "
    "If you wish to review your current use, check the release note link for additional information."
)


def no_attribute(module: str, name: str) -> str:
    """A module without ``__getattr__``, or one that gives up as Python would.

    >>> no_attribute("tensorflow", "log")
    "module 'tensorflow' has no attribute 'log'"
    """
    return f"module '{module}' has no attribute '{name}'"


def former_alias(name: str, scalar: str) -> str:
    """A name that NumPy gave to a class of Python's (``__former_attrs__`` in numpy/__init__.py, from 1.24 on)."""
    hint = INTEGER if name == "int" else SCALAR.format(scalar) if scalar else ""
    return (
        f"{no_attribute('numpy', name)}.\n`np.{name}` was a deprecated alias for the builtin `{name}`. "
        f"To avoid this error in existing code, use `{name}` by itself. "
        f"Doing this will not modify any behavior and is safe. {hint}\n{RELEASE_NOTE}"
    )


def expired(name: str, advice: str) -> str:
    """A name that went with NumPy 2.0 (numpy/_expired_attrs_2_0.py)."""
    return f"`np.{name}` was removed in the NumPy 2.0 release. {advice}"


@words(PythonError, "tensorflow")
@words(PythonError, "numpy")
def python_error(problem: PythonError, version: Version) -> Raised:
    """What Python itself says."""
    return Raised(problem.type, problem.text, "?" not in problem.text)
