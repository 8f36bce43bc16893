"""Tables and columns of pandas, as far as their rows and columns are counted."""

from . import columns as columns
from . import frames as frames
from . import reading as reading
