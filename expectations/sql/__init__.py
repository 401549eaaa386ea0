"""The evaluator's SQL, in the order of the file names. No identity is named here."""
