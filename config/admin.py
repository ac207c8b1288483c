"""Django's admin under our name and our permissions."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig


class QingyuAdminSite(AdminSite):
    site_header = "清淤·数据维护"
    site_title = "清淤"
    index_title = "数据维护"
    site_url = "/"
    enable_nav_sidebar = True


class QingyuAdminConfig(AdminConfig):
    default_site = "config.admin.QingyuAdminSite"
