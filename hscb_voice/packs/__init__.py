"""Meeting packs: one document of guarded figures and cleared quotes, written in five formats, and kept as issued."""
