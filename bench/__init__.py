"""Measured claims: every figure in the README and the notes comes from a command here."""
