"""One module for each page or family of pages; its `ROUTES` are found by a walk of this package."""
