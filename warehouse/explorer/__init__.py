"""The pages that people read: the published warehouse, served by Starlette.

Here belong what a page shows and how; what is true is decided by the schemas below (core, quality, 决算). It reads no
environment: whoever starts it passes an `Explorer`. A page is one module in `pages` with its `ROUTES`, and a template.
"""
