"""Dated figures and funding models with references: load, check, ask for the value at a day.

Example: ``load_model(Path("2026.yaml").read_text(), "2026.yaml").periods()``.
"""

from core.parameters.holidays import CalendarUndatedError, counting_day, load_holidays, ordinary_weekday
from core.parameters.load import ModelFaultyError, load_model
from core.parameters.measure_steps import Combine, Curve, Measure, Ratio, Sliding
from core.parameters.model import FundingModel
from core.parameters.parts import (
    Category,
    CountingRule,
    Places,
    Predicate,
    PriceList,
    Printed,
    Reference,
    Rounding,
    Term,
    UnitColumn,
    UnitsFile,
    read_limit,
)
from core.parameters.roles import RoleBook, load_roles, read_roles
from core.parameters.rule_steps import Addition, Average, CaseAmounts, Guarantee, Premises, SmallUnits
from core.parameters.step import Step
from core.parameters.steps import (
    AnyAmount,
    AnyPrice,
    Books,
    BookTerm,
    DeductionAmount,
    DeductionPrice,
    Factor,
    Given,
    MarkupAmount,
    MarkupPrice,
    PerElevAmount,
    PerElevPrice,
    PerUnit,
    WeightedPool,
)
from core.parameters.strict import ParametersFaultyError
from core.parameters.yaml_lines import YamlFaultyError, read_yaml

__all__ = [
    "Addition",
    "AnyAmount",
    "AnyPrice",
    "Average",
    "BookTerm",
    "Books",
    "CalendarUndatedError",
    "CaseAmounts",
    "Category",
    "Combine",
    "CountingRule",
    "Curve",
    "DeductionAmount",
    "DeductionPrice",
    "Factor",
    "FundingModel",
    "Given",
    "Guarantee",
    "MarkupAmount",
    "MarkupPrice",
    "Measure",
    "ModelFaultyError",
    "ParametersFaultyError",
    "PerElevAmount",
    "PerElevPrice",
    "PerUnit",
    "Places",
    "Predicate",
    "Premises",
    "PriceList",
    "Printed",
    "Ratio",
    "Reference",
    "RoleBook",
    "Rounding",
    "Sliding",
    "SmallUnits",
    "Step",
    "Term",
    "UnitColumn",
    "UnitsFile",
    "WeightedPool",
    "YamlFaultyError",
    "counting_day",
    "load_holidays",
    "load_model",
    "load_roles",
    "ordinary_weekday",
    "read_limit",
    "read_roles",
    "read_yaml",
]
