"""Tests of what both surfaces share on the web."""
