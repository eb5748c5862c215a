"""Dated figures and funding models with references: load, check, ask for the value at a day.

Example: ``load_model(Path("2026.yaml").read_text(), "2026.yaml").periods()``.
"""

from core.parameters.holidays import CalendarUndatedError, counting_day, load_holidays, ordinary_weekday
from core.parameters.load import ModelFaultyError, load_model
from core.parameters.model import FundingModel
from core.parameters.parts import Category, CountingRule, Predicate, PriceList, Printed, Reference, Rounding, UnitsFile
from core.parameters.roles import RoleBook, load_roles, read_roles
from core.parameters.steps import (
    AnyAmount,
    AnyPrice,
    Books,
    BookTerm,
    DeductionAmount,
    DeductionPrice,
    Given,
    MarkupAmount,
    MarkupPrice,
    PerElevAmount,
    PerElevPrice,
    PerUnit,
    Step,
    WeightedPool,
)
from core.parameters.strict import ParametersFaultyError
from core.parameters.yaml_lines import YamlFaultyError, read_yaml

__all__ = [
    "AnyAmount",
    "AnyPrice",
    "BookTerm",
    "Books",
    "CalendarUndatedError",
    "Category",
    "CountingRule",
    "DeductionAmount",
    "DeductionPrice",
    "FundingModel",
    "Given",
    "MarkupAmount",
    "MarkupPrice",
    "ModelFaultyError",
    "ParametersFaultyError",
    "PerElevAmount",
    "PerElevPrice",
    "PerUnit",
    "Predicate",
    "PriceList",
    "Printed",
    "Reference",
    "RoleBook",
    "Rounding",
    "Step",
    "UnitsFile",
    "WeightedPool",
    "YamlFaultyError",
    "counting_day",
    "load_holidays",
    "load_model",
    "load_roles",
    "ordinary_weekday",
    "read_roles",
    "read_yaml",
]
