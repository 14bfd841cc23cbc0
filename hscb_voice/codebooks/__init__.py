"""What themes mean here: versions of the codebook, the draft that people work on, and which version is in force."""
