"""The real frameworks as judges: worker processes that run programs, and what to compare."""
