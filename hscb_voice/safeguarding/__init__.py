"""Must a person look today? Concerns are raised, timed, acknowledged and closed; no flag never means safe."""
