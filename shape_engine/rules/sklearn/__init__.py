"""What scikit-learn does with data before it meets a model."""

from ...wording import sklearn as wording
from . import samples as samples
from . import splitting as splitting
from . import transformers as transformers

__all__ = ["wording"]
