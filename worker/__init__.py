"""Trains networks: builds torch modules, watches inside them, and leases runs from a site. Never imports Django."""
