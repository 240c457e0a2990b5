"""Checks of the settings, run by `manage.py check` and before the site starts."""
