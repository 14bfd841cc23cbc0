"""Tests of the tests' own tools: a check that cannot fail is none."""
