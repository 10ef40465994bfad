"""The package house.models.alarms."""

from house.models.alarms.model_alarm_silenced_command import ModelAlarmSilencedCommand

__all__ = ["ModelAlarmSilencedCommand"]
