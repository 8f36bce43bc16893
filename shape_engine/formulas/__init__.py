"""Arithmetic that every framework shares.  One idea, one formula; each is a single ``return``."""
