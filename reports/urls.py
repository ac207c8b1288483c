"""Addresses of the readings: overview and units here, the uploaded reports in report_urls.py."""

from django.urls import path

from reports import overview_views as views
from reports import place_views, search_views, submission_views, todo_views, trend_views
from reports.briefing_urls import urlpatterns as briefing_urls
from reports.report_urls import urlpatterns as report_urls

app_name = "reports"

overview_urls = [
    path("", views.overview_page, name="overview"),
    path("units/", views.unit_list, name="unit_list"),
    path("units/<int:pk>/", views.unit_page, name="unit"),
    path("domains/", place_views.domain_list, name="domain_list"),
    path("domains/<int:pk>/", place_views.domain_page, name="domain"),
    path("campaigns/<int:pk>/", place_views.campaign_page, name="campaign"),
    path("submissions/", submission_views.board_page, name="submissions"),
    path("submissions/file/", submission_views.board_file, name="submissions_file"),
    path("submissions/<int:pk>/decide/", submission_views.decide_submission, name="decide_submission"),
    path("submissions/units/<int:pk>/<slug:item>/", submission_views.hand_in, name="hand_in"),
    path("submissions/units/<int:pk>/", submission_views.declarations, name="declarations"),
    path("trends/", trend_views.trends_page, name="trends"),
    path("todo/", todo_views.todo_page, name="todo"),
    path("todo/notices/", todo_views.read_notices, name="read_notices"),
    path("search/", search_views.search_page, name="search"),
]
urlpatterns = [*overview_urls, *report_urls, *briefing_urls]
