"""Coming back with three words: what became of an answer, adding to it, taking it back."""
