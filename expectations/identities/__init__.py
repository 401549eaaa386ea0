"""The register of identities: one file for every form or pair of tables, found by a walk of this package.

A new family is a new module here with frozen `Identity` values at its top level; there is no list to edit. Shared
names for forms and lines stand in `expectations.vocabulary`; figures, tolerances and reports do not belong here.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from expectations.model import Identity


def _found() -> dict[str, Identity]:
    found: dict[str, Identity] = {}
    for module in sorted(info.name for info in iter_modules(__path__)):
        for value in vars(import_module(f"{__name__}.{module}")).values():
            declared = value if isinstance(value, tuple) else (value,)
            for identity in declared:
                if isinstance(identity, Identity) and found.setdefault(identity.id, identity) is not identity:
                    raise ValueError(f"two identities are called {identity.id}")
    return found


IDENTITIES: dict[str, Identity] = _found()
"""Every declared identity by its id."""
