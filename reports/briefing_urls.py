"""Addresses of briefings: drafts, files, own layouts, schedule."""

from django.urls import path

from reports import briefing_setup_views as setup
from reports import briefing_views as views

urlpatterns = [
    path("briefings/", views.briefing_list, name="briefing_list"),
    path("briefings/new/", views.new_briefing, name="new_briefing"),
    path("briefings/fonts/", views.fonts_page, name="fonts"),
    path("briefings/templates/", setup.template_list, name="template_list"),
    path("briefings/templates/<int:pk>/withdraw/", setup.withdraw_template, name="withdraw_template"),
    path("briefings/schedules/", setup.schedule_list, name="schedule_list"),
    path("briefings/schedules/<int:pk>/stop/", setup.stop_schedule, name="stop_schedule"),
    path("briefings/files/<int:pk>/", views.briefing_file, name="briefing_file"),
    path("briefings/<int:pk>/", views.briefing_page, name="briefing"),
    path("briefings/<int:pk>/paragraphs/<slug:key>/", views.edit_paragraph, name="edit_paragraph"),
    path("briefings/<int:pk>/head/", views.edit_head, name="edit_head"),
    path("briefings/<int:pk>/sections/", views.choose_sections, name="choose_sections"),
    path("briefings/<int:pk>/export/", views.export_briefing, name="export_briefing"),
    path("briefings/<int:pk>/looked/", views.look_at_briefing, name="look_at_briefing"),
]
