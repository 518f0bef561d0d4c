"""What shows that figures stand up: explained, verified, opened again, tried, signed."""
