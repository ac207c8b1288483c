app_name = "riskregistry"
urlpatterns: list[object] = []
