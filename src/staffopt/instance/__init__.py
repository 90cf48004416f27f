"""What is true: teams, staff, cases, costs, funds and dates, each figure with its source."""
