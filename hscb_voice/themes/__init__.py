"""What comments are about: runs the language room over them, keeps machine and human codes apart, clears quotes."""
