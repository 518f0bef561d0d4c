"""Upline: the monthly close for direct-selling companies."""
