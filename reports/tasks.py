"""Work that runs in the worker. Each task may be run again: what it did before is replaced, not doubled."""

from django_tasks import task

from reports.intake import read_report


@task()
def read_uploaded_report(report_pk: int) -> None:
    read_report(report_pk)
