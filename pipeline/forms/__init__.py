"""The statutory tables of published final accounts, one declaration a file.

Here belongs what a table is called, which columns and lines it has and how they are spelt. Not here: any reading.
A new file with one `Form` is found by itself.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from pipeline.forms.base import Column, Form, Line

__all__ = ["FORMS", "Column", "Form", "Line"]


def _declared() -> dict[str, Form]:
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    forms = [value for module in modules for value in vars(module).values() if isinstance(value, Form)]
    return {form.key: form for form in sorted(forms, key=lambda form: form.short)}


FORMS: dict[str, Form] = _declared()
"""Every declared form by key, T1 to T6, TF, TG, TS."""
