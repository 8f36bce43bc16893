"""Executes Python on abstract values.  It has never heard of Conv2D: frameworks come in through rules."""
