"""Addresses of the register."""

from django.urls import path

from riskregistry import list_views, views
from riskregistry.entry_urls import urlpatterns as entry_urls
from riskregistry.import_urls import urlpatterns as import_urls
from riskregistry.step_urls import urlpatterns as step_urls
from riskregistry.supervision_urls import urlpatterns as supervision_urls

app_name = "riskregistry"
urlpatterns = [
    path("campaign/", views.choose_campaign, name="choose_campaign"),
    path("risks/", list_views.risk_list, name="risk_list"),
    path("risks/<int:pk>/", views.risk, name="risk"),
    path("measures/", list_views.measure_list, name="measure_list"),
    path("lists/<slug:kind>/totals/", list_views.totals, name="list_totals"),
    path("lists/<slug:kind>/export.<slug:form>", list_views.export, name="list_export"),
    path("lists/<slug:kind>/filters/", list_views.save_filter, name="save_filter"),
    path("filters/<int:pk>/", list_views.change_filter, name="change_filter"),
    path("measures/<int:pk>/", views.measure, name="measure"),
    *entry_urls,
    *import_urls,
    *step_urls,
    *supervision_urls,
]
