"""Labelled axes, linear expressions, programs and solutions; nothing of social work."""
