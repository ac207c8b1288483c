"""What a password must be made of."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

CLASSES = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]")


class MixedCharactersValidator:
    """At least two of: lower case, upper case, digits, signs."""

    message = "密码须至少包含大写字母、小写字母、数字、符号中的两种"

    def validate(self, password: str, user: object = None) -> None:
        if sum(bool(re.search(pattern, password)) for pattern in CLASSES) < 2:
            raise ValidationError(self.message, code="password_not_mixed")

    def get_help_text(self) -> str:
        return self.message
