"""Decide which posts a council should fund, where and from when, and explain the answer."""
