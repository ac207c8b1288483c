"""Addresses of the ledger import."""

from django.urls import path

from riskregistry import import_views as views

urlpatterns = [
    path("imports/", views.upload, name="import_upload"),
    path("imports/<int:pk>/", views.preview, name="import_preview"),
    path("imports/<int:pk>/columns/", views.mapping, name="import_mapping"),
    path("imports/<int:pk>/confirm/", views.confirm, name="import_confirm"),
    path("imports/<int:pk>/undo/", views.undo, name="import_undo"),
    path("imports/<int:pk>/discard/", views.discard, name="import_discard"),
    path("imports/<int:pk>/checked/", views.annotated_file, name="import_annotated"),
    path("imports/template/<int:unit_pk>/", views.template, name="import_template"),
]
