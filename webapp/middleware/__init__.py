"""What every request passes: errors in one form, security headers, compression."""
