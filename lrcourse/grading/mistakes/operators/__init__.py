"""Mutation operators: small edits of a reference, each with its sentence.

- `expressions`, `calls`, `formulas`: what they edit
"""
