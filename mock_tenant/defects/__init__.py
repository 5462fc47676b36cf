"""Planted defects: each module a theme, each class one lie; importing the package registers them all."""

from mock_tenant.defects import statuses

__all__ = ["statuses"]
