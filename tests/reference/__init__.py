"""The second judge: whole bundles decided from the pages of the law alone, slowly and without code of ``auditor``.

One module for each section of the law (docs/rules.md); every function names the rule it follows. ``judge`` puts them
together, ``generator`` makes bundles, ``test_differential`` compares the verdicts with the product's.
"""
