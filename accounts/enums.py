"""Words of the accounts room, as the user reads them. Imports nothing of ours."""

from django.db import models


class Role(models.TextChoices):
    SUPERVISOR = "supervisor", "监督员"
    LEADER = "leader", "领导"
    OFFICER = "officer", "单位联络员"
    ADMINISTRATOR = "administrator", "系统管理员"
    AUDITOR = "auditor", "审计员"


class UnitType(models.TextChoices):
    OFFICE = "office", "党政办公机构"
    DISCIPLINE = "discipline", "纪检监察机关"
    BUREAU = "bureau", "县直部门"
    TOWN = "town", "乡镇（街道）"
    PARK = "park", "园区"
    COMPANY = "company", "国有企业"
    JUDICIAL = "judicial", "法院、检察院"
    INSTITUTION = "institution", "事业单位"
    OTHER = "other", "其他"


class AuditResult(models.TextChoices):
    SUCCESS = "success", "成功"
    FAILURE = "failure", "失败"
