"""One address space over the rooms."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.views import sign_out


@login_not_required
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The admin has no door of its own: to the one sign-in page, or 403 for whoever is already in."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or "/admin/")


urlpatterns = [
    path("", include("accounts.urls")),
    path("admin/login/", admin_sign_in),
    path("admin/logout/", sign_out),
    path("admin/password_change/", RedirectView.as_view(pattern_name="accounts:password")),
    path("admin/", admin.site.urls),
    path("", include("riskregistry.urls")),
    path("", include("reports.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
