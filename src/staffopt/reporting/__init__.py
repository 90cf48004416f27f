"""Plans, instances and findings as text that a planner can read and paste."""
