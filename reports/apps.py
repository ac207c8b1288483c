from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "报告与统计"

    def ready(self) -> None:
        from reports import receivers  # noqa: F401 - importing it connects it
