"""Every message between worker, site and page, declared once. docs/protocol.md tells the story.

Both sides ignore unknown kinds and unknown fields, so that either may be newer.
"""

from __future__ import annotations

from playground.protocol.compare import *  # noqa: F403
from playground.protocol.link import *  # noqa: F403
from playground.protocol.page import *  # noqa: F403
from playground.protocol.telemetry import *  # noqa: F403
from playground.protocol.wire import *  # noqa: F403

VERSION = 1
