"""Tests of points in the work."""
