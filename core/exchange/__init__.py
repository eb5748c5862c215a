"""Files in and out: contracts, reading with all faults at once, writing what reads back the same.

Example: ``read("units", path, context).chunks(batch=1)`` yields rows for the store.
"""

from core.exchange.contracts import CellKind, Column, Contract, ImportKindUnknownError
from core.exchange.faults import FAULTS, KEPT_PER_CODE, Fault
from core.exchange.pseudonym import Pseudonymiser, PseudonymKeyShortError
from core.exchange.reading import Chunk, Import, ImportContext, Progress, read
from core.exchange.register_contracts import CONTRACTS, SHARED_PLACEMENT, contract_of
from core.exchange.samples import SAMPLE_ENHET_IDS
from core.exchange.survey import FileMissingError
from core.exchange.writing import FileFormat, TooManyRowsError, sample, template, write
from core.exchange.xlsx_source import WorkbookUnreadableError

__all__ = [
    "CONTRACTS",
    "FAULTS",
    "KEPT_PER_CODE",
    "SAMPLE_ENHET_IDS",
    "SHARED_PLACEMENT",
    "CellKind",
    "Chunk",
    "Column",
    "Contract",
    "Fault",
    "FileFormat",
    "FileMissingError",
    "Import",
    "ImportContext",
    "ImportKindUnknownError",
    "Progress",
    "PseudonymKeyShortError",
    "Pseudonymiser",
    "TooManyRowsError",
    "WorkbookUnreadableError",
    "contract_of",
    "read",
    "sample",
    "template",
    "write",
]
