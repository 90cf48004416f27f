"""What we want: rules, their parameters, and ordered goals."""
