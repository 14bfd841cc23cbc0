"""Demonstration data: the Board's own printed answers of 2015-16, and invented responses that say they are invented."""
