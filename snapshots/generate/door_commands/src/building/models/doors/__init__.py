"""The package building.models.doors."""

from building.models.doors.model_door_command import ModelDoorCommand

__all__ = ["ModelDoorCommand"]
