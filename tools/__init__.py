"""What a developer's machine needs around the application: a database, the demo, a browser.

Nothing here is imported by the application, and nothing here runs in production.
"""
