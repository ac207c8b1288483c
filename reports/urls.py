"""Addresses of the readings: overview and units here, the uploaded reports in report_urls.py."""

from django.urls import path

from reports import overview_views as views
from reports.report_urls import urlpatterns as report_urls

app_name = "reports"

overview_urls = [
    path("", views.overview_page, name="overview"),
    path("units/", views.unit_list, name="unit_list"),
    path("units/<int:pk>/", views.unit_page, name="unit"),
]
urlpatterns = [*overview_urls, *report_urls]
