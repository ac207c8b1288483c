"""Addresses of the steps of a measure and of the files behind them."""

from django.urls import path

from riskregistry import step_views as views

urlpatterns = [
    path("measures/<int:pk>/steps/<slug:code>/", views.step, name="step"),
    path("measures/<int:pk>/extension/", views.extension, name="extension"),
    path("extensions/<int:pk>/decide/", views.decide, name="decide_extension"),
    path("evidence/<int:pk>/", views.evidence_file, name="evidence"),
    path("evidence/<int:pk>/small/", views.evidence_small, name="evidence_small"),
]
