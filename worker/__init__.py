"""Trains networks: builds torch modules, watches inside them, and leases runs from a site. Never imports Django."""

import os

# Threads that wait sleep rather than spin: spinning takes the cores from the site and the browser, and then from the
# very thread that is waited for (measured: 15 s of processor time instead of 4). Read when torch is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
