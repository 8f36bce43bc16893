"""What scikit-learn raises for data that does not fit (sklearn/utils/validation.py, model_selection/_split.py)."""

from __future__ import annotations

from typing import Any

from ..dim import is_symbolic
from ..problems import BadDataset
from . import Raised, Version, words


@words(BadDataset, "sklearn")
def bad_dataset(problem: BadDataset, version: Version) -> Raised:
    """Each case in its own words; None where they differ between versions, or quote the data."""
    facts: Any = problem.lengths
    match problem.what:
        case "samples":
            return _exact(f"Found input variables with inconsistent numbers of samples: {list(facts)}", facts)
        case "features":
            have, wanted, name = facts
            text = f"X has {have} features, but {name} is expecting {wanted} features as input."
            return _exact(text, (have, wanted))
        case "part-size":
            name, size, total = facts
            text = (
                f"{name}={size} should be either positive and smaller than the number of samples {total} or a float in "
                "the (0, 1) range"
            )
            return _exact(text, (total,))
        case "parts":
            total, rows = facts
            text = (
                f"The sum of train_size and test_size = {total}, should be smaller than the number of samples {rows}. "
                "Reduce test_size and/or train_size."
            )
            return _exact(text, (rows,))
        case "empty-part":
            rows, test, train = facts
            text = (
                f"With n_samples={rows}, test_size={test} and train_size={train}, the resulting train set will be empty. "
                "Adjust any of the aforementioned parameters."
            )
            return _exact(text, (rows,))
        case "label-rank":
            return Raised("ValueError", f"y should be a 1d array, got an array of shape {facts[0]} instead.")
        case "folds":
            splits, rows = facts
            text = (
                f"Cannot have number of splits n_splits={splits} greater than the number of samples: n_samples={rows}."
            )
            return _exact(text, (rows,))
    return Raised("ValueError", None, exact=False)


def _exact(text: str, lengths: Any) -> Raised:
    return Raised("ValueError", text, not any(map(is_symbolic, lengths)))
