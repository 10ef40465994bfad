//! Python that is already there: its classes, imports and `__all__`.
