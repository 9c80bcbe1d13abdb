"""The declarative base: naming convention, column types by annotation, primary keys."""

import enum
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Date, Enum, MetaData, String, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.types import PORTABLE_JSON, Ciphertext, ExactDecimal, Sealed, UtcDateTime

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


class Base(DeclarativeBase):
    """Every table: enums as checked text, times in UTC, money as integer fen, measures as exact decimals."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        # Text, not a database enum: a new member needs no migration, and an unknown one is still refused.
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            create_constraint=False,
            validate_strings=True,
            length=40,
            values_callable=_values,
        ),
        datetime: UtcDateTime(),
        date: Date(),
        Decimal: ExactDecimal(),
        Sealed: Ciphertext(),
        int: BigInteger(),
        str: String(),
        UUID: Uuid(),
        dict[str, Any]: PORTABLE_JSON,
        list[Any]: PORTABLE_JSON,
    }


class Keyed:
    """A random primary key: it tells nothing about how many rows there are."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
