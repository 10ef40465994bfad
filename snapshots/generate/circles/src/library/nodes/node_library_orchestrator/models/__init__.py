"""Models of node_library_orchestrator."""

from library.nodes.node_library_orchestrator.models.model_book_reserved import (
    ModelBookReserved,
)
from library.nodes.node_library_orchestrator.models.model_book_shelved import (
    ModelBookShelved,
)

__all__ = ["ModelBookReserved", "ModelBookShelved"]
