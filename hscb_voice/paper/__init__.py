"""Paper: the printed form of every questionnaire, and typing quickly what stands on the forms that come back."""
