"""The language of networks: blocks, documents, analysis, recipes and the messages between worker, site and page.

Imports pydantic and the standard library only; neither torch, nor Django, nor the other rooms.
"""
