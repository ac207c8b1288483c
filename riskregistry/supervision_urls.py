"""Addresses of the 整改台账, of chasing, of 回头看 and of what is worth looking into."""

from django.urls import path

from riskregistry import chasing_views as chasing
from riskregistry import ledger_views as ledger
from riskregistry import lookback_views as lookback

urlpatterns = [
    path("ledger/", ledger.ledger_page, name="ledger"),
    path("ledger/steps/", ledger.bulk_step, name="bulk_step"),
    path("ledger/file/<slug:kind>/", ledger.ledger_file, name="ledger_file"),
    path("letters/", chasing.letter_list, name="letter_list"),
    path("letters/new/<int:campaign_pk>/<int:unit_pk>/", chasing.new_letter, name="new_letter"),
    path("letters/<int:pk>/", chasing.letter, name="letter"),
    path("letters/<int:pk>/receive/", chasing.receive_letter, name="receive_letter"),
    path("letters/<int:pk>/answer/", chasing.answer_letter, name="answer_letter"),
    path("letters/<int:pk>/file/", chasing.letter_file, name="letter_file"),
    path("measures/<int:pk>/closing-form/", chasing.closing_file, name="closing_file"),
    path("lookback/", lookback.lookback_list, name="lookback_list"),
    path("lookback/<int:pk>/", lookback.lookback_round, name="lookback_round"),
    path("lookback/measures/<int:pk>/", lookback.record_lookback, name="record_lookback"),
    path("signs/", lookback.signs, name="signs"),
]
