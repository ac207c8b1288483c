"""Pages for what went wrong: what happened, and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader


def _page(request: HttpRequest, status: int, title: str, remedy: str) -> HttpResponse:
    return render(request, "error.html", {"title": title, "remedy": remedy, "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400, "请求有误", "请返回上一页，检查后重新提交。")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, "没有权限", "您的角色不能进行这项操作；如确有需要，请联系系统管理员。")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        "页面已过期",
        "页面打开太久或登录已变更，提交没有生效。请返回上一页，刷新后重新提交；已填内容仍在上一页。",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404, "找不到这个页面", "内容可能不存在，或不在您的查看范围内。请从左侧导航进入。")


def server_error(request: HttpRequest) -> HttpResponse:
    # No context processors: whatever broke may be in one of them.
    return HttpResponseServerError(loader.get_template("500.html").render({}))
