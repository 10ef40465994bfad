"""The package metering."""
