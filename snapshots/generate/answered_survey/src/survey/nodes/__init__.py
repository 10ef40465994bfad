"""The nodes of survey."""
