"""Opens an invoice for every delivery."""
