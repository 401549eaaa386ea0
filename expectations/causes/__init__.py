"""Causes: from the identities that are broken to the cells that must be wrong.

One misprinted cell breaks its row, its column, its parents and other tables. Here the fewest cells are found that must
be wrong so that everything else can hold within rounding (Fellegi and Holt, with intervals), and then what sort of slip
each one is. Nothing here evaluates an identity or writes a sentence.
"""
