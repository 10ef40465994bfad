from uuid import UUID, uuid4

from pydantic import BaseModel, Field


class ModelBookReturnedEvent(BaseModel):
    correlation_id: UUID = Field(default_factory=uuid4)
    book_id: UUID
    days_late: int = 0
