"""Tests of spreadsheets that are brought in."""
