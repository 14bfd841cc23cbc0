"""What the Board sees, and that nobody is found out by it."""
