"""Dated figures and funding models with references: load, check, ask for the value at a day.

Example: ``load_model(Path("2026.yaml").read_text(), "2026.yaml").periods()``.
"""

from core.parameters.advice import advise
from core.parameters.books import FRAMES, Books, BookTerm
from core.parameters.changes import (
    Change,
    ChangeFaultyError,
    CountChange,
    FigureChange,
    IndexChange,
    NoSuchFigureError,
    apply_figures,
    change_of,
    change_removed,
    change_set,
    changeable,
    changes_text,
    marked,
    model_text,
    read_changes,
)
from core.parameters.figures import Place
from core.parameters.holidays import CalendarUndatedError, counting_day, load_holidays, ordinary_weekday
from core.parameters.ike import Ike, IkeRule
from core.parameters.lawful import LawFinding, lawful, load_limits, refused
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
    DeductionAmount,
    DeductionPrice,
    Factor,
    FromTable,
    Given,
    MarkupAmount,
    MarkupPrice,
    PerElevAmount,
    PerElevPrice,
    PerUnit,
    WeightedPool,
)
from core.parameters.strict import ParametersFaultyError
from core.parameters.walk import names_of_step, steps_on_variables, steps_read
from core.parameters.yaml_lines import YamlFaultyError, read_yaml

__all__ = [
    "FRAMES",
    "Addition",
    "AnyAmount",
    "AnyPrice",
    "Average",
    "BookTerm",
    "Books",
    "CalendarUndatedError",
    "CaseAmounts",
    "Category",
    "Change",
    "ChangeFaultyError",
    "Combine",
    "CountChange",
    "CountingRule",
    "Curve",
    "DeductionAmount",
    "DeductionPrice",
    "Factor",
    "FigureChange",
    "FromTable",
    "FundingModel",
    "Given",
    "Guarantee",
    "Ike",
    "IkeRule",
    "IndexChange",
    "LawFinding",
    "MarkupAmount",
    "MarkupPrice",
    "Measure",
    "ModelFaultyError",
    "NoSuchFigureError",
    "ParametersFaultyError",
    "PerElevAmount",
    "PerElevPrice",
    "PerUnit",
    "Place",
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
    "advise",
    "apply_figures",
    "change_of",
    "change_removed",
    "change_set",
    "changeable",
    "changes_text",
    "counting_day",
    "lawful",
    "load_holidays",
    "load_limits",
    "load_model",
    "load_roles",
    "marked",
    "model_text",
    "names_of_step",
    "ordinary_weekday",
    "read_changes",
    "read_limit",
    "read_roles",
    "read_yaml",
    "refused",
    "steps_on_variables",
    "steps_read",
]
