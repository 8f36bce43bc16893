"""What the editor sees: one module per feature of the protocol, each with a ``register`` function."""
