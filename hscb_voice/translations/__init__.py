"""Which words there are to translate, and how far each language is. The catalogues lie here too."""
