"""Addresses of the uploaded reports: list, upload, progress and review."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
