"""Mail each person who left an address what changed since the last digest. Run it from cron, once a day."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import User
from accounts.preferences import preference
from riskregistry.models import Notice

MOST_LINES = 50


class Command(BaseCommand):
    help = "把未读提醒汇总成邮件发给填了电子邮箱的用户（没有配置邮件服务器时打印在控制台）"

    def handle(self, *args: Any, **options: Any) -> None:
        sent = 0
        for user in User.objects.filter(is_active=True).exclude(email=""):
            notices = list(Notice.objects.visible_to(user).unread().filter(mailed_at=None)[:MOST_LINES])
            if not notices:
                continue
            lines = [f"{timezone.localtime(notice.at):%m-%d %H:%M} {notice.text}" for notice in notices]
            title = f"{preference('site_name')}：{len(notices)} 条提醒"
            send_mail(title, "\n".join(lines), settings.DEFAULT_FROM_EMAIL, [user.email])
            for notice in notices:
                notice.mailed_at = timezone.now()
                notice.save()
            sent += 1
        self.stdout.write(f"已发出 {sent} 封提醒摘要")
