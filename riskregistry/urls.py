"""Addresses of the register."""

from django.urls import path

from riskregistry import views
from riskregistry.import_urls import urlpatterns as import_urls
from riskregistry.step_urls import urlpatterns as step_urls
from riskregistry.supervision_urls import urlpatterns as supervision_urls

app_name = "riskregistry"
urlpatterns = [
    path("campaign/", views.choose_campaign, name="choose_campaign"),
    path("risks/", views.risk_list, name="risk_list"),
    path("risks/<int:pk>/", views.risk, name="risk"),
    path("measures/", views.measure_list, name="measure_list"),
    path("measures/<int:pk>/", views.measure, name="measure"),
    *import_urls,
    *step_urls,
    *supervision_urls,
]
