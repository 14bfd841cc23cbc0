"""Tests of running the platform for a council."""
