"""Shared tablets: a worker sets one up once, children answer on it one after another, with or without a signal."""
