"""Addresses of the uploaded reports: list, upload, progress and review."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from reports import report_views as views


class FactKindConverter(StringConverter):
    regex = "figure|statement"


register_converter(FactKindConverter, "fact_kind")

urlpatterns = [
    path("reports/", views.report_list, name="report_list"),
    path("reports/upload/", views.upload, name="upload"),
    path("reports/<int:pk>/", views.report, name="report"),
    path("reports/<int:pk>/status/", views.report_status, name="report_status"),
    path("reports/<int:pk>/facts/<fact_kind:kind>/<int:fact_pk>/", views.decide, name="decide"),
    path("reports/<int:pk>/discrepancies/<int:discrepancy_pk>/", views.settle, name="settle"),
    path("reports/<int:pk>/agree/", views.agree, name="agree"),
    path("reports/<int:pk>/accept/", views.accept, name="accept"),
    path("reports/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("reports/<int:pk>/retry/", views.retry, name="retry"),
    path("reports/<int:pk>/original/", views.original, name="original"),
]
