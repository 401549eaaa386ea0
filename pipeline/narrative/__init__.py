"""What a report says in prose: its parts and sections, and every number in them as a claim.

Belongs here: document structure, the grammar of claims, the overview, the glossary. Not here: tables (`pipeline.lift`,
`pipeline.performance`), and whether a claim is true (`expectations`).
"""
