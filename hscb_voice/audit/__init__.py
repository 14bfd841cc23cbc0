"""An append-only, chained record of who did and saw what. It never holds a word that anybody answered."""
