"""Questions about questions: loops around solve."""
