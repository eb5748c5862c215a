"""Skolkronan: share out a municipality's school money, and answer any amount's why."""
