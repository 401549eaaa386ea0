"""The SQL of judging, in the order of the file names: the evaluator's, then how reports and units stand (from 80).

No identity is named here.
"""
