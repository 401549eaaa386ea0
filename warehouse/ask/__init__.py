"""Strangers' SQL on the published warehouse: what may be asked, and within what limits it is answered.

Here belongs nothing of how an answer is shown, and no processes: who asks for people he does not know runs `ask` in a
process that the system limits as well.
"""
