"""What a kind of document says of its table `[sweep]`, and a document that may have one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from breachflow.document.document import Document
from breachflow.document.faults import DottedKey, Fault
from breachflow.document.sweep.table import Sweep

if TYPE_CHECKING:
    from breachflow.document.read import DocumentType


class SweptDocument(Document):
    """A document that may have the table `[sweep]`; its model has both fields, this one last."""

    if TYPE_CHECKING:
        title: str
        sweep: Sweep | None


def _nothing(_: Any) -> Iterable[Fault]:
    return ()


def _nobody(_: Any, __: DottedKey) -> str:
    return ""


class SweepRules(NamedTuple):
    """What may be swept in documents of one kind."""

    example: str
    """An entry of the table, for messages."""
    refused: Mapping[DottedKey, str]
    """Why keys that begin so cannot be swept; a part "*" stands for any name."""
    whole: Callable[[Any], Iterable[Fault]] = _nothing
    """Why a document cannot be swept at all."""
    owner: Callable[[Any, DottedKey], str] = _nobody
    """What else has a key that the document does not have, in words; empty if nothing does."""


def type_of(document: Document) -> DocumentType[Any]:
    """The kind of a document."""
    return cast("DocumentType[Any]", document.origin.reader)


def rules_of(document: Document) -> SweepRules:
    """What may be swept in a document."""
    rules = type_of(document).sweep
    assert rules is not None, "documents of this kind have no table [sweep]"
    return rules
