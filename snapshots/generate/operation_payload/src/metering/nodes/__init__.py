"""The nodes of metering."""
