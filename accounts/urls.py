"""Addresses of signing in, of one's own password, of the audit trail, and of a unit's confirmation."""

from django.urls import path

from accounts import roster_views, views

app_name = "accounts"
urlpatterns = [
    path("accounts/login/", views.sign_in, name="login"),
    path("accounts/logout/", views.sign_out, name="logout"),
    path("accounts/password/", views.change_password, name="password"),
    path("audit/", views.audit_trail, name="audit"),
    path("units/import/", roster_views.import_units, name="import_units"),
    path("accounts/people/import/", roster_views.import_people, name="import_people"),
    path("units/<int:pk>/confirm/", views.confirm, name="unit_confirm"),
    path("units/<int:pk>/merge/", views.merge, name="unit_merge"),
]
