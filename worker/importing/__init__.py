"""PyTorch modules as network documents: python -m worker import FILE.py:NAME runs the user's file on their machine."""
