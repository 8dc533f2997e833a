"""Slow truths, written from the rules of the games: enumeration, exact fractions, sums over stages.

Nothing in these modules but `forms` (which builds the same games for eqsolve) imports eqsolve or numpy.
"""
