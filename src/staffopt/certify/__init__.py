"""Certificates: that no plan is better, proved in exact arithmetic.

:mod:`statement` writes a program as a certificate states it, :mod:`search` proves claims of it, and
:mod:`checker`, which shares nothing with either, proves them again.
"""
