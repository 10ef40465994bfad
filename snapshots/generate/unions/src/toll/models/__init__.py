"""The package toll.models."""

from toll.models.model_bus_arrived import ModelBusArrived
from toll.models.model_car_arrived import ModelCarArrived
from toll.models.model_day_broken import ModelDayBroken
from toll.models.model_night_fallen import ModelNightFallen
from toll.models.model_truck_arrived import ModelTruckArrived

__all__ = [
    "ModelBusArrived",
    "ModelCarArrived",
    "ModelDayBroken",
    "ModelNightFallen",
    "ModelTruckArrived",
]
