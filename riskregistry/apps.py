from django.apps import AppConfig


class RiskRegistryConfig(AppConfig):
    name = "riskregistry"
    verbose_name = "风险台账"
