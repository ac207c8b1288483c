from django.apps import AppConfig


class RiskRegistryConfig(AppConfig):
    name = "riskregistry"
    verbose_name = "风险台账"

    def ready(self) -> None:
        from riskregistry import receivers  # noqa: F401 - importing it connects it
