"""What each command of the console does."""
