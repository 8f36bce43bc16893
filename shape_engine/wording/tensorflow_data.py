"""What ``tf.data`` raises (tensorflow/python/data/ops)."""

from __future__ import annotations

from ..problems import BadDataset
from . import Raised, Version, words
from .tensorflow import eager, python


@words(BadDataset, "tensorflow")
def bad_dataset(problem: BadDataset, version: Version) -> Raised:
    """Each case in its own words."""
    match problem.what:
        case "rows":
            one, other = problem.lengths
            return python(problem, "ValueError", f"Dimensions {one} and {other} are not compatible")
        case "scalar":
            return python(problem, "ValueError", "Unbatching a tensor is only supported for rank >= 1")
        case "empty":
            return python(problem, "ValueError", "Invalid `element`. `element` should not be empty.")
        case "unbatch-scalar":
            return python(problem, "ValueError", "Cannot unbatch an input with scalar components.")
        case "batch-size":
            return eager(problem, "BatchDatasetV2", "Batch size must be greater than zero.")
        case "infinite":
            return python(problem, "TypeError", "The dataset is infinite.")
        case "uncounted":
            return python(problem, "TypeError", "The dataset length is unknown.")
        case "no-signature":
            text = (
                "To specify the output signature you need to provide either the `output_signature` argument or the "
                "`output_types` argument."
            )
            return python(problem, "TypeError", text)
        case "zip-list":
            text = (
                "Invalid input to `zip`. Inputs are expected to be (nested) structures of `tf.data.Dataset` objects. "
                "Python `list` is not supported and you should use `tuple` instead."
            )
            return python(problem, "TypeError", text)
    return Raised(None, None, exact=False)
