"""Read short feedback: normalise, polarity, themes, redaction and concern, as pure functions.

Why: what a comment means is worked out here, on this computer, the same way each time.
May not: import Flask, a database or any other room, send text anywhere, or load anything heavy when imported.
"""
