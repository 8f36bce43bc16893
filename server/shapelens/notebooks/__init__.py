"""Notebooks: cells in order are one text for the engine, and what it says is told by cell."""
