"""Addresses for entering risks and measures, one by one or many at once."""

from django.urls import path

from riskregistry import bulk_views as bulk
from riskregistry import entry_views as views

urlpatterns = [
    path("risks/new/", views.new_risk, name="new_risk"),
    path("risks/<int:pk>/edit/", views.edit_risk, name="edit_risk"),
    path("risks/<int:pk>/withdraw/", views.withdraw_risk, name="withdraw_risk"),
    path("risks/<int:pk>/restore/", views.restore_risk, name="restore_risk"),
    path("risks/<int:pk>/points/", views.new_points, name="new_points"),
    path("risks/bulk/", bulk.bulk_change, name="bulk_change"),
    path("measures/new/", views.new_measure, name="new_measure"),
    path("measures/<int:pk>/edit/", views.edit_measure, name="edit_measure"),
]
