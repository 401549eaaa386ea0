"""Published reports are collected from portals, politely and incrementally.

Belongs here: what a site is (`base`), one module per vendor's page structure (`families`), one file per site
(`sites`), the polite client (`fetch`), the walk over a site (`crawl`), files from folders (`folder`), and the
evidence of every request (`evidence`). Reading what was collected does not belong here. Nothing here has a clock,
an environment or a store: the caller passes in time, sleep, settings and what is known from earlier nights.
"""
