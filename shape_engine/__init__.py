"""Reads Python text and knows shapes.  No editor, no framework, nothing of the user's is imported or run."""
