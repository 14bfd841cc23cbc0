"""Subjects for which the codebook has no theme yet: suggestions, and what a person made of them."""
