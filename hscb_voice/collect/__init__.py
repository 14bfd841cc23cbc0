"""What a child or a parent meets: one document, one sending. It reaches no staff or analysis room, even indirectly."""
