"""Labelled axes, linear expressions, the program and its solution: linear algebra without a domain."""
