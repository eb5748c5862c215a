"""One module per page family: may I → load → compute → save.

Example: ``allocation_of(app, viewer, "G01", 2026)`` gives the page Resursfördelning of a unit.
"""
